//! Laws: what must hold of every trace of a pattern, on either side, across its actors.
//!
//! The names are those of the miners of temporal properties (Synoptic's *always precedes*, *always followed by*).

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fmt::{self, Debug};

use crate::{Kind as _, Step, Trace};

/// Something that must hold of every trace of a pattern.
///
/// A law relates only steps that program order and synchronisation really order: a step is said *before* what it
/// publishes and *after* what it observes, so that the order of two related steps in a trace is never an accident.
#[derive(Clone)]
pub struct Law<S: Step> {
    name: String,
    rule: Rule<S>,
}

/// Which key of a queue, and which item, a step is about.
type Keyed<S> = fn(&S) -> (u64, u64);

#[derive(Clone)]
enum Rule<S: Step> {
    Precedes(S::Kind, S::Kind),
    FollowedBy(S::Kind, S::Kind),
    NeverFollowedBy(S::Kind, S::Kind),
    Exactly(usize, S::Kind),
    AtMostInside { most: usize, enter: Vec<S::Kind>, leave: Vec<S::Kind> },
    NeverBoth([(S::Kind, S::Kind); 2]),
    Fifo { put: S::Kind, got: S::Kind, keyed: Keyed<S> },
    AtMostAhead { most: usize, first: S::Kind, second: S::Kind },
    InOrderOf { done: Vec<S::Kind>, told: S::Kind, keyed: Keyed<S> },
    EachAfter { first: S::Kind, second: S::Kind, holds: fn(&S, &S) -> bool },
}

/// What [`Law::at_most_inside`] is about.
#[derive(Debug, Clone, Copy)]
pub struct Inside<'a, K> {
    /// How many may be inside at once.
    pub most: usize,
    /// The steps that enter.
    pub enter: &'a [K],
    /// The steps that leave.
    pub leave: &'a [K],
}

/// A broken law, role or judgement, and the events that break it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct Breach {
    /// What is broken.
    pub what: String,
    /// The events at fault, by their places in the trace.
    pub events: Vec<usize>,
}

impl Breach {
    /// A breach by these events.
    pub fn new(what: impl Into<String>, events: impl IntoIterator<Item = usize>) -> Self {
        Self { what: what.into(), events: events.into_iter().collect() }
    }
}

impl<S: Step> Law<S> {
    /// Every `second` has a `first` somewhere before it.
    pub fn precedes(first: S::Kind, second: S::Kind) -> Self {
        let name = format!("{} precedes every {}", first.name(), second.name());
        Self { name, rule: Rule::Precedes(first, second) }
    }

    /// Every `first` has a `second` somewhere after it.
    pub fn followed_by(first: S::Kind, second: S::Kind) -> Self {
        let name = format!("every {} is followed by {}", first.name(), second.name());
        Self { name, rule: Rule::FollowedBy(first, second) }
    }

    /// No `first` has a `second` anywhere after it.
    pub fn never_followed_by(first: S::Kind, second: S::Kind) -> Self {
        let name = format!("no {} is followed by {}", first.name(), second.name());
        Self { name, rule: Rule::NeverFollowedBy(first, second) }
    }

    /// Nobody says this.
    pub fn never(kind: S::Kind) -> Self {
        Self { name: format!("never {}", kind.name()), rule: Rule::Exactly(0, kind) }
    }

    /// It is said exactly so many times, by all actors together.
    pub fn exactly(count: usize, kind: S::Kind) -> Self {
        Self { name: format!("exactly {count} × {}", kind.name()), rule: Rule::Exactly(count, kind) }
    }

    /// At most so many actors are between one of the steps that `enter` and one of those that `leave`, at once; 1 is
    /// mutual exclusion.
    ///
    /// Whoever leaves has entered. An actor may be inside more than once, and then counts as often.
    pub fn at_most_inside(
        most: usize,
        enter: impl Into<Vec<S::Kind>>,
        leave: impl Into<Vec<S::Kind>>,
    ) -> Self {
        let (enter, leave) = (enter.into(), leave.into());
        let name = format!("at most {most} between {} and {}", list::<S>(&enter), list::<S>(&leave));
        Self { name, rule: Rule::AtMostInside { most, enter, leave } }
    }

