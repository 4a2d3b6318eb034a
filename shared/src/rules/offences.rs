//! How a trace is held to each law: one function for each, which looks for the first offence.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use crate::{Said, Shape, Trace, What};

/// Which key of a queue, and which item, a step is about.
pub(super) type Keyed = Arc<dyn Fn(&Said) -> (u64, u64) + Send + Sync>;

/// Whether something holds of two steps.
pub(super) type Holds = Arc<dyn Fn(&Said, &Said) -> bool + Send + Sync>;

fn among(said: &Said, shapes: &[&Shape]) -> bool {
    shapes.iter().any(|shape| said.is(shape))
}

/// Why a trace breaks a law, and the events that do.
pub(super) struct Offence {
    pub(super) why: String,
    pub(super) events: Vec<usize>,
}

impl Offence {
    pub(super) fn new(why: impl Into<String>, events: impl IntoIterator<Item = usize>) -> Self {
        Self { why: why.into(), events: events.into_iter().collect() }
    }
}

pub(super) fn precedes(trace: &Trace, first: &Shape, second: &Shape) -> Option<Offence> {
    let (index, _, said) = trace.said().find(|(_, _, said)| said.is(first) || said.is(second))?;
    // The earliest of the two decides for all that follow; where they are one kind, nothing can precede it.
    let precedes = said.is(first) && first.index != second.index;
    (!precedes).then(|| Offence::new("nothing precedes this one", [index]))
}

pub(super) fn followed_by(trace: &Trace, first: &Shape, second: &Shape) -> Option<Offence> {
    let last = |shape| trace.said().filter(|(_, _, said)| said.is(shape)).last().map(|(index, ..)| index);
    let index = last(first)?;
    let followed = first.index != second.index && last(second).is_some_and(|answer| answer > index);
    (!followed).then(|| Offence::new("nothing follows this one", [index]))
}

pub(super) fn never_followed_by(trace: &Trace, first: &Shape, second: &Shape) -> Option<Offence> {
    let of_kind = |shape| trace.said().filter(move |(_, _, said)| said.is(shape)).map(|(index, ..)| index);
    let earliest = of_kind(first).next()?;
    let later = of_kind(second).find(|&index| index > earliest)?;
    Some(Offence::new("it is", [earliest, later]))
}

pub(super) fn exactly(trace: &Trace, count: usize, shape: &Shape) -> Option<Offence> {
    let of_kind = trace.said().filter(|(_, _, said)| said.is(shape));
    let said: Vec<usize> = of_kind.map(|(index, ..)| index).collect();
    let why = format!("it was said {} times", said.len());
    if said.len() > count {
        // The last that was allowed, and the one too many.
        let events = said.into_iter().take(count + 1).skip(count.saturating_sub(1));
        return Some(Offence::new(why, events));
    }
    (said.len() < count).then(|| Offence::new(why, said.last().copied()))
}

pub(super) fn at_most_inside(
    trace: &Trace,
    most: usize,
    enter: &[&Shape],
    leave: &[&Shape],
) -> Option<Offence> {
    let mut region = Region::default();
    for (index, event, said) in trace.said() {
        if among(said, enter) {
            if region.inside.len() == most {
                let earliest = region.inside.first().copied();
                return Some(Offence::new(
                    format!("{most} are inside already"),
                    earliest.into_iter().chain([index]),
                ));
            }
            region.enter(event.actor, index);
        } else if among(said, leave)
            && let Some(offence) = region.leave(event.actor, index)
        {
            return Some(offence);
        }
    }
    None
}

pub(super) fn never_both(trace: &Trace, kinds: &[(&Shape, &Shape); 2]) -> Option<Offence> {
    let mut regions = [Region::default(), Region::default()];
    for (index, event, said) in trace.said() {
        for (side, (enter, leave)) in kinds.iter().enumerate() {
            if said.is(enter) {
                if let Some(&earliest) = regions[1 - side].inside.first() {
                    return Some(Offence::new("somebody is", [earliest, index]));
                }
                regions[side].enter(event.actor, index);
            } else if said.is(leave)
                && let Some(offence) = regions[side].leave(event.actor, index)
            {
                return Some(offence);
            }
        }
    }
    None
}

