//! What must be possible, and whether a trace shows it: actors at once, a task that awaits, and a wait that is cut short.
//!
//! One trace that doesn't says little. Only what none shows is wrong.

use std::time::Duration;

use super::conduct::pauses;
use crate::run::Past;
use crate::{Breach, Kind, Overlap, Shape, Trace, Turn, What};

/// Where a task awaits something that takes its time, so that it can be put aside meanwhile.
///
/// It may be over so soon that the task isn't put aside, and a thread never is; but a task that never is does the work
/// itself, on a worker that it keeps from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Await {
    /// After it has said this; none for its begin.
    first: Option<&'static Shape>,
    /// Before it says this next; none for its end.
    second: Option<&'static Shape>,
    /// Whether that is a computation.
    computes: bool,
}

impl Await {
    /// Between these two steps of an actor.
    pub fn between<K: Kind>(first: K, second: K) -> Self {
        Self { first: Some(first.shape()), second: Some(second.shape()), computes: false }
    }

    /// Between an actor's begin and this, its first step.
    pub fn before(kind: impl Kind) -> Self {
        Self { first: None, second: Some(kind.shape()), computes: false }
    }

    /// Between this, an actor's last step, and its end.
    pub fn after(kind: impl Kind) -> Self {
        Self { first: Some(kind.shape()), second: None, computes: false }
    }

    /// What is awaited is a computation, which a thread does itself: there it keeps its core busy, and waits for nobody.
    #[must_use]
    pub fn computing(self) -> Self {
        Self { computes: true, ..self }
    }

    /// Whether that is a computation.
    pub fn computes(&self) -> bool {
        self.computes
    }

    /// Whether it is what an actor does between these two events, one after the other.
    pub fn is_between(&self, trace: &Trace, before: usize, after: usize) -> bool {
        let is = |event: usize, shape: Option<&Shape>, otherwise: fn(&What) -> bool| {
            let what = &trace.events[event].what;
            match (shape, what) {
                (Some(shape), What::Said(said)) => said.is(shape),
                (Some(_), _) => false,
                (None, what) => otherwise(what),
            }
        };
        is(before, self.first, |what| *what == What::Began)
            && is(after, self.second, |what| matches!(what, What::Ended(_)))
    }
}

/// Looks for a task that was put aside there; a thread needn't be.
///
/// # Errors
/// If there is none, with the first two events between which one wasn't; with none where no actor came there.
pub fn check_await(trace: &Trace, awaits: Await) -> Result<(), Breach> {
    let there = trace.successions().filter(|&(before, after)| awaits.is_between(trace, before, after));
    let mut first_two = Vec::new();
    for (before, after) in there {
        let [before_turn, after_turn] = [before, after].map(|event| trace.events[event].turn.as_deref());
        if was_put_aside(before_turn, after_turn) {
            return Ok(());
        }
        if first_two.is_empty() {
            first_two.extend([before, after]);
        }
    }
    let name = |shape: Option<&Shape>, otherwise| shape.map_or(otherwise, |shape| shape.name);
    let Await { first, second, .. } = awaits;
    let what = format!("never awaited between {} and {}", name(first, "the begin"), name(second, "the end"));
    Err(Breach::new(what, first_two))
}

fn was_put_aside<T>(before: Option<&Turn<T>>, after: Option<&Turn<T>>) -> bool {
    match (before, after) {
        // It is a thread.
        (_, None) => true,
        (Some(before), Some(after)) => before.number < after.number,
        // A begin is before the first turn, and that alone needs nobody to wake it.
        (None, Some(after)) => after.woken.is_some(),
    }
}

/// A wait that takes less than this says nothing, and one that takes less than so many times what some pause of the run
/// took too long: who is woken has its turn when the machine has time.
const LONG: (Duration, u32) = (Duration::from_millis(10), 4);

