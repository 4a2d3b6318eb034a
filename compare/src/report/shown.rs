//! A run for looking at: its events, whatever their pattern.

use std::borrow::Cow;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use shared::{Inside, Law, Pattern, Shape, Stopwatch, Trace};

use super::OutcomeReport;
use crate::archive::{ShownEvent, ShownWhat};
use crate::behaviour::{Circumstances, Finding, RunName, findings};
use crate::lab::{Arm, Round};
use crate::pair::{Problem, Yielded};

/// A run of one arm, for looking at.
#[derive(Debug, Serialize, Deserialize)]
pub struct Shown {
    /// The pattern.
    pub pattern: Pattern,
    /// Which arm ran.
    pub arm: Arm,
    /// Its number among the runs of that arm.
    pub number: u32,
    /// What was set otherwise in its plan than in that of the pair.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub plan: Map<String, Value>,
    /// The steps that the pattern declares, in that order.
    pub steps: Vec<Cow<'static, str>>,
    /// Each event of the run, in order.
    pub events: Vec<ShownEvent>,
    /// What the run yielded; none where it failed.
    pub outcome: Option<OutcomeReport>,
    /// Where it breaks what the workload asks for.
    pub findings: Vec<Finding>,
    /// Who may be inside what, as its laws say.
    pub regions: Vec<Region>,
}

/// A part of the run that only so many actors may be inside at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Region {
    /// How many.
    pub most: usize,
    /// The steps that enter.
    pub enter: Vec<Cow<'static, str>>,
    /// The steps that leave.
    pub leave: Vec<Cow<'static, str>>,
}

impl Shown {
    /// The time that this stopwatch showed; none where its steps were not said.
    pub fn time(&self, watch: &Stopwatch) -> Option<Duration> {
        let first = |shape: &Shape| {
            let is = |event: &&ShownEvent| matches!(&event.what, ShownWhat::Said { step, .. } if step == shape.name);
            self.events.iter().find(is).map(|event| event.at_ns)
        };
        first(watch.to)?.checked_sub(first(watch.from)?).map(Duration::from_nanos)
    }

    /// What one run of this problem showed, in this round; a run without an outcome has failed, and is not judged.
    pub fn of(
        problem: &dyn Problem,
        run: RunName,
        round: &Round,
        yielded: Option<&Yielded>,
        trace: &Trace,
    ) -> Self {
        let pattern = problem.card().pattern;
        let circumstances = Circumstances::judged(run, round.clone());
        let names = |shapes: &[&'static Shape]| shapes.iter().map(|shape| shape.name.into()).collect();
        let laws = problem.laws();
        let regions = laws.iter().filter_map(Law::inside);
        let regions = regions.map(|Inside { most, enter, leave }| Region {
            most,
            enter: names(enter),
            leave: names(leave),
        });
        let events =
            (0..trace.events.len()).map(|event| ShownEvent::of(pattern, run.arm.side(), trace, event));
        Self {
            pattern,
            arm: run.arm,
            number: run.number,
            plan: round.plan.clone(),
            steps: problem.shapes().iter().map(|shape| shape.name.into()).collect(),
            events: events.collect(),
            outcome: yielded.map(OutcomeReport::of),
            findings: yielded
                .map(|yielded| findings(problem, &circumstances, yielded, trace))
                .unwrap_or_default(),
            regions: regions.collect(),
        }
    }
}