/// Who is between two steps: the events with which they entered.
#[derive(Default)]
struct Region {
    inside: BTreeSet<usize>,
    by_actor: HashMap<usize, Vec<usize>>,
}

impl Region {
    fn enter(&mut self, actor: usize, index: usize) {
        self.inside.insert(index);
        self.by_actor.entry(actor).or_default().push(index);
    }

    fn leave(&mut self, actor: usize, index: usize) -> Option<Offence> {
        let Some(entered) = self.by_actor.get_mut(&actor).and_then(Vec::pop) else {
            return Some(Offence::new("it leaves without having entered", [index]));
        };
        self.inside.remove(&entered);
        None
    }
}

pub(super) fn fifo(trace: &Trace, put: &Shape, got: &Shape, keyed: &Keyed) -> Option<Offence> {
    let mut puts: HashMap<(u64, u64), usize> = HashMap::new();
    let mut gots: HashMap<(u64, u64), usize> = HashMap::new();
    // Of each key and consumer, what it got last: where that was put, and where it was got.
    let mut latest: HashMap<(u64, usize), (usize, usize)> = HashMap::new();
    for (index, event, said) in trace.said() {
        if said.is(put) {
            if let Some(earlier) = puts.insert(keyed(said), index) {
                return Some(Offence::new("the same item is put twice", [earlier, index]));
            }
        } else if said.is(got) {
            let (key, _) = keyed(said);
            let Some(&origin) = puts.get(&keyed(said)) else {
                return Some(Offence::new("it is got before it is put", [index]));
            };
            if let Some(earlier) = gots.insert(keyed(said), index) {
                return Some(Offence::new("the same item is got twice", [earlier, index]));
            }
            if let Some((overtaker, earlier)) = latest.insert((key, event.actor), (origin, index))
                && overtaker > origin
            {
                return Some(Offence::new("it was put earlier, but is got later", [origin, earlier, index]));
            }
        }
    }
    None
}

pub(super) fn at_most_ahead(trace: &Trace, most: usize, first: &Shape, second: &Shape) -> Option<Offence> {
    let (mut firsts, mut seconds) = (0, 0);
    for (index, _, said) in trace.said() {
        firsts += usize::from(said.is(first));
        seconds += usize::from(said.is(second));
        if firsts > seconds + most {
            return Some(Offence::new(format!("it is {} ahead", firsts - seconds), [index]));
        }
    }
    None
}

pub(super) fn in_order_of(
    trace: &Trace,
    done: &[&Shape],
    reported: &Shape,
    keyed: &Keyed,
) -> Option<Offence> {
    // What each actor has done, and not gone on from yet.
    let mut fresh: HashMap<usize, (u64, usize)> = HashMap::new();
    // What is done for sure, in an order; and of each thing, how many of these were so before it was done, and where.
    let mut sure: Vec<(u64, usize)> = Vec::new();
    let mut before: HashMap<u64, (usize, usize)> = HashMap::new();
    // What was reported, and how many of the first of `sure` were.
    let (mut all_reported, mut reported_first) = (HashSet::new(), 0);
    for (index, event, said) in trace.said() {
        sure.extend(fresh.remove(&event.actor));
        if among(said, done) {
            let (key, _) = keyed(said);
            fresh.insert(event.actor, (key, index));
            before.entry(key).or_insert((sure.len(), index));
        } else if said.is(reported) {
            let (key, _) = keyed(said);
            while sure.get(reported_first).is_some_and(|(key, _)| all_reported.contains(key)) {
                reported_first += 1;
            }
            if let Some(&(count, place)) = before.get(&key)
                && reported_first < count
            {
                let (_, earlier) = sure[reported_first];
                return Some(Offence::new(
                    "the first was done earlier, and is not reported yet",
                    [earlier, place, index],
                ));
            }
            all_reported.insert(key);
        }
    }
    None
}

