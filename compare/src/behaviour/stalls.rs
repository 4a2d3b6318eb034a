//! Stalls: where an actor held up its thread, or asked again and again instead of waiting, in one run.

use std::collections::BTreeMap;

use shared::{Await, Stall, Trace, What};

use super::quote::Quote;

/// How many events of a poll are quoted.
const MOST_NOTED: usize = 4;

/// How often an actor may go to sleep between two of its events, and how much oftener for each event of others meanwhile:
/// what wakes it is somebody's doing, and who is woken may find that another was quicker. Noise puts off a few polls of
/// a task. Who asks again and again wakes by itself, as often as there is time.
const ASKS: (usize, usize) = (8, 4);

/// Where actors of a role held up their threads, and how.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) role: &'static str,
    /// What such an actor noted last in that poll, or before it.
    pub(super) last: String,
    pub(super) how: How,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum How {
    /// A task put its thread to sleep.
    Blocks,
    /// A task kept its thread busy for long.
    Computes,
    /// A thread kept its core busy for long, and not with a computation.
    Spins,
    /// A thread was put to sleep in a computation.
    Waits,
    /// It was woken again and again by nobody.
    Asks,
}

/// Where actors held up their threads in one run, and what the first of each noted meanwhile.
pub(super) fn stalls(trace: &Trace, awaits: &[Await]) -> BTreeMap<Place, Vec<Quote>> {
    let mut stalls = BTreeMap::new();
    for (before, after) in trace.successions() {
        let role = trace.cast[trace.events[before].actor].role;
        let last = || match &trace.events[before].what {
            What::Said(said) => said.shape.name.to_owned(),
            what => what.to_string(),
        };
        let mut found = |how, quote: &dyn Fn() -> Vec<Quote>| {
            stalls.entry(Place { role, last: last(), how }).or_insert_with(quote);
        };
        let both = || [before, after].map(|event| Quote::of(trace, event)).into();
        let stall = trace.events[after].stall.as_deref().copied();
        if asks(trace, before, after, stall) {
            found(How::Asks, &both);
        }
        let Some(stall) = stall else { continue };
        let (sleeps, computes) = (stall.blocked > 0, stall.computes(trace.events.len()));
        if stall.turn > 0 {
            let noted = || noted_in(trace, stall, before);
            if sleeps {
                found(How::Blocks, &noted);
            }
            if computes {
                found(How::Computes, &noted);
            }
        } else {
            let computation = awaits.iter().find(|awaits| awaits.is_between(trace, before, after));
            match computation.is_some_and(Await::computes) {
                true if sleeps => found(How::Waits, &both),
                false if computes => found(How::Spins, &both),
                _ => {}
            }
        }
    }
    stalls
}

/// Whether an actor went to sleep oftener between these two of its events than others can have woken it.
fn asks(trace: &Trace, before: usize, after: usize, stall: Option<Stall>) -> bool {
    let turn = |event: usize| trace.events[event].turn.as_ref().map_or(0, |turn| turn.number);
    let slept = match stall {
        Some(Stall { turn: 0, blocked, .. }) => blocked,
        _ => turn(after).saturating_sub(turn(before)),
    };
    let (some, each) = ASKS;
    slept as usize > some + each * (after - before)
}

/// The last few things that the actor of this event noted in the poll that held up its thread; the event alone, where
/// that is earlier.
fn noted_in(trace: &Trace, Stall { turn, .. }: Stall, last: usize) -> Vec<Quote> {
    let actor = trace.events[last].actor;
    let own = (0..last).rev().filter(|&event| trace.events[event].actor == actor);
    let noted =
        own.take_while(|&event| trace.events[event].turn.as_ref().is_some_and(|at| at.number == turn));
    let mut noted: Vec<usize> = [last].into_iter().chain(noted).take(MOST_NOTED).collect();
    noted.reverse();
    noted.into_iter().map(|event| Quote::of(trace, event)).collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use shared::trace::Event;
    use shared::{Await, End, Member, Stall, Trace, Turn, What, steps};

    use super::{ASKS, How, stalls};

    steps! {
        /// What an actor says.
        pub enum Step of Kind {
            /// It computes.
            Counting,
        }
    }

    /// An actor that begins, counts and ends, in a poll of this number if it is a task, having done this to its thread.
    fn did(polls: u32, stall: Option<Stall>) -> Trace {
        let turn = Turn { number: polls, began: Duration::ZERO, woken: None, within: None };
        let turn = (polls > 0).then(|| Box::new(turn));
        let event = |what, turn, stall| Event {
            actor: 0,
            at: Duration::ZERO,
            thread: 1,
            source: None,
            what,
            turn,
            stall,
        };
        let events = vec![
            event(What::Began, None, None),
            event(What::said(Step::Counting), None, None),
            event(What::Ended(End::Returned), turn, stall.map(Box::new)),
        ];
        Trace { cast: vec![Member { role: "worker", number: 0 }], events, ..Trace::default() }
    }

    fn found(trace: &Trace, awaits: &[Await]) -> Vec<(&'static str, String, How)> {
        stalls(trace, awaits).into_keys().map(|place| (place.role, place.last, place.how)).collect()
    }

    fn in_turn(turn: u32, blocked: u32, millis: u64) -> Option<Stall> {
        Some(Stall { turn, blocked, computed: Duration::from_millis(millis) })
    }

    #[test]
    fn who_wakes_by_itself_over_and_over_asks_instead_of_waiting() {
        let most = u32::try_from(ASKS.0 + ASKS.1).expect("a few");
        let asks = [("worker", "Counting".into(), How::Asks)];
        assert_eq!(found(&did(most, None), &[]), []);
        assert_eq!(found(&did(most + 1, None), &[]), asks);
        assert_eq!(found(&did(0, in_turn(0, most, 0)), &[]), []);
        assert_eq!(found(&did(0, in_turn(0, most + 1, 0)), &[]), asks);
    }

    #[test]
    fn a_task_may_not_do_to_its_thread_what_a_thread_may() {
        let how = |stall, awaits: &[Await]| -> Vec<How> {
            stalls(&did(0, stall), awaits).into_keys().map(|place| place.how).collect()
        };
        assert_eq!(how(in_turn(3, 1, 9), &[]), [How::Blocks, How::Computes]);
        assert_eq!(how(in_turn(0, 1, 0), &[]), []);
        assert_eq!(how(in_turn(0, 0, 9), &[]), [How::Spins]);
        let counts = Await::after(Kind::Counting);
        assert_eq!(how(in_turn(0, 0, 9), &[counts]), [How::Spins], "it is no computation");
        assert_eq!(how(in_turn(0, 0, 9), &[counts.computing()]), []);
        assert_eq!(how(in_turn(0, 1, 9), &[counts.computing()]), [How::Waits]);
    }
}
