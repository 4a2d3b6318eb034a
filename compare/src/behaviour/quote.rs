//! Which run, and which of its events: what each difference points at.

use std::fmt::{self, Display};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use shared::Trace;

use crate::lab::{Arm, Round};

/// A run of one arm, by its number: the runs of this number of both arms had the same seed, pace and noise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RunName {
    /// Of which arm.
    pub arm: Arm,
    /// Its place among the runs of that arm, from 1 on.
    pub number: u32,
}

impl Display for RunName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "run {} of {}", self.number, self.arm)
    }
}

/// What was set otherwise in a plan, to be put behind the name of a run: ` with permits 1`; nothing where nothing was.
pub fn with(plan: &Map<String, Value>) -> String {
    let fields: Vec<String> = plan.iter().map(|(field, value)| format!("{field} {value}")).collect();
    if fields.is_empty() { String::new() } else { format!(" with {}", fields.join(", ")) }
}

/// How a run was made.
#[derive(Debug, Clone, PartialEq)]
pub struct Circumstances {
    /// Which run it was.
    pub run: RunName,
    /// In which round; none where it was timed, so that it is not known what its actors did.
    pub round: Option<Round>,
}

impl Circumstances {
    /// Those of a run that behaviour is judged by.
    pub fn judged(run: RunName, round: Round) -> Self {
        Self { run, round: Some(round) }
    }

    /// Those of a run that is timed.
    pub fn timed(run: RunName) -> Self {
        Self { run, round: None }
    }

    /// Whether it is known what its actors did, so that it can be held to the roles and the laws.
    pub fn is_watched(&self) -> bool {
        self.round.is_some()
    }

    /// Whether it had neither waits nor noise: only then its habits are its own.
    pub fn is_calm(&self) -> bool {
        self.round.as_ref().is_some_and(Round::is_calm)
    }

    /// Whether it was judged with the plan of the pair, so that it can be held against others.
    pub fn is_ordinary(&self) -> bool {
        self.round.as_ref().is_some_and(|round| round.plan.is_empty())
    }

    /// What was set otherwise than in the plan of the pair.
    pub fn plan(&self) -> Map<String, Value> {
        self.round.as_ref().map(|round| round.plan.clone()).unwrap_or_default()
    }
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
    /// The file and the line that recorded it, where they are known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

impl Quote {
    pub(super) fn of(trace: &Trace, event: usize) -> Self {
        let quoted = &trace.events[event];
        let (actor, what) = (trace.cast[quoted.actor].to_string(), quoted.what.to_string());
        let source = quoted.place();
        Self { event, at_ns: quoted.at.as_nanos(), actor, what, source }
    }
}

impl Display for Quote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { event, at_ns, actor, what, source } = self;
        write!(f, "#{event} {:.3?} {actor}: {what}", Duration::from_nanos_u128(*at_ns))?;
        source.iter().try_for_each(|source| write!(f, " at {source}"))
    }
}

/// Something that was seen: in which run, and by which of its events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exemplar {
    /// The run.
    pub run: RunName,
    /// What was set otherwise in its plan than in that of the pair.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub plan: Map<String, Value>,
    /// The events, none where it is about the run as a whole.
    pub events: Vec<Quote>,
}

impl Exemplar {
    /// These events of a run with the plan of the pair.
    pub fn of(run: RunName, events: Vec<Quote>) -> Self {
        Self { run, plan: Map::new(), events }
    }

    /// Which run it was, with what was set otherwise in its plan: `run 9 of tasks with permits 1`.
    pub fn head(&self) -> String {
        format!("{}{}", self.run, with(&self.plan))
    }
}

impl From<RunName> for Exemplar {
    fn from(run: RunName) -> Self {
        Self::of(run, Vec::new())
    }
}

impl Display for Exemplar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.head())?;
        self.events
            .iter()
            .enumerate()
            .try_for_each(|(place, quote)| write!(f, "{} {quote}", if place == 0 { ":" } else { ";" }))
    }
}
