//! A run for looking at: its events, whatever their pattern.

use std::time::Duration;

use serde::Serialize;
use serde_json::{Map, Value};
use shared::trace::{Event, What};
use shared::{End, Inside, Kind as _, Law, Pattern, Side, Step, Trace, Workload};

use crate::behaviour::{Circumstances, Finding, RunName, findings};
use crate::report::OutcomeReport;

/// A run of one side, for looking at.
#[derive(Debug, Serialize)]
pub struct Shown {
    /// The pattern.
    pub pattern: Pattern,
    /// Which side ran.
    pub side: Side,
    /// Its number among the runs of that side.
    pub number: u32,
    /// Each event of the run, in order.
    pub events: Vec<ShownEvent>,
    /// The times that the cell prints.
    #[serde(skip)]
    pub stopwatches: Vec<(&'static str, Duration)>,
    /// What the run yielded; none where it failed.
    pub outcome: Option<OutcomeReport>,
    /// Where it breaks what the workload asks for.
    pub findings: Vec<Finding>,
    /// Who may be inside what, as its laws say.
    pub regions: Vec<Region>,
}

/// A part of the run that only so many actors may be inside at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Region {
    /// How many.
    pub most: usize,
    /// The steps that enter.
    pub enter: Vec<&'static str>,
    /// The steps that leave.
    pub leave: Vec<&'static str>,
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
    /// The actor, by its place in the cast.
    pub actor: usize,
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
    /// What one run showed; a run without an outcome has failed, and is not judged.
    pub fn of<W: Workload>(
        workload: &W,
        run: RunName,
        outcome: Option<&W::Outcome>,
        trace: &Trace<W::Step>,
    ) -> Self {
        let (pattern, side) = (W::CARD.pattern, run.side);
        let circumstances = Circumstances { run, sequenced: true, calm: false };
        let names = |kinds: &[<W::Step as Step>::Kind]| kinds.iter().map(|kind| kind.name()).collect();
        let laws = workload.laws();
        let regions = laws.iter().filter_map(Law::inside);
        let regions = regions.map(|Inside { most, enter, leave }| Region {
            most,
            enter: names(enter),
            leave: names(leave),
        });
        let stopwatches = workload.stopwatches();
        let stopwatches =
            stopwatches.iter().filter_map(|watch| Some((watch.label, trace.between(watch.from, watch.to)?)));
        let events = (0..trace.events.len()).map(|event| ShownEvent::of(pattern, side, trace, event));
        Self {
            pattern,
            side,
            number: run.number,
            events: events.collect(),
            stopwatches: stopwatches.collect(),
            outcome: outcome.map(OutcomeReport::of),
            findings: outcome
                .map(|outcome| findings(workload, circumstances, outcome, trace))
                .unwrap_or_default(),
            regions: regions.collect(),
        }
    }
}

impl ShownEvent {
    /// One event of a trace.
    pub fn of<S: Step>(pattern: Pattern, side: Side, trace: &Trace<S>, event: usize) -> Self {
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
