//! A run for looking at: its events, whatever their pattern.

use std::time::Duration;

use serde::Serialize;
use serde_json::{Map, Value};
use shared::trace::{Event, What};
use shared::{End, Pattern, Side, Step, Trace, Workload};

use crate::behaviour::breaches;
use crate::lab::Completed;
use crate::report::OutcomeReport;

/// A run of one side, for looking at.
#[derive(Debug)]
pub struct Shown {
    /// The pattern.
    pub pattern: Pattern,
    /// Which side ran.
    pub side: Side,
    /// Each event of the run, in order.
    pub events: Vec<ShownEvent>,
    /// The times that the cell prints.
    pub stopwatches: Vec<(&'static str, Duration)>,
    /// What the run yielded.
    pub outcome: OutcomeReport,
    /// Where it breaks what the workload asks for.
    pub breaches: Vec<String>,
}

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
    /// The actor's role.
    pub role: &'static str,
    /// The actor's number within the role.
    pub number: usize,
    /// The OS thread, numbered as they were first heard.
    pub thread: u32,
    /// The file and the line that told it; none for begin and end.
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

impl Shown {
    /// What one run showed.
    pub fn of<W: Workload>(workload: &W, side: Side, run: &Completed<W>) -> Self {
        let Completed { outcome, trace, .. } = run;
        let pattern = W::CARD.pattern;
        let stopwatches = workload.stopwatches();
        let stopwatches =
            stopwatches.iter().filter_map(|watch| Some((watch.label, trace.between(watch.from, watch.to)?)));
        let events = (0..trace.events.len()).map(|event| ShownEvent::of(pattern, side, trace, event));
        Self {
            pattern,
            side,
            events: events.collect(),
            stopwatches: stopwatches.collect(),
            outcome: OutcomeReport::of(outcome),
            breaches: breaches(workload, side, true, run).into_iter().map(|(_, told)| told).collect(),
        }
    }
}

impl ShownEvent {
    fn of<S: Step>(pattern: Pattern, side: Side, trace: &Trace<S>, event: usize) -> Self {
        let Event { actor, at, thread, source, ref what } = trace.events[event];
        let member = trace.cast[actor];
        Self {
            pattern,
            side,
            event,
            at_ns: at.as_nanos(),
            role: member.role,
            number: member.number,
            thread,
            source: source.map(|source| format!("{}:{}", source.file(), source.line())),
            what: ShownWhat::of(what),
        }
    }
}

impl ShownWhat {
    fn of<S: Step>(what: &What<S>) -> Self {
        match what {
            What::Began => Self::Began,
            What::Said(step) => {
                Self::Said { step: step.shape().name, values: step.shape().object(step.values()) }
            }
            What::Paused(duration) => Self::Paused { notebook_ns: duration.as_nanos() },
            What::Ended(end) => {
                let message = if let End::Panicked(message) = end { Some(message.clone()) } else { None };
                Self::Ended { end: end.kind().to_string(), message }
            }
        }
    }
}
