//! An event as a line: how it is written, and how it is read again.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use shared::trace::Event;
use shared::{End, Pattern, Shape, Side, Trace, What};

use crate::pair::visible;

/// What a panic says may be cut off after so many characters.
const LONGEST_MESSAGE: usize = 1_000;

/// One event of a run. Its serialisation is a line of `compare trace --format json`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ShownEvent {
    /// The pattern.
    pub pattern: Pattern,
    /// Which side ran.
    pub side: Side,
    /// The place of the event in its run.
    pub event: usize,
    /// When, since the main line began.
    pub at_ns: u128,
    /// The actor, by its place in the cast.
    pub actor: usize,
    /// The actor's role.
    pub role: &'static str,
    /// The actor's number within the role.
    pub number: usize,
    /// The OS thread, numbered as they were first heard.
    pub thread: u32,
    /// The file and the line that recorded it; none for begin and end.
    pub source: Option<String>,
    /// What happened.
    #[serde(flatten)]
    pub what: ShownWhat,
}

/// What an event is about.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum ShownWhat {
    /// The actor begins.
    Began,
    /// The actor says a step.
    Said {
        /// Its name.
        step: &'static str,
        /// Its fields.
        values: Map<String, Value>,
    },
    /// The actor pauses.
    Paused {
        /// For so long, in notebook time.
        notebook_ns: u128,
    },
    /// The actor is over.
    Ended {
        /// `returned`, `panicked` or `cancelled`.
        end: String,
        /// What a panic said.
        message: Option<String>,
    },
}

impl ShownEvent {
    /// One event of a trace.
    pub fn of(pattern: Pattern, side: Side, trace: &Trace, event: usize) -> Self {
        let Event { actor, at, thread, source, ref what } = trace.events[event];
        let member = trace.cast[actor];
        Self {
            pattern,
            side,
            event,
            at_ns: at.as_nanos(),
            actor,
            role: member.role,
            number: member.number,
            thread,
            source: source.map(|source| format!("{}:{}", source.file(), source.line())),
            what: ShownWhat::of(what),
        }
    }
}

impl ShownWhat {
    fn of(what: &What) -> Self {
        match what {
            What::Began => Self::Began,
            What::Said(said) => Self::Said { step: said.shape.name, values: said.object() },
            What::Paused(duration) => Self::Paused { notebook_ns: duration.as_nanos() },
            What::Ended(end) => {
                let message = if let End::Panicked(message) = end { Some(message.clone()) } else { None };
                Self::Ended { end: end.kind().to_string(), message }
            }
        }
    }
}

/// What is read of an event. Where in the source it was recorded is of another build, and forgotten.
#[derive(Deserialize)]
pub(super) struct ReadEvent {
    pub(super) event: usize,
    pub(super) actor: usize,
    pub(super) role: String,
    pub(super) number: usize,
    pub(super) at_ns: u64,
    pub(super) thread: u32,
    #[serde(flatten)]
    pub(super) what: ReadWhat,
}

#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub(super) enum ReadWhat {
    Began,
    Said { step: String, values: Map<String, Value> },
    Paused { notebook_ns: u64 },
    Ended { end: String, message: Option<String> },
}

impl ReadWhat {
    pub(super) fn what(self, shapes: &'static [Shape]) -> Option<What> {
        Some(match self {
            Self::Began => What::Began,
            Self::Said { step, values } => {
                What::Said(shapes.iter().find(|shape| shape.name == step)?.said(&values)?)
            }
            Self::Paused { notebook_ns } => What::Paused(Duration::from_nanos(notebook_ns)),
            Self::Ended { end, message } => What::Ended(match (end.as_str(), message) {
                ("returned", None) => End::Returned,
                ("cancelled", None) => End::Cancelled,
                ("panicked", Some(message)) => {
                    End::Panicked(visible(&message.chars().take(LONGEST_MESSAGE).collect::<String>()))
                }
                _ => return None,
            }),
        })
    }
}