pub(super) fn each_after(trace: &Trace, first: &Shape, second: &Shape, holds: &Holds) -> Option<Offence> {
    let mut latest: HashMap<usize, (usize, Said)> = HashMap::new();
    for (index, event, said) in trace.said() {
        if said.is(second) {
            match latest.get(&event.actor) {
                // The first of its own kind.
                None if first.index == second.index => {}
                None => {
                    return Some(Offence::new(
                        format!("no {} of this actor is before it", first.name),
                        [index],
                    ));
                }
                Some((before, earlier)) if !holds(earlier, said) => {
                    return Some(Offence::new("it does not hold here", [*before, index]));
                }
                Some(_) => {}
            }
        }
        if said.is(first) {
            latest.insert(event.actor, (index, *said));
        }
    }
    None
}

pub(super) fn once_each(
    trace: &Trace,
    shape: &Shape,
    keys: &Range<u64>,
    keyed: &Keyed,
    ordered: bool,
) -> Option<Offence> {
    let mut said: BTreeMap<u64, usize> = BTreeMap::new();
    for (index, _, step) in trace.said().filter(|(_, _, step)| step.is(shape)) {
        let (key, _) = keyed(step);
        if !keys.contains(&key) {
            return Some(Offence::new(format!("it is said of {key}"), [index]));
        }
        if let Some((&greatest, &latest)) = said.last_key_value()
            && ordered
            && greatest > key
        {
            return Some(Offence::new(format!("{key} comes after {greatest}"), [latest, index]));
        }
        if let Some(earlier) = said.insert(key, index) {
            return Some(Offence::new(format!("it is said twice of {key}"), [earlier, index]));
        }
    }
    let missing = keys.clone().find(|key| !said.contains_key(key))?;
    Some(Offence::new(format!("it is not said of {missing}"), said.values().copied().max()))
}

pub(super) fn no_sooner(trace: &Trace, first: &Shape, second: &Shape, after: Duration) -> Option<Offence> {
    let least = trace.pace.of(after)?;
    let mut latest = vec![None; trace.cast.len()];
    for (index, event, said) in trace.said() {
        if said.is(second)
            && let Some((earlier, at)) = latest[event.actor]
            && event.at.saturating_sub(at) < least
        {
            return Some(Offence::new("it is sooner", [earlier, index]));
        }
        if said.is(first) {
            latest[event.actor] = Some((index, event.at));
        }
    }
    None
}

pub(super) fn begins_after(trace: &Trace, role: &str, shape: &Shape) -> Option<Offence> {
    let began = trace.events.iter().position(|event| {
        matches!(event.what, What::Began | What::Ended(_)) && trace.cast[event.actor].role == role
    })?;
    let (first, ..) = trace.said().find(|(_, _, said)| said.is(shape))?;
    (began < first).then(|| Offence::new("one begins before it", [began, first]))
}

pub(super) fn over_at(trace: &Trace, role: &str, shape: &Shape) -> Option<Offence> {
    let mut alive: BTreeMap<usize, usize> = BTreeMap::new();
    let mut late = None;
    let mut last = None;
    for (index, event) in trace.events.iter().enumerate() {
        match &event.what {
            What::Began if trace.cast[event.actor].role == role => {
                alive.insert(event.actor, index);
                late = Some(index);
            }
            What::Ended(_) => drop(alive.remove(&event.actor)),
            What::Said(said) if said.is(shape) => {
                if let Some((&actor, &began)) = alive.first_key_value() {
                    let why = format!("{} was not waited for", trace.cast[actor]);
                    return Some(Offence::new(why, [began, index]));
                }
                (last, late) = (Some(index), None);
            }
            _ => {}
        }
    }
    let (last, late) = last.zip(late)?;
    Some(Offence::new("one begins after the last of them", [last, late]))
}