/// Looks for a wait of this role that was over before its time, because what it waited for came.
///
/// # Errors
/// If there is none, with the first wait and what came next; with none where no wait of the role says anything.
pub fn check_cut_short(trace: &Trace, role: &str) -> Result<(), Breach> {
    let late = pauses(trace).filter_map(|(pause, next, duration)| {
        Some(trace.lapse(pause, next).saturating_sub(trace.pace.of(duration)?))
    });
    let (shortest, times) = LONG;
    let shortest = shortest.max(late.max().unwrap_or_default().saturating_mul(times));
    let waits = trace.successions().filter_map(|(wait, next)| {
        let What::Waits(most) = trace.events[wait].what else { return None };
        let most = trace.pace.of(most).filter(|most| *most >= shortest)?;
        (trace.cast[trace.events[wait].actor].role == role).then_some((wait, next, most))
    });
    let mut first = Vec::new();
    for (wait, next, most) in waits {
        if trace.lapse(wait, next) < most {
            return Ok(());
        }
        if first.is_empty() {
            first.extend([wait, next]);
        }
    }
    Err(Breach::new(format!("no wait of {role} is cut short by what it waits for"), first))
}

/// Looks for a moment in the trace at which they all are at their places.
///
/// An actor is at its begin, in a pause, or where it has said something, until it does something else. Requests don't
/// show in a trace: the origin counts them.
///
/// # Errors
/// If there is none, with the first event at which somebody was there: alone, or with too few. In one run it says little,
/// for they may have been elsewhere by chance.
pub fn check_overlap(trace: &Trace, overlap: &Overlap) -> Result<(), Breach> {
    // What each actor did, and of which party it is.
    let mut pasts = vec![Past::default(); trace.cast.len()];
    let mut party_of = vec![None; trace.cast.len()];
    let mut there = vec![0; overlap.parties.len()];
    let mut first = None;
    for (index, event) in trace.events.iter().enumerate() {
        let actor = event.actor;
        if let Some(party) = party_of[actor].take() {
            there[party] -= 1;
        }
        let party = overlap.party(trace.cast[actor].role, &pasts[actor], &event.what);
        pasts[actor].push(&event.what);
        let Some(party) = party else { continue };
        first.get_or_insert(index);
        // Who is late counts only where the others are there.
        if overlap.parties[party].late && !overlap.are_there(&there, |party| !party.late) {
            continue;
        }
        party_of[actor] = Some(party);
        there[party] += 1;
        if overlap.are_there(&there, |_| true) && trace.peak_requests >= overlap.requests() {
            return Ok(());
        }
    }
    Err(Breach::new(format!("never {overlap}"), first))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::super::naive::{self, Kind, Step};
    use super::{Await, LONG, check_await, check_cut_short, check_overlap};
    use crate::trace::Event;
    use crate::{End, Member, Overlap, Pace, Trace, Turn, What, Woken};

    proptest! {
        #![proptest_config(naive::cases())]

        #[test]
        fn an_overlap_is_seen_where_the_naive_checker_sees_it(
            deeds in naive::any_deeds(),
            (actors, others) in prop::sample::select(vec![(1, 0), (2, 0), (0, 1), (1, 1), (2, 1)]),
        ) {
            let parties = [("actor", actors), ("other", others)];
            let pausing = || Overlap::pausing(parties);
            let having_said = Overlap::having_said(parties, Kind::Enter);
            let again = Overlap::having_said_often([("actor", actors)], Kind::Enter, 2);
            let mixed = Overlap::pausing([("other", others)]).and(again);
            let late = Overlap::having_said([("actor", actors)], Kind::Enter);
            let late = Overlap::pausing([("other", others)]).then(late);
            let alive = Overlap::alive(parties);
            for overlap in [alive, pausing(), pausing().after(Kind::Enter), having_said, mixed, late] {
                let seen = check_overlap(&naive::trace_of(&deeds), &overlap).is_ok();
                prop_assert_eq!(seen, naive::overlap(&deeds, &overlap), "{}", overlap);
            }
        }
    }

    /// One actor that begins, says these steps, each in a turn, and ends in a turn.
    fn in_turns(steps: &[(Step, u32)], end: u32) -> Trace {
        let said = steps.iter().map(|(step, turn)| (What::said(*step), *turn));
        let whats = [(What::Began, 0)].into_iter().chain(said).chain([(What::Ended(End::Returned), end)]);
        let woken = |number| (number > 1).then_some(Woken { at: Duration::ZERO, by: None });
        let turn = |number| {
            let turn = Turn { number, idle: None, began: Duration::ZERO, woken: woken(number), within: None };
            (number > 0).then(|| Box::new(turn))
        };
        let event = |(what, number)| Event { turn: turn(number), ..Event::new(0, Duration::ZERO, what) };
        let cast = vec![Member { role: "worker", number: 0 }];
        Trace { cast, events: whats.map(event).collect(), ..Trace::default() }
    }

    #[test]
    fn requests_meet_where_the_origin_saw_them() {
        let overlap = Overlap::requesting([("worker", 1)], Kind::Enter);
        let mut trace = in_turns(&[(Step::Enter, 1)], 2);
        assert_eq!(check_overlap(&trace, &overlap).expect_err("it saw none").events, [1]);
        trace.peak_requests = 1;
        assert!(check_overlap(&trace, &overlap).is_ok());
    }

    #[test]
    fn a_task_that_is_put_aside_awaits() {
        let between = Await::between(Kind::Enter, Kind::Leave);
        let at_fault = |awaits, steps: &[(Step, u32)], end| {
            check_await(&in_turns(steps, end), awaits).err().map(|breach| breach.events)
        };
        let whole = |enter, leave| [(Step::Enter, enter), (Step::Leave, leave)];
        assert_eq!(at_fault(between, &whole(1, 1), 1), Some(vec![1, 2]));
        assert_eq!(at_fault(between, &whole(1, 2), 2), None);
        assert_eq!(at_fault(between, &whole(0, 0), 0), None, "a thread has no turns");
        let twice = [whole(1, 1), whole(1, 2)].concat();
        assert_eq!(at_fault(between, &twice, 2), None, "once is enough");
        assert_eq!(at_fault(between, &[(Step::Enter, 1)], 1), Some(Vec::new()), "it never came there");
        let (before, after) = (Await::before(Kind::Enter), Await::after(Kind::Leave));
        assert_eq!(at_fault(before, &whole(1, 2), 2), Some(vec![0, 1]));
        assert_eq!(at_fault(before, &whole(2, 2), 2), None);
        assert_eq!(at_fault(after, &whole(1, 2), 2), Some(vec![2, 3]));
        assert_eq!(at_fault(after, &whole(1, 2), 3), None);
    }

    #[test]
    fn a_wait_that_is_over_before_its_time_was_cut_short() {
        let (millisecond, wait) = (Duration::from_millis(1), LONG.0);
        // Of waits of this length, that took so long, after a pause that took so much too long.
        let at_fault = |most: Duration, took: &[Duration], late| {
            let steps = vec![(Step::Enter, 1); took.len() + 1];
            let mut trace = in_turns(&steps, 1);
            trace.pace = Pace::NOTEBOOK;
            trace.events[1].what = What::Paused(millisecond);
            let mut now = millisecond + late;
            for (place, took) in (2..).zip(took) {
                trace.events[place].at = now;
                trace.events[place].what = What::Waits(most);
                now += *took;
            }
            trace.events.last_mut().expect("its end").at = now;
            check_cut_short(&trace, "worker").err().map(|breach| breach.events)
        };
        let (zero, short) = (Duration::ZERO, wait / 2);
        assert_eq!(at_fault(wait, &[wait, wait], zero), Some(vec![2, 3]));
        assert_eq!(at_fault(wait, &[wait, short], zero), None, "one is enough");
        assert_eq!(at_fault(short, &[wait], zero), Some(Vec::new()), "it is too short");
        assert_eq!(at_fault(wait, &[wait], wait / LONG.1), Some(vec![2, 3]));
        assert_eq!(at_fault(wait, &[wait], wait), Some(Vec::new()), "the machine was busy");
        assert_eq!(at_fault(wait, &[], zero), Some(Vec::new()), "nobody waited");
        let mut others = in_turns(&[(Step::Enter, 1)], 1);
        others.events[1].what = What::Waits(wait);
        others.pace = Pace::NOTEBOOK;
        assert!(check_cut_short(&others, "worker").is_ok());
        assert_eq!(check_cut_short(&others, "other").err().map(|breach| breach.events), Some(Vec::new()));
    }
}
