//! Stalls: where an actor held up its thread, or asked again and again instead of waiting, in one run.

use std::collections::BTreeMap;
use std::fmt::{self, Display};

use shared::{Await, Stall, Trace, What};

use super::quote::Quote;

/// How many events of a poll are quoted.
const MOST_NOTED: usize = 4;

/// How often an actor may wake between two of its events, and how much oftener for each event of others meanwhile: what
/// wakes it is somebody's doing, and who is woken may find that another was quicker. Noise puts off a few polls of a task.
/// Who asks again and again wakes by itself, as often as there is time.
const ASKS: (usize, usize) = (12, 4);

/// Where actors of a role held up their threads, and how.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) role: &'static str,
    /// What such an actor noted last in that poll, or before it.
    pub(super) last: String,
    pub(super) how: How,
}

impl Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { role, last, how } = self;
        match how {
            How::Blocks => {
                write!(f, "{role} blocks its thread, and every task there, in a poll that comes to `{last}`")
            }
            How::Computes => write!(
                f,
                "{role} computes for long, and keeps every task of its thread waiting, in a poll that comes to `{last}`"
            ),
            How::Spins => write!(f, "{role} doesn't wait after `{last}`, but keeps its core busy"),
            How::Sleeps => write!(f, "{role} doesn't only compute after `{last}`, but waits for others"),
            How::Asks => write!(f, "{role} doesn't wait after `{last}`, but asks again and again"),
        }
    }
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
    Sleeps,
    /// It woke again and again, though nobody woke it.
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
        if stall.turn.is_some() {
            let noted = || noted_in(trace, stall, before);
            if sleeps {
                found(How::Blocks, &noted);
            }
            if computes {
                found(How::Computes, &noted);
            }
        } else if awaits.iter().any(|awaits| awaits.computes() && awaits.is_between(trace, before, after)) {
            if sleeps {
                found(How::Sleeps, &both);
            }
        } else if computes {
            found(How::Spins, &both);
        }
    }
    stalls
}

/// Whether an actor woke oftener between these two of its events than others can have woken it.
fn asks(trace: &Trace, before: usize, after: usize, stall: Option<Stall>) -> bool {
    let turn = |event: usize| trace.events[event].turn.as_ref().map_or(0, |turn| turn.number);
    let woke = match stall {
        Some(Stall { turn: None, blocked, .. }) => blocked,
        _ => turn(after).saturating_sub(turn(before)),
    };
    let (some, each) = ASKS;
    woke as usize > some + each * (after - before - 1)
}

/// The last few things that the actor of this event noted in the poll that held up its thread; the event alone, where
/// that is earlier.
fn noted_in(trace: &Trace, Stall { turn, .. }: Stall, last: usize) -> Vec<Quote> {
    let actor = trace.events[last].actor;
    let own = (0..last).rev().filter(|&event| trace.events[event].actor == actor);
    let noted = own.take_while(|&event| trace.events[event].turn.as_ref().map(|at| at.number) == turn);
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

    /// An actor that begins, counts and ends, in a poll of this number if it is a task, having done this to its thread;
    /// while another begins and ends, if it does.
    fn did(polls: u32, stall: Option<Stall>, other: bool) -> Trace {
        let turn = Turn { number: polls, idle: None, began: Duration::ZERO, woken: None, within: None };
        let turn = (polls > 0).then(|| Box::new(turn));
        let event =
            |actor, what, turn, stall| Event { turn, stall, ..Event::new(actor, Duration::ZERO, what) };
        let others = [What::Began, What::Ended(End::Returned)].map(|what| event(1, what, None, None));
        let mut events =
            vec![event(0, What::Began, None, None), event(0, What::said(Step::Counting), None, None)];
        events.extend(others.into_iter().filter(|_| other));
        events.push(event(0, What::Ended(End::Returned), turn, stall.map(Box::new)));
        let cast = [("worker", 0), ("other", 0)].map(|(role, number)| Member { role, number });
        Trace { cast: cast.into(), events, ..Trace::default() }
    }

    fn found(trace: &Trace, awaits: &[Await]) -> Vec<(&'static str, String, How)> {
        stalls(trace, awaits).into_keys().map(|place| (place.role, place.last, place.how)).collect()
    }

    fn stall(turn: Option<u32>, blocked: u32, millis: u64) -> Stall {
        Stall { turn, blocked, computed: Duration::from_millis(millis) }
    }

    #[test]
    fn who_wakes_by_itself_over_and_over_asks_instead_of_waiting() {
        let [some, each] = [ASKS.0, ASKS.1].map(|times| u32::try_from(times).expect("a few"));
        let asks = [("worker", "Counting".into(), How::Asks)];
        for (other, most) in [(false, some), (true, some + 2 * each)] {
            assert_eq!(found(&did(most, None, other), &[]), []);
            assert_eq!(found(&did(most + 1, None, other), &[]), asks);
            assert_eq!(found(&did(0, Some(stall(None, most, 0)), other), &[]), []);
            assert_eq!(found(&did(0, Some(stall(None, most + 1, 0)), other), &[]), asks);
        }
    }

    #[test]
    fn a_task_may_not_do_to_its_thread_what_a_thread_may() {
        let how = |stall, awaits: &[Await]| -> Vec<How> {
            stalls(&did(0, Some(stall), false), awaits).into_keys().map(|place| place.how).collect()
        };
        assert_eq!(how(stall(Some(3), 1, 9), &[]), [How::Blocks, How::Computes]);
        assert_eq!(how(stall(None, 1, 0), &[]), []);
        assert_eq!(how(stall(None, 0, 9), &[]), [How::Spins]);
        let counts = Await::after(Kind::Counting);
        assert_eq!(how(stall(None, 0, 9), &[counts]), [How::Spins], "it is no computation");
        assert_eq!(how(stall(None, 0, 9), &[counts.computing()]), []);
        assert_eq!(how(stall(None, 1, 9), &[counts.computing()]), [How::Sleeps]);
        let elsewhere = Await::before(Kind::Counting).computing();
        assert_eq!(how(stall(None, 1, 9), &[elsewhere]), [How::Spins]);
    }
}
