//! Findings: what is known of a pair while its runs are made, and the report that it comes to.

use std::time::Duration;

use shared::{Card, Trace};

use crate::behaviour::{Behaviour, Circumstances, Ended, Examination, RunName, conclude, examine};
use crate::lab::{Arm, Broken, Failure, Round};
use crate::pair::{Problem, Yielded, goes_by_clock};
use crate::report::{Counts, OutcomeReport, PairReport, SideReport, StopwatchReport};
use crate::timing::Waits;

/// What is compared besides, where an idiom of tokio's waits for nothing.
const CLOCK: &str = "tokio's clock, which takes a millisecond for a pause of nothing";

/// What is known of a pair while it is compared; what is of each arm stands in the order of the comparison.
pub(super) struct Findings<'a> {
    problem: &'a dyn Problem,
    pub(super) arms: [Arm; 2],
    examinations: Vec<Examination>,
    counts: [u32; 2],
    sides: [SideReport; 2],
    waits: Waits,
    /// What the actors of each arm did in each run with neither waits nor noise.
    counted: [Vec<Counts>; 2],
    /// The times of each stopwatch, of each arm.
    watched: Vec<[Vec<Duration>; 2]>,
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
        Self {
            problem,
            arms,
            examinations: Vec::new(),
            counts: [after; 2],
            sides: Default::default(),
            waits: Waits::default(),
            counted: Default::default(),
            watched: Vec::new(),
        }
    }

    /// Whether nothing but outcomes can be compared, because the actors of an arm say nothing.
    pub(super) fn tell_outcomes_alone(&self) -> bool {
        self.arms.iter().any(|arm| arm.is_idiom())
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
        if let Some(round) = &circumstances.round {
            self.note_times(problem, place, round, trace);
        }
        self.examinations.push(examine(problem, circumstances, yielded, trace));
        let report = &mut self.sides[place];
        if report.outcome.is_none() {
            report.outcome = Some(OutcomeReport::of(yielded));
            report.actors = Some(trace.cast.len());
            report.steps = Some(trace.said().count());
        }
    }

    /// Notes how long a run of the arm in this place took, if it was left alone.
    fn note_times(&mut self, problem: &dyn Problem, place: usize, round: &Round, trace: &Trace) {
        // The notebook's own waits are a part of the times that it prints: the runs with waits count, if there are any.
        if round.is_paced() || (round.is_calm() && self.waits.is_empty()) {
            let stopwatches = problem.stopwatches();
            self.watched.resize_with(stopwatches.len(), Default::default);
            for (watch, times) in stopwatches.iter().zip(&mut self.watched) {
                times[place].push(trace.between(watch.from, watch.to).unwrap_or_default());
            }
        }
        if round.is_paced() {
            self.waits.note(place, trace);
        }
        if round.is_calm() {
            self.counted[place].push(Counts::of(trace));
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
    pub(super) fn report(mut self, behaviour: Behaviour) -> PairReport {
        for (side, counted) in self.sides.iter_mut().zip(&self.counted) {
            side.counts = Counts::median(counted);
        }
        let Card { pattern, section, cells, .. } = self.problem.card();
        let untimed = behaviour.forbids_timing();
        let goes_by_clock = |arm: &Arm| arm.is_idiom() && goes_by_clock(pattern, arm.side());
        let clock = self.arms.iter().any(goes_by_clock).then_some(CLOCK);
        let stopwatches = self.problem.stopwatches().into_iter().zip(&self.watched);
        let stopwatches = stopwatches.filter_map(|(watch, times)| StopwatchReport::of(watch.label, times));
        PairReport {
            pattern,
            section,
            cells: cells.into(),
            sides: self.sides,
            behaviour,
            waits: (!self.waits.is_empty()).then_some(self.waits),
            compares: self.problem.compares().or(clock).map(str::to_owned),
            timing: None,
            untimed,
            stopwatches: stopwatches.collect(),
        }
    }
}
