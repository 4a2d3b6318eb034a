//! A trace: the steps of all actors of one run, in order.
//!
//! It knows notes and steps as plain data; neither how they were captured nor what is asked of them.

use std::fmt::{self, Display};
use std::panic::Location;
use std::time::Duration;

use crate::{End, Kind, Member, Pace, Said, Shape, Stall, Step, Turn, What};

/// The trace of one run. By default, of one without waits in which nobody did anything.
#[derive(Debug, Clone, Default)]
pub struct Trace {
    /// At which pace it ran.
    pub pace: Pace,
    /// What its actors' random numbers were drawn from.
    pub seed: u64,
    /// The actors of the run; an event names its actor by its place in this list. The first is the main line.
    pub cast: Vec<Member>,
    /// What the actors did, in order.
    pub events: Vec<Event>,
    /// How many requests its origin had at once, at most; none where it has no origin, and where nobody asked.
    pub peak_requests: usize,
}

/// One thing that an actor did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The actor, by its place in the cast.
    pub actor: usize,
    /// When, since the main line began.
    pub at: Duration,
    /// On which OS thread: numbered as they were first heard.
    pub thread: u32,
    /// Where in the source it was recorded; of a begin, where its actor was made; none for an end.
    pub source: Option<&'static Location<'static>>,
    /// What it did.
    pub what: What,
    /// In which of its turns; none for a thread, and where that was not watched.
    pub turn: Option<Box<Turn<Duration>>>,
    /// What the actor did to its thread since its event before, where that was watched and is worth a word.
    pub stall: Option<Box<Stall>>,
}

impl Event {
    /// What an actor did, and when; nothing else of it is known.
    pub fn new(actor: usize, at: Duration, what: What) -> Self {
        Self { actor, at, thread: 0, source: None, what, turn: None, stall: None }
    }

    /// The file and the line of its source, if it is known.
    pub fn place(&self) -> Option<String> {
        self.source.map(|source| format!("{}:{}", source.file(), source.line()))
    }

    /// What it did, and where in the source, if that is known.
    pub fn told(&self) -> impl Display {
        fmt::from_fn(|f| {
            write!(f, "`{}`", self.what)?;
            self.place().iter().try_for_each(|place| write!(f, " at {place}"))
        })
    }
}

impl Trace {
    /// The steps of the trace, each with its place among the events.
    pub fn said(&self) -> impl Iterator<Item = (usize, &Event, &Said)> {
        self.events.iter().enumerate().filter_map(|(index, event)| match &event.what {
            What::Said(said) => Some((index, event, said)),
            _ => None,
        })
    }

    /// What was said in this event, as its pattern knows it; none where nothing was.
    pub fn step<S: Step>(&self, index: usize) -> Option<S> {
        if let What::Said(said) = &self.events[index].what { S::read(said) } else { None }
    }

    /// The same as their pattern knows them; those of another pattern are left out.
    pub fn steps<S: Step>(&self) -> impl Iterator<Item = (usize, &Event, S)> {
        self.said().filter_map(|(index, event, said)| Some((index, event, S::read(said)?)))
    }

    /// The steps of one kind.
    pub fn of_kind<K: Kind>(&self, kind: K) -> impl Iterator<Item = K::Step> {
        self.steps().map(|(_, _, step)| step).filter(move |step: &K::Step| step.kind() == kind)
    }

    /// How long the main line took; `None` while it isn't over.
    pub fn elapsed(&self) -> Option<Duration> {
        self.events
            .iter()
            .find(|event| event.actor == 0 && matches!(event.what, What::Ended(_)))
            .map(|end| end.at)
    }

    /// The time between the first step of one shape and the first of the other.
    pub fn between(&self, from: &Shape, to: &Shape) -> Option<Duration> {
        let first = |shape| self.said().find(|(_, _, said)| said.is(shape)).map(|(_, event, _)| event.at);
        first(to)?.checked_sub(first(from)?)
    }

    /// How long after one event another came; none where the clock has it earlier.
    pub fn lapse(&self, before: usize, after: usize) -> Duration {
        self.events[after].at.saturating_sub(self.events[before].at)
    }

    /// The events of each actor, by their places, in the order of the cast.
    pub fn by_actor(&self) -> Vec<Vec<usize>> {
        let mut lanes = vec![Vec::new(); self.cast.len()];
        for (index, event) in self.events.iter().enumerate() {
            lanes[event.actor].push(index);
        }
        lanes
    }

