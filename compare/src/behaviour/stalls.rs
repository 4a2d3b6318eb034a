//! Stalls: where a task held up the thread that it shares with all others, in one run, or kept it busy for nothing.

use std::collections::BTreeMap;
use std::time::Duration;

use shared::{Stall, Trace, Turn, What};

use super::quote::Quote;

/// How many events of a poll are quoted.
const MOST_NOTED: usize = 4;

/// How often a task may be polled between two of its events, and how much oftener for each actor that may wake it. Who is
/// woken by what it waits for is polled once for that, and noise puts off a few; who asks again and again is polled as
/// often as there is time.
const POLLS: (usize, usize) = (32, 4);

/// Where a role's task held up its thread, and how.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) role: &'static str,
    /// What it noted last in that poll, or before it.
    pub(super) last: String,
    pub(super) how: How,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum How {
    /// The thread was put to sleep.
    Blocks,
    /// It was kept busy for long.
    Computes,
    /// It was asked again and again.
    Polls,
}

/// Where tasks held up their thread in one run, and what the first of each noted in that poll.
pub(super) fn stalls(trace: &Trace) -> BTreeMap<Place, Vec<Quote>> {
    let mut stalls = BTreeMap::new();
    let (some, each) = POLLS;
    let most = some + each * trace.cast.len();
    for (before, after) in trace.successions() {
        let role = trace.cast[trace.events[before].actor].role;
        let last = || match &trace.events[before].what {
            What::Said(said) => said.shape.name.to_owned(),
            what => what.to_string(),
        };
        let [earlier, turn] = [before, after].map(|event| trace.events[event].turn.as_deref());
        let number = |turn: Option<&Turn<Duration>>| turn.map_or(0, |turn| turn.number);
        if number(turn).saturating_sub(number(earlier)) as usize > most {
            let quote = || [before, after].map(|event| Quote::of(trace, event)).into();
            stalls.entry(Place { role, last: last(), how: How::Polls }).or_insert_with(quote);
        }
        let Some(stall) = turn.and_then(|turn| turn.stall) else { continue };
        let hows = [(stall.blocked > 0, How::Blocks), (stall.computes(trace.events.len()), How::Computes)];
        for (_, how) in hows.into_iter().filter(|(does, _)| *does) {
            let noted = || noted_in(trace, stall, before);
            stalls.entry(Place { role, last: last(), how }).or_insert_with(noted);
        }
    }
    stalls
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
    use shared::{End, Member, Trace, Turn, What};

    use super::{How, POLLS, stalls};

    /// A task that begins, and ends in its poll of this number.
    fn polled(number: u32) -> Trace {
        let turn = Turn { number, began: Duration::ZERO, woken: None, within: None, stall: None };
        let event = |what, turn| Event { actor: 0, at: Duration::ZERO, thread: 1, source: None, what, turn };
        let ended = event(What::Ended(End::Returned), Some(Box::new(turn)));
        let cast = vec![Member { role: "worker", number: 0 }];
        Trace { cast, events: vec![event(What::Began, None), ended], ..Trace::default() }
    }

    #[test]
    fn a_task_that_is_polled_over_and_over_asks_instead_of_waiting() {
        let most = u32::try_from(POLLS.0 + POLLS.1).expect("a few");
        assert!(stalls(&polled(most)).is_empty());
        let found = stalls(&polled(most + 1));
        let places: Vec<_> = found.keys().map(|place| (place.role, &*place.last, place.how)).collect();
        assert_eq!(places, [("worker", "began", How::Polls)]);
    }
}