    /// While somebody is between the two steps of `one`, an entering and a leaving one, nobody is between those of
    /// `other`: readers and writers.
    ///
    /// Whoever leaves has entered. An actor may be inside more than once, and then counts as often.
    pub fn never_both(one: (S::Kind, S::Kind), other: (S::Kind, S::Kind)) -> Self {
        let between = |(enter, leave): (S::Kind, S::Kind)| format!("{} and {}", enter.name(), leave.name());
        let name = format!("nobody is between {} while somebody is between {}", between(one), between(other));
        Self { name, rule: Rule::NeverBoth([one, other]) }
    }

    /// First in, first out: every item is got at most once, after it was put, and what one actor gets of one key, it
    /// gets in the order in which it was put.
    ///
    /// `keyed` tells of a `put` or a `got` the key (say, the producer) and the item, unique within its key. It holds
    /// per key and consumer: over the logs of two consumers no order of getting can be read.
    pub fn fifo(put: S::Kind, got: S::Kind, keyed: fn(&S) -> (u64, u64)) -> Self {
        let name = format!("{} and {} are first in, first out", put.name(), got.name());
        Self { name, rule: Rule::Fifo { put, got, keyed } }
    }

    /// At no moment has `first` been said, by all actors together, more than so many times oftener than `second`: what
    /// is put in and not yet taken out, whoever does it.
    pub fn at_most_ahead(most: usize, first: S::Kind, second: S::Kind) -> Self {
        let name = format!("{} is at most {most} ahead of {}", first.name(), second.name());
        Self { name, rule: Rule::AtMostAhead { most, first, second } }
    }

    /// What is done is told in the order in which it was done: if an actor has gone on to its next step after one thing
    /// was `done`, and only then another is, the one is `told` before the other.
    ///
    /// `keyed` tells what a step is about, by the first of its two numbers. Of two things that are done at about the same
    /// time, by two actors that have not gone on yet, the trace doesn't say which was first; nor does the law.
    pub fn in_order_of(done: impl Into<Vec<S::Kind>>, told: S::Kind, keyed: fn(&S) -> (u64, u64)) -> Self {
        let done = done.into();
        let name = format!("{} is in the order of {}", told.name(), list::<S>(&done));
        Self { name, rule: Rule::InOrderOf { done, told, keyed } }
    }

    /// Each `second` comes after a `first` of the same actor, and `holds` of the two; `meaning` says what it asks.
    pub fn each_after(first: S::Kind, second: S::Kind, meaning: &str, holds: fn(&S, &S) -> bool) -> Self {
        Self { name: meaning.into(), rule: Rule::EachAfter { first, second, holds } }
    }

    /// What the law says.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What the law says of who is inside, if it is about that.
    pub fn inside(&self) -> Option<Inside<'_, S::Kind>> {
        match &self.rule {
            Rule::AtMostInside { most, enter, leave } => Some(Inside { most: *most, enter, leave }),
            _ => None,
        }
    }

    /// Holds a trace to the law.
    ///
    /// Time: linear in the number of events, for [`at_most_inside`](Self::at_most_inside) and
    /// [`never_both`](Self::never_both) n·log n.
    ///
    /// # Errors
    /// The first breach, with the two or three events that make it one (the event alone where one is missing).
    pub fn check(&self, trace: &Trace<S>) -> Result<(), Breach> {
        match self.offence(trace) {
            None => Ok(()),
            Some(offence) => Err(Breach::new(format!("{}: {}", self.name, offence.why), offence.events)),
        }
    }

    fn offence(&self, trace: &Trace<S>) -> Option<Offence> {
        match &self.rule {
            Rule::Precedes(first, second) => precedes(trace, *first, *second),
            Rule::FollowedBy(first, second) => followed_by(trace, *first, *second),
            Rule::NeverFollowedBy(first, second) => never_followed_by(trace, *first, *second),
            Rule::Exactly(count, kind) => exactly(trace, *count, *kind),
            Rule::AtMostInside { most, enter, leave } => at_most_inside(trace, *most, enter, leave),
            Rule::NeverBoth(regions) => never_both(trace, regions),
            Rule::Fifo { put, got, keyed } => fifo(trace, *put, *got, *keyed),
            Rule::AtMostAhead { most, first, second } => at_most_ahead(trace, *most, *first, *second),
            Rule::InOrderOf { done, told, keyed } => in_order_of(trace, done, *told, *keyed),
            Rule::EachAfter { first, second, holds } => each_after(trace, *first, *second, *holds),
        }
    }
}