    /// The pauses, each with its place among the events.
    pub fn pauses(&self) -> impl Iterator<Item = (usize, &Event, Duration)> {
        self.events.iter().enumerate().filter_map(|(index, event)| match event.what {
            What::Paused(duration) => Some((index, event, duration)),
            _ => None,
        })
    }

    /// What is missing: an actor that never ended, or that did something before it began or after it ended.
    ///
    /// A trace with a gap says nothing about the run, so it is held to no law and compared with nothing.
    pub fn gaps(&self) -> Vec<String> {
        self.cast.iter().zip(self.by_actor()).filter_map(|(member, lane)| self.gap(member, &lane)).collect()
    }

    fn gap(&self, member: &Member, lane: &[usize]) -> Option<String> {
        let began = lane.iter().filter(|&&index| self.events[index].what == What::Began).count();
        let ended = lane.iter().filter(|&&index| matches!(self.events[index].what, What::Ended(_))).count();
        let first = lane.first().map(|&index| &self.events[index].what);
        let last = lane.last().map(|&index| &self.events[index]);
        match (began, ended, first, last) {
            (1, 1, Some(What::Began), Some(Event { what: What::Ended(_), .. })) => None,
            // Aborted before its first poll: it has an end and nothing else.
            (0, 1, Some(What::Ended(End::Cancelled)), _) if lane.len() == 1 => None,
            // The run is over without it: nobody waited for it.
            (_, 0, _, Some(last)) => Some(format!(
                "nobody waited for {member}, which never ended; its last event is {}",
                last.told()
            )),
            (_, 0, _, None) => {
                let last = self.last_known().map_or_else(String::new, |last| {
                    let last = &self.events[last];
                    format!("; the last of {} is {}", self.cast[last.actor], last.told())
                });
                Some(format!("{member} was never heard{last}"))
            }
            _ => Some(format!(
                "{member} began {began} times and ended {ended} times, not once around its steps"
            )),
        }
    }

    /// Each event of an actor and the one that it did next, by their places.
    pub fn successions(&self) -> impl Iterator<Item = (usize, usize)> {
        let mut latest = vec![None; self.cast.len()];
        let events = self.events.iter().enumerate();
        events.filter_map(move |(index, event)| Some((latest[event.actor].replace(index)?, index)))
    }

    /// The last thing whose place in the source is known: of the main line, because near it, it makes its outcome; of
    /// anybody, where the main line does nothing of the kind.
    pub fn last_known(&self) -> Option<usize> {
        let last = |is: fn(&Event) -> bool| {
            self.events.iter().rposition(|event| is(event) && event.source.is_some())
        };
        last(|event| event.actor == 0).or_else(|| last(|_| true))
    }

    /// One event as a line of text: its place, time, actor and what it did.
    pub fn show(&self, index: usize) -> impl Display {
        fmt::from_fn(move |f| {
            let event = &self.events[index];
            write!(f, "#{index} {:.3?} {}: {}", event.at, self.cast[event.actor], event.what)
        })
    }
}

#[cfg(test)]
mod tests {
    use std::panic::Location;
    use std::time::Duration;

    use super::{Event, Trace};
    use crate::{End, Kind as _, Member, What, steps};

    steps! {
        /// What an actor says.
        pub enum Step of Kind {
            /// It begins with this.
            First { value: u64 },
            /// It goes on.
            Then,
        }
    }

    /// Of a main line and a worker, a millisecond apart: who did what.
    fn trace(events: impl IntoIterator<Item = (usize, What)>) -> Trace {
        let cast = [("main", 0), ("worker", 3)].map(|(role, number)| Member { role, number });
        let event = |(at, (actor, what))| Event::new(actor, Duration::from_millis(at), what);
        Trace { cast: cast.into(), events: (0..).zip(events).map(event).collect(), ..Trace::default() }
    }

    fn whole() -> Trace {
        trace([
            (0, What::Began),
            (1, What::Began),
            (1, What::said(Step::First { value: 7 })),
            (0, What::Paused(Duration::ZERO)),
            (1, What::said(Step::Then)),
            (1, What::said(Step::First { value: 8 })),
            (1, What::Ended(End::Returned)),
            (0, What::Ended(End::Returned)),
        ])
    }

