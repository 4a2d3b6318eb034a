//! Which run, and which of its events: what each difference points at.

use std::fmt::{self, Display};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use shared::Trace;

use crate::lab::Arm;

/// A run of one arm, by its number: the runs of this number of both arms had the same seed, pace and noise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RunName {
    /// Of which arm.
    #[serde(rename = "side")]
    pub arm: Arm,
    /// Its place among the runs of that arm, from 1 on.
    pub number: u32,
}

impl Display for RunName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "run {} of {}", self.number, self.arm)
    }
}

/// How a run was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Circumstances {
    /// Which run it was.
    pub run: RunName,
    /// Whether the order among its actors is known, so that it can be held to the laws.
    pub sequenced: bool,
    /// Whether it had neither waits nor noise: only then its habits are its own.
    pub calm: bool,
}

/// An event, as it is quoted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    /// Its place in the trace.
    pub event: usize,
    /// When, since the main line began.
    pub at_ns: u128,
    /// Who did it.
    pub actor: String,
    /// What was done.
    pub what: String,
}

impl Quote {
    pub(super) fn of(trace: &Trace, event: usize) -> Self {
        let quoted = &trace.events[event];
        let (actor, what) = (trace.cast[quoted.actor].to_string(), quoted.what.to_string());
        Self { event, at_ns: quoted.at.as_nanos(), actor, what }
    }
}

impl Display for Quote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { event, at_ns, actor, what } = self;
        write!(f, "#{event} {:.3?} {actor}: {what}", Duration::from_nanos_u128(*at_ns))
    }
}

/// Something that was seen: in which run, and by which of its events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exemplar {
    /// The run.
    pub run: RunName,
    /// The events, none where it is about the run as a whole.
    pub events: Vec<Quote>,
}

impl From<RunName> for Exemplar {
    fn from(run: RunName) -> Self {
        Self { run, events: Vec::new() }
    }
}

impl Display for Exemplar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.run.fmt(f)?;
        self.events
            .iter()
            .enumerate()
            .try_for_each(|(place, quote)| write!(f, "{} {quote}", if place == 0 { ":" } else { ";" }))
    }
}