impl<S: Step> Debug for Law<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Law").field(&self.name).finish()
    }
}

fn list<S: Step>(kinds: &[S::Kind]) -> String {
    kinds.iter().map(|kind| kind.name()).collect::<Vec<_>>().join(" or ")
}

struct Offence {
    why: String,
    events: Vec<usize>,
}

impl Offence {
    fn new(why: impl Into<String>, events: impl IntoIterator<Item = usize>) -> Self {
        Self { why: why.into(), events: events.into_iter().collect() }
    }
}

fn precedes<S: Step>(trace: &Trace<S>, first: S::Kind, second: S::Kind) -> Option<Offence> {
    let (index, _, step) = trace.said().find(|(_, _, step)| step.kind() == first || step.kind() == second)?;
    // The earliest of the two decides for all that follow; where they are one kind, nothing can precede it.
    let precedes = step.kind() == first && first != second;
    (!precedes).then(|| Offence::new("nothing precedes this one", [index]))
}

fn followed_by<S: Step>(trace: &Trace<S>, first: S::Kind, second: S::Kind) -> Option<Offence> {
    let last = |kind| trace.said().filter(|(_, _, step)| step.kind() == kind).last().map(|(index, ..)| index);
    let index = last(first)?;
    let followed = first != second && last(second).is_some_and(|answer| answer > index);
    (!followed).then(|| Offence::new("nothing follows this one", [index]))
}

fn never_followed_by<S: Step>(trace: &Trace<S>, first: S::Kind, second: S::Kind) -> Option<Offence> {
    let of_kind =
        |kind| trace.said().filter(move |(_, _, step)| step.kind() == kind).map(|(index, ..)| index);
    let earliest = of_kind(first).next()?;
    let later = of_kind(second).find(|&index| index > earliest)?;
    Some(Offence::new("it is", [earliest, later]))
}

fn exactly<S: Step>(trace: &Trace<S>, count: usize, kind: S::Kind) -> Option<Offence> {
    let of_kind = trace.said().filter(|(_, _, step)| step.kind() == kind);
    let said: Vec<usize> = of_kind.map(|(index, ..)| index).collect();
    let why = format!("it was said {} times", said.len());
    if said.len() > count {
        // The last that was allowed, and the one too many.
        let events = said.into_iter().take(count + 1).skip(count.saturating_sub(1));
        return Some(Offence::new(why, events));
    }
    (said.len() < count).then(|| Offence::new(why, said.last().copied()))
}

fn at_most_inside<S: Step>(
    trace: &Trace<S>,
    most: usize,
    enter: &[S::Kind],
    leave: &[S::Kind],
) -> Option<Offence> {
    let mut region = Region::default();
    for (index, event, step) in trace.said() {
        if enter.contains(&step.kind()) {
            if region.inside.len() == most {
                let earliest = region.inside.first().copied();
                return Some(Offence::new(
                    format!("{most} are inside already"),
                    earliest.into_iter().chain([index]),
                ));
            }
            region.enter(event.actor, index);
        } else if leave.contains(&step.kind())
            && let Some(offence) = region.leave(event.actor, index)
        {
            return Some(offence);
        }
    }
    None
}

