//! A trace: the steps of all actors of one run, in order.
//!
//! It knows notes and steps as plain data; neither how they were captured nor what is asked of them.

use std::fmt::{self, Display};
use std::panic::Location;
use std::time::Duration;

use crate::{End, Kind, Member, Said, Shape, Step, What};

/// The trace of one run.
#[derive(Debug, Clone)]
pub struct Trace {
    /// The actors of the run; an event names its actor by its place in this list. The first is the main line.
    pub cast: Vec<Member>,
    /// What the actors did, in order.
    pub events: Vec<Event>,
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
    /// Where in the source it was recorded; none for begin and end.
    pub source: Option<&'static Location<'static>>,
    /// What it did.
    pub what: What,
}

impl Trace {
    /// The steps of the trace, each with its place among the events.
    pub fn said(&self) -> impl Iterator<Item = (usize, &Event, &Said)> {
        self.events.iter().enumerate().filter_map(|(index, event)| match &event.what {
            What::Said(said) => Some((index, event, said)),
            _ => None,
        })
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

    /// The events of each actor, by their places, in the order of the cast.
    pub fn by_actor(&self) -> Vec<Vec<usize>> {
        let mut lanes = vec![Vec::new(); self.cast.len()];
        for (index, event) in self.events.iter().enumerate() {
            lanes[event.actor].push(index);
        }
        lanes
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
        let last = lane.last().map(|&index| &self.events[index].what);
        match (began, ended, first, last) {
            (1, 1, Some(What::Began), Some(What::Ended(_))) => None,
            // Aborted before its first poll: it has an end and nothing else.
            (0, 1, Some(What::Ended(End::Cancelled)), _) if lane.len() == 1 => None,
            (_, 0, _, Some(last)) => Some(format!("{member} never ended; its last event is `{last}`")),
            (_, 0, _, None) => Some(format!("{member} was never heard")),
            _ => Some(format!(
                "{member} began {began} times and ended {ended} times, not once around its steps"
            )),
        }
    }

    /// One event as a line of text: its place, time, actor and what it did.
    pub fn show(&self, index: usize) -> impl Display {
        fmt::from_fn(move |f| {
            let event = &self.events[index];
            write!(f, "#{index} {:.3?} {}: {}", event.at, self.cast[event.actor], event.what)
        })
    }
}
