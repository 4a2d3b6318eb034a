//! Findings: what is known of a pair while its runs are made, and the report that it comes to.

use std::time::Duration;

use shared::{Card, Side, Trace};

use super::measured::Measured;
use crate::behaviour::{Behaviour, Circumstances, Examination, RunName, conclude, examine};
use crate::lab::{Arm, Usage};
use crate::pair::{Problem, Yielded};
use crate::report::{OutcomeReport, PairReport, SamplesReport, SideReport, StopwatchReport, Timing};
use crate::timing::{Ratio, Samples, chain_of_pauses};

/// What is known of a pair while it is compared; what is of each arm stands in the order of the comparison.
pub(super) struct Findings<'a> {
    problem: &'a dyn Problem,
    arms: [Arm; 2],
    examinations: Vec<Examination>,
    counts: [u32; 2],
    sides: [SideReport; 2],
    /// The longest chain of pauses in a run with waits.
    chain: u32,
}

impl<'a> Findings<'a> {
    /// Nothing is known yet of the runs of this problem.
    pub(super) fn new(problem: &'a dyn Problem, arms: [Arm; 2]) -> Self {
        Self { problem, arms, examinations: Vec::new(), counts: [0; 2], sides: Default::default(), chain: 0 }
    }

    /// The place of an arm in the comparison.
    pub(super) fn place(&self, arm: Arm) -> usize {
        usize::from(arm != self.arms[0])
    }

    /// The name of an arm's next run.
    pub(super) fn next(&self, arm: Arm) -> RunName {
        RunName { arm, number: self.counts[self.place(arm)] + 1 }
    }

    /// Forgets what is of later rounds than so many.
    pub(super) fn keep_rounds(&mut self, rounds: usize) {
        self.examinations.retain(|run| run.number() as usize <= rounds);
    }

    /// Examines a run of this problem, which may be another than that of the pair in its plan.
    pub(super) fn note(
        &mut self,
        problem: &dyn Problem,
        circumstances: Circumstances,
        yielded: &Yielded,
        trace: &Trace,
    ) {
        let place = self.place(circumstances.run.arm);
        self.counts[place] += 1;
        self.examinations.push(examine(problem, circumstances, yielded, trace));
        let report = &mut self.sides[place];
        if report.outcome.is_none() {
            report.outcome = Some(OutcomeReport::of(yielded));
            report.actors = Some(trace.cast.len());
            report.steps = Some(trace.said().count());
        }
    }

    /// Notes how many pauses follow each other in a run that makes them.
    pub(super) fn note_pauses(&mut self, trace: &Trace) {
        self.chain = self.chain.max(chain_of_pauses(trace));
    }

    /// Whether both arms have run, so that there is something to compare.
    pub(super) fn are_any(&self) -> bool {
        self.sides.iter().all(|side| side.outcome.is_some())
    }

    pub(super) fn conclude(&self) -> Behaviour {
        conclude(self.arms, &self.examinations, &self.problem.differences())
    }

    pub(super) fn report(
        mut self,
        behaviour: Behaviour,
        untimed: Option<String>,
        measured: Measured,
    ) -> PairReport {
        let Measured { paced, coordination, watched, used, timer_error } = measured;
        // Tasks have the slower timer; where both arms are tasks, both have.
        let [one, other] = self.arms.map(Arm::side);
        let late = timer_error.saturating_mul(self.chain);
        let excused = [one, other]
            .map(|side| if one != other && side == Side::Asynchronous { late } else { Duration::ZERO });
        let timing = untimed.is_none().then(|| Timing {
            paced: Ratio::of(&paced, excused),
            coordination: Ratio::of(&coordination, [Duration::ZERO; 2]),
        });
        let stopwatches = self.problem.stopwatches().into_iter().zip(&watched);
        let stopwatches =
            stopwatches.filter_map(|(watch, samples)| StopwatchReport::of(watch.label, samples)).collect();
        for (place, side) in self.sides.iter_mut().enumerate() {
            let times = |samples: &Samples| (!samples.is_empty()).then(|| samples.0[place].clone());
            side.samples_ns = SamplesReport { paced: times(&paced), coordination: times(&coordination) };
            side.usage = used[place].unwrap_or_else(Usage::default);
        }
        let Card { pattern, section, cells, .. } = self.problem.card();
        let [threaded, asynchronous] = self.sides;
        PairReport {
            pattern,
            section,
            cells: cells.into(),
            threaded,
            asynchronous,
            behaviour,
            timing,
            untimed,
            stopwatches,
        }
    }
}