fn never_both<S: Step>(trace: &Trace<S>, kinds: &[(S::Kind, S::Kind); 2]) -> Option<Offence> {
    let mut regions = [Region::default(), Region::default()];
    for (index, event, step) in trace.said() {
        for (side, (enter, leave)) in kinds.iter().enumerate() {
            if step.kind() == *enter {
                if let Some(&earliest) = regions[1 - side].inside.first() {
                    return Some(Offence::new("somebody is", [earliest, index]));
                }
                regions[side].enter(event.actor, index);
            } else if step.kind() == *leave
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

fn fifo<S: Step>(trace: &Trace<S>, put: S::Kind, got: S::Kind, keyed: Keyed<S>) -> Option<Offence> {
    let mut puts: HashMap<(u64, u64), usize> = HashMap::new();
    let mut gots: HashMap<(u64, u64), usize> = HashMap::new();
    // Of each key and consumer, what it got last: where that was put, and where it was got.
    let mut latest: HashMap<(u64, usize), (usize, usize)> = HashMap::new();
    for (index, event, step) in trace.said() {
        if step.kind() == put {
            if let Some(earlier) = puts.insert(keyed(step), index) {
                return Some(Offence::new("the same item is put twice", [earlier, index]));
            }
        } else if step.kind() == got {
            let (key, _) = keyed(step);
            let Some(&origin) = puts.get(&keyed(step)) else {
                return Some(Offence::new("it is got before it is put", [index]));
            };
            if let Some(earlier) = gots.insert(keyed(step), index) {
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

fn at_most_ahead<S: Step>(trace: &Trace<S>, most: usize, first: S::Kind, second: S::Kind) -> Option<Offence> {
    let (mut firsts, mut seconds) = (0, 0);
    for (index, _, step) in trace.said() {
        firsts += usize::from(step.kind() == first);
        seconds += usize::from(step.kind() == second);
        if firsts > seconds + most {
            return Some(Offence::new(format!("it is {} ahead", firsts - seconds), [index]));
        }
    }
    None
}

fn in_order_of<S: Step>(
    trace: &Trace<S>,
    done: &[S::Kind],
    told: S::Kind,
    keyed: Keyed<S>,
) -> Option<Offence> {
    // What each actor has done, and not gone on from yet.
    let mut fresh: HashMap<usize, (u64, usize)> = HashMap::new();
    // What is done for sure, in an order; and of each thing, how many of these were so before it was done, and where.
    let mut sure: Vec<(u64, usize)> = Vec::new();
    let mut before: HashMap<u64, (usize, usize)> = HashMap::new();
    // What was told, and how many of the first of `sure` were.
    let (mut all_told, mut told_first) = (HashSet::new(), 0);
    for (index, event, step) in trace.said() {
        sure.extend(fresh.remove(&event.actor));
        if done.contains(&step.kind()) {
            let (key, _) = keyed(step);
            fresh.insert(event.actor, (key, index));
            before.entry(key).or_insert((sure.len(), index));
        } else if step.kind() == told {
            let (key, _) = keyed(step);
            while sure.get(told_first).is_some_and(|(key, _)| all_told.contains(key)) {
                told_first += 1;
            }
            if let Some(&(count, place)) = before.get(&key)
                && told_first < count
            {
                let (_, earlier) = sure[told_first];
                return Some(Offence::new(
                    "the first was done earlier, and is not told yet",
                    [earlier, place, index],
                ));
            }
            all_told.insert(key);
        }
    }
    None
}

fn each_after<S: Step>(
    trace: &Trace<S>,
    first: S::Kind,
    second: S::Kind,
    holds: fn(&S, &S) -> bool,
) -> Option<Offence> {
    let mut latest: HashMap<usize, (usize, S)> = HashMap::new();
    for (index, event, step) in trace.said() {
        if step.kind() == second {
            match latest.get(&event.actor) {
                None => {
                    return Some(Offence::new(
                        format!("no {} of this actor is before it", first.name()),
                        [index],
                    ));
                }
                Some((before, said)) if !holds(said, step) => {
                    return Some(Offence::new("it does not hold here", [*before, index]));
                }
                Some(_) => {}
            }
        }
        if step.kind() == first {
            latest.insert(event.actor, (index, *step));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Law;
    use crate::naive::{self, Kind, Step};

    fn follows(first: &Step, second: &Step) -> bool {
        matches!((first, second), (Step::Put { item: put, .. }, Step::Got { item: got }) if *got == put + 1)
    }

    fn by_item(step: &Step) -> (u64, u64) {
        let (_, item) = naive::keyed(step);
        (item, 0)
    }

    fn events_at_fault(law: &Law<Step>, steps: &[(usize, Step)]) -> Option<Vec<usize>> {
        law.check(&naive::trace(steps)).err().map(|breach| breach.events)
    }

    #[test]
    fn the_events_at_fault_are_named() {
        let put = |item| Step::Put { key: 1, item };
        let cases = [
            (Law::precedes(Kind::Enter, Kind::Leave), vec![(0, Step::Leave), (0, Step::Enter)], vec![0]),
            (Law::followed_by(Kind::Enter, Kind::Leave), vec![(0, Step::Leave), (0, Step::Enter)], vec![1]),
            (
                Law::never_followed_by(Kind::Enter, Kind::Leave),
                vec![(0, Step::Leave), (0, Step::Enter), (0, Step::Enter), (1, Step::Leave)],
                vec![1, 3],
            ),
            (Law::never(Kind::Enter), vec![(0, Step::Leave), (0, Step::Enter)], vec![1]),
            (Law::exactly(1, Kind::Enter), vec![(0, Step::Enter), (1, Step::Enter)], vec![0, 1]),
            (Law::exactly(2, Kind::Enter), vec![(0, Step::Enter)], vec![0]),
            (
                Law::at_most_inside(1, [Kind::Enter], [Kind::Leave]),
                vec![(0, Step::Enter), (0, Step::Leave), (1, Step::Enter), (0, Step::Enter)],
                vec![2, 3],
            ),
            (
                Law::at_most_inside(1, [Kind::Enter], [Kind::Leave]),
                vec![(0, Step::Enter), (1, Step::Leave)],
                vec![1],
            ),
            (
                Law::at_most_inside(1, [Kind::Enter, Kind::Put], [Kind::Leave, Kind::Got]),
                vec![(0, put(1)), (0, Step::Got { item: 1 }), (1, Step::Enter), (0, put(2))],
                vec![2, 3],
            ),
            (
                Law::never_both((Kind::Enter, Kind::Leave), (Kind::Put, Kind::Got)),
                vec![
                    (0, put(1)),
                    (0, Step::Got { item: 1 }),
                    (1, Step::Enter),
                    (2, Step::Enter),
                    (0, put(2)),
                ],
                vec![2, 4],
            ),
            (
                Law::never_both((Kind::Enter, Kind::Leave), (Kind::Put, Kind::Got)),
                vec![(0, put(1)), (1, Step::Got { item: 1 })],
                vec![1],
            ),
            (
                Law::fifo(Kind::Put, Kind::Got, naive::keyed),
                vec![(0, put(1)), (0, put(2)), (1, Step::Got { item: 2 }), (1, Step::Got { item: 1 })],
                vec![0, 2, 3],
            ),
            (
                Law::in_order_of([Kind::Put], Kind::Got, by_item),
                vec![
                    (0, put(1)),
                    (0, Step::Enter),
                    (1, put(2)),
                    (2, Step::Got { item: 2 }),
                    (2, Step::Got { item: 1 }),
                ],
                vec![0, 2, 3],
            ),
            (
                Law::at_most_ahead(1, Kind::Enter, Kind::Leave),
                vec![(0, Step::Leave), (0, Step::Enter), (1, Step::Enter), (2, Step::Enter)],
                vec![3],
            ),
            (Law::fifo(Kind::Put, Kind::Got, naive::keyed), vec![(1, Step::Got { item: 2 })], vec![0]),
            (
                Law::fifo(Kind::Put, Kind::Got, naive::keyed),
                vec![(0, put(1)), (1, Step::Got { item: 1 }), (2, Step::Got { item: 1 })],
                vec![1, 2],
            ),
            (
                Law::each_after(Kind::Put, Kind::Got, "one more", follows),
                vec![(0, put(1)), (1, put(5)), (0, Step::Got { item: 6 })],
                vec![0, 2],
            ),
        ];
        for (law, steps, events) in cases {
            assert_eq!(events_at_fault(&law, &steps), Some(events), "{law:?}");
        }
    }

    #[test]
    fn what_is_done_at_about_the_same_time_may_be_told_in_any_order() {
        let [put, got] = [|item| Step::Put { key: 1, item }, |item| Step::Got { item }];
        let steps = [(0, put(1)), (1, put(2)), (0, Step::Enter), (2, got(2)), (2, got(1))];
        assert_eq!(events_at_fault(&Law::in_order_of([Kind::Put], Kind::Got, by_item), &steps), None);
    }

    #[test]
    fn two_consumers_may_get_in_any_order() {
        let put = |item| (0, Step::Put { key: 1, item });
        let steps = [put(1), put(2), (1, Step::Got { item: 2 }), (2, Step::Got { item: 1 })];
        assert_eq!(events_at_fault(&Law::fifo(Kind::Put, Kind::Got, naive::keyed), &steps), None);
    }

    /// Whether the events that a law names break it by themselves.
    fn at_fault_alone(law: &Law<Step>, steps: &[(usize, Step)]) -> bool {
        let named = events_at_fault(law, steps).into_iter().flatten().map(|event| steps[event]);
        law.check(&naive::trace(steps)).is_ok()
            || law.check(&naive::trace(&named.collect::<Vec<_>>())).is_err()
    }

    proptest! {
        #![proptest_config(naive::cases())]

        #[test]
        fn laws_agree_with_the_naive_checker(steps in prop::collection::vec(naive::any_said(), 0..14), most in 0usize..4) {
            let trace = naive::trace(&steps);
            for (first, second) in [(Kind::Enter, Kind::Leave), (Kind::Put, Kind::Got), (Kind::Got, Kind::Got)] {
                let holds = |law: Law<Step>| law.check(&trace).is_ok();
                prop_assert_eq!(holds(Law::precedes(first, second)), naive::precedes(&steps, first, second));
                prop_assert_eq!(holds(Law::followed_by(first, second)), naive::followed_by(&steps, first, second));
                prop_assert_eq!(
                    holds(Law::never_followed_by(first, second)),
                    naive::never_followed_by(&steps, first, second)
                );
                prop_assert_eq!(holds(Law::exactly(most, first)), naive::count(&steps, first) == most);
                prop_assert_eq!(holds(Law::never(first)), naive::count(&steps, first) == 0);
            }
            prop_assert_eq!(
                Law::at_most_inside(most, [Kind::Enter], [Kind::Leave]).check(&trace).is_ok(),
                naive::at_most_inside(&steps, most)
            );
            prop_assert_eq!(
                Law::never_both((Kind::Enter, Kind::Leave), (Kind::Put, Kind::Got)).check(&trace).is_ok(),
                naive::never_both(&steps)
            );
            prop_assert_eq!(
                Law::fifo(Kind::Put, Kind::Got, naive::keyed).check(&trace).is_ok(),
                naive::fifo(&steps)
            );
            prop_assert_eq!(
                Law::in_order_of([Kind::Put], Kind::Got, by_item).check(&trace).is_ok(),
                naive::in_order_of(&steps)
            );
            prop_assert_eq!(
                Law::at_most_ahead(most, Kind::Enter, Kind::Leave).check(&trace).is_ok(),
                naive::at_most_ahead(&steps, most)
            );
            for law in [
                Law::precedes(Kind::Enter, Kind::Leave),
                Law::followed_by(Kind::Enter, Kind::Leave),
                Law::never_followed_by(Kind::Enter, Kind::Leave),
                Law::at_most_inside(1, [Kind::Enter], [Kind::Leave]),
                Law::never_both((Kind::Enter, Kind::Leave), (Kind::Put, Kind::Got)),
                Law::fifo(Kind::Put, Kind::Got, naive::keyed),
                Law::each_after(Kind::Put, Kind::Got, "one more", follows),
            ] {
                prop_assert!(at_fault_alone(&law, &steps), "{:?}", law);
            }
            prop_assert_eq!(
                Law::each_after(Kind::Put, Kind::Got, "one more", follows).check(&trace).is_ok(),
                naive::each_after(&steps, follows)
            );
        }
    }
}
