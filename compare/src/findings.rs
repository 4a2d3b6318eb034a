//! Findings: what is known of a pair while its runs are made, and the report that it comes to.

use std::time::Duration;

use shared::{Card, Side, Stopwatch, Trace, Workload};

use crate::behaviour::{Behaviour, Circumstances, Examination, RunName, conclude, examine};
use crate::lab::Completed;
use crate::report::{OutcomeReport, PairReport, SamplesReport, SideReport, StopwatchReport, Timing};
use crate::timing::{Ratio, Regime, Samples, chain_of_pauses};
use crate::usage::Usage;

/// What is known of a pair while it is compared.
pub(crate) struct Findings<W: Workload> {
    pub(crate) plan: W,
    examinations: Vec<Examination>,
    /// How many of them are of each side.
    counts: [u32; 2],
    threaded: SideReport,
    asynchronous: SideReport,
    /// The longest chain of pauses in a run with waits.
    chain: u32,
}

/// The times of one pair.
#[derive(Default)]
pub(crate) struct Measured {
    paced: Samples,
    coordination: Samples,
    /// A place for each stopwatch.
    watched: Vec<Samples>,
    /// What each timed run used of the machine.
    used: Vec<(Side, Usage)>,
    pub(crate) timer_error: Duration,
}

impl Measured {
    pub(crate) fn is_empty(&self) -> bool {
        self.used.is_empty()
    }

    pub(crate) fn note<W: Workload>(
        &mut self,
        regime: Regime,
        side: Side,
        run: &Completed<W>,
        stopwatches: &[Stopwatch<W::Step>],
    ) {
        self.used.push((side, run.usage));
        // The notebook's own waits are a part of the times that it prints, so the paced runs, if any, are shown.
        if regime == Regime::Paced || self.paced.is_empty() {
            self.watched.resize_with(stopwatches.len(), Samples::default);
            for (watch, times) in stopwatches.iter().zip(&mut self.watched) {
                times.push(side, run.trace.between(watch.from, watch.to).unwrap_or_default());
            }
        }
        let samples = match regime {
            Regime::Paced => &mut self.paced,
            Regime::Coordination => &mut self.coordination,
        };
        samples.push(side, run.trace.elapsed().unwrap_or_default());
    }
}

impl<W: Workload> Findings<W> {
    /// Nothing is known yet of the runs of this plan.
    pub(crate) fn new(plan: W) -> Self {
        let (threaded, asynchronous) = (SideReport::default(), SideReport::default());
        Self { plan, examinations: Vec::new(), counts: [0; 2], threaded, asynchronous, chain: 0 }
    }

    /// The name of a side's next run.
    pub(crate) fn next(&self, side: Side) -> RunName {
        RunName { side, number: self.counts[side as usize] + 1 }
    }

    /// Forgets what is of later rounds than so many.
    pub(crate) fn keep_rounds(&mut self, rounds: usize) {
        self.examinations.retain(|run| run.number() as usize <= rounds);
    }

    fn side(&mut self, side: Side) -> &mut SideReport {
        match side {
            Side::Threaded => &mut self.threaded,
            Side::Asynchronous => &mut self.asynchronous,
        }
    }

    /// Examines a run.
    pub(crate) fn note(
        &mut self,
        circumstances: Circumstances,
        outcome: &W::Outcome,
        trace: &Trace<W::Step>,
    ) {
        self.counts[circumstances.run.side as usize] += 1;
        self.examinations.push(examine(&self.plan, circumstances, outcome, trace));
        let report = self.side(circumstances.run.side);
        if report.outcome.is_none() {
            report.outcome = Some(OutcomeReport::of(outcome));
            report.actors = Some(trace.cast.len());
            report.steps = Some(trace.said().count());
        }
    }

    /// Notes how many pauses follow each other in a run that makes them.
    pub(crate) fn note_pauses(&mut self, trace: &Trace<W::Step>) {
        self.chain = self.chain.max(chain_of_pauses(trace));
    }

    /// Whether both sides have run, so that there is something to compare.
    pub(crate) fn are_any(&self) -> bool {
        self.threaded.outcome.is_some() && self.asynchronous.outcome.is_some()
    }

    pub(crate) fn conclude(&self) -> Behaviour {
        conclude(&self.examinations, &self.plan.differences())
    }

    pub(crate) fn report(
        mut self,
        behaviour: Behaviour,
        untimed: Option<String>,
        measured: Measured,
    ) -> PairReport {
        let Measured { paced, coordination, watched, used, timer_error } = measured;
        let excused = timer_error.saturating_mul(self.chain);
        let timing = untimed.is_none().then(|| Timing {
            paced: Ratio::of(&paced, excused),
            coordination: Ratio::of(&coordination, Duration::ZERO),
        });
        let stopwatches = self.plan.stopwatches().into_iter().zip(&watched);
        let stopwatches =
            stopwatches.filter_map(|(watch, samples)| StopwatchReport::of(watch.label, samples)).collect();
        for side in Side::BOTH {
            let times = |samples: &Samples| (!samples.is_empty()).then(|| samples.of(side).to_vec());
            let (paced, coordination) = (times(&paced), times(&coordination));
            let used = used.iter().filter(|(of, _)| *of == side).map(|(_, usage)| *usage);
            let report = self.side(side);
            report.samples_ns = SamplesReport { paced, coordination };
            report.usage = used.reduce(Usage::plus).unwrap_or_default();
        }
        let Card { pattern, section, cells, .. } = W::CARD;
        let Self { threaded, asynchronous, .. } = self;
        PairReport {
            pattern,
            section,
            cells,
            threaded,
            asynchronous,
            behaviour,
            timing,
            untimed,
            stopwatches,
        }
    }
}