    #[test]
    fn steps_are_found_with_their_places() {
        let trace = whole();
        let found: Vec<(usize, Step)> = trace.steps().map(|(place, _, step)| (place, step)).collect();
        let (first, last) = (Step::First { value: 7 }, Step::First { value: 8 });
        assert_eq!(found, [(2, first), (4, Step::Then), (5, last)]);
        assert_eq!(
            trace.said().map(|(place, event, _)| (place, event.actor)).collect::<Vec<_>>(),
            [(2, 1), (4, 1), (5, 1)]
        );
        assert_eq!((trace.step(4), trace.step::<Step>(3)), (Some(Step::Then), None));
        let pauses: Vec<_> = trace.pauses().map(|(place, event, _)| (place, event.actor)).collect();
        assert_eq!(pauses, [(3, 0)]);
        assert_eq!(trace.of_kind(Kind::First).collect::<Vec<_>>(), [first, last]);
    }

    #[test]
    fn times_are_those_of_the_main_line_and_of_the_first_steps() {
        let (trace, millis) = (whole(), Duration::from_millis);
        assert_eq!(trace.elapsed(), Some(millis(7)));
        let between = |from: Kind, to: Kind| trace.between(from.shape(), to.shape());
        assert_eq!(between(Kind::First, Kind::Then), Some(millis(2)));
        assert_eq!(between(Kind::Then, Kind::First), None, "not backwards");
        let unfinished = super::Trace { events: trace.events[..7].into(), ..trace.clone() };
        assert_eq!(unfinished.elapsed(), None, "the worker's end is not the main line's");
    }

    #[test]
    fn each_actor_has_its_lane() {
        let trace = whole();
        assert_eq!(trace.by_actor(), [vec![0, 3, 7], vec![1, 2, 4, 5, 6]]);
        let due = [(1, 2), (0, 3), (2, 4), (4, 5), (5, 6), (3, 7)];
        assert_eq!(trace.successions().collect::<Vec<_>>(), due);
        assert_eq!(trace.show(2).to_string(), "#2 2.000ms worker 3: First value=7");
    }

    #[test]
    fn the_last_thing_that_is_known_is_of_the_main_line() {
        let here = Some(Location::caller());
        let mut trace = whole();
        assert_eq!((trace.last_known(), trace.events[3].place()), (None, None));
        trace.events[5].source = here;
        assert_eq!(trace.last_known(), Some(5), "or of anybody");
        for event in [0, 2, 3] {
            trace.events[event].source = here;
        }
        assert_eq!(trace.last_known(), Some(3));
        trace.events.retain(|event| event.actor == 0);
        let heard = &trace.gaps()[0];
        let place = trace.events[1].place().expect("it was given one");
        assert!(
            heard.ends_with(&format!("was never heard; the last of main is `pauses 0ns` at {place}")),
            "{heard}"
        );
        assert!(place.starts_with(file!()), "{place}");
        assert_eq!(trace.events[1].told().to_string(), format!("`pauses 0ns` at {place}"));
    }

    #[test]
    fn what_is_missing_is_told() {
        assert_eq!(whole().gaps(), [""; 0]);
        let ended = |end| What::Ended(end);
        let main = [(0, What::Began), (0, ended(End::Returned))];
        let gaps = |worker: &[What]| {
            let worker = worker.iter().map(|what| (1, what.clone()));
            trace(main.clone().into_iter().chain(worker)).gaps()
        };
        assert_eq!(gaps(&[]), ["worker 3 was never heard"]);
        assert_eq!(
            gaps(&[What::Began]),
            ["nobody waited for worker 3, which never ended; its last event is `began`"]
        );
        let never_begun = "worker 3 began 0 times and ended 1 times, not once around its steps";
        assert_eq!(gaps(&[ended(End::Returned)]), [never_begun]);
        let said_after = [What::Began, ended(End::Returned), What::said(Step::Then)];
        assert_eq!(
            gaps(&said_after),
            ["worker 3 began 1 times and ended 1 times, not once around its steps"]
        );
        let said_before = [What::said(Step::Then), What::Began, ended(End::Returned)];
        assert_eq!(gaps(&said_before).len(), 1);
        assert_eq!(gaps(&[ended(End::Cancelled)]), [""; 0], "aborted before its first poll");
        assert_eq!(gaps(&[What::said(Step::Then), ended(End::Cancelled)]).len(), 1);
    }
}
