//! Findings: what is known of a pair while its runs are made, and the report that it comes to.

use shared::{Card, Trace};

use crate::behaviour::{Behaviour, Circumstances, Ended, Examination, RunName, conclude, examine};
use crate::lab::{Arm, Broken, Failure, Round};
use crate::pair::{Problem, Yielded};
use crate::report::{OutcomeReport, PairReport, SideReport};

/// What is known of a pair while it is compared; what is of each arm stands in the order of the comparison.
pub(super) struct Findings<'a> {
    problem: &'a dyn Problem,
    arms: [Arm; 2],
    examinations: Vec<Examination>,
    counts: [u32; 2],
    sides: [SideReport; 2],
}

/// The first run that failed.
pub(super) struct Failed {
    pub(super) run: RunName,
    /// In which round; none where it was timed.
    pub(super) round: Option<Round>,
    pub(super) broken: Broken,
}

impl<'a> Findings<'a> {
    /// Nothing is known yet of the runs of this problem that come after so many of each arm.
    pub(super) fn new(problem: &'a dyn Problem, arms: [Arm; 2], after: u32) -> Self {
        Self { problem, arms, examinations: Vec::new(), counts: [after; 2], sides: Default::default() }
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

    /// Whether both arms have run, so that there is something to compare.
    pub(super) fn are_any(&self) -> bool {
        self.sides.iter().all(|side| side.outcome.is_some())
    }

    pub(super) fn conclude(&self) -> Behaviour {
        conclude(self.arms, &self.examinations, &self.problem.differences())
    }

    /// How the arms behave, where this run failed, if one did; and whether it did because the user wanted no more.
    pub(super) fn end(&self, failed: Option<Box<Failed>>) -> (Behaviour, bool) {
        match failed.map(|failed| *failed) {
            None => (self.conclude(), false),
            Some(Failed { broken: Broken { failure: Failure::Interrupted, .. }, .. }) => {
                (self.conclude(), true)
            }
            Some(Failed { run, round, broken }) => {
                (Behaviour::ended(self.arms, Ended::of(run, round, broken.failure)), false)
            }
        }
    }

    /// What is known of the pair before it is timed.
    pub(super) fn report(self, behaviour: Behaviour) -> PairReport {
        let Card { pattern, section, cells, .. } = self.problem.card();
        let [threaded, asynchronous] = self.sides;
        let untimed = behaviour.forbids_timing();
        let (cells, stopwatches) = (cells.into(), Vec::new());
        PairReport {
            pattern,
            section,
            cells,
            threaded,
            asynchronous,
            behaviour,
            timing: None,
            untimed,
            stopwatches,
        }
    }
}
