//! Findings: what is known of a pair while its runs are made, and the report that it comes to.

use std::time::Duration;

use shared::trace::What;
use shared::{Card, Side, Workload};

use crate::behaviour::{Behaviour, Examination, conclude, examine};
use crate::lab::Completed;
use crate::report::{OutcomeReport, PairReport, SamplesReport, SideReport, StopwatchReport, Timing};
use crate::timing::{Ratio, Samples};
use crate::usage::Usage;

/// What is known of a pair while it is compared.
pub(crate) struct Findings<W: Workload> {
    pub(crate) workload: W,
    examinations: Vec<Examination>,
    threaded: SideReport,
    asynchronous: SideReport,
    /// The most pauses that a run made.
    pauses: u32,
}

/// The times of one pair.
#[derive(Default)]
pub(crate) struct Measured {
    pub(crate) paced: Option<Samples>,
    pub(crate) coordination: Option<Samples>,
    /// A place for each stopwatch.
    pub(crate) watched: Vec<Samples>,
    /// What each timed run used of the machine.
    pub(crate) used: Vec<(Side, Usage)>,
    pub(crate) timer_error: Duration,
}

impl<W: Workload> Default for Findings<W> {
    fn default() -> Self {
        let (threaded, asynchronous) = (SideReport::default(), SideReport::default());
        Self { workload: W::default(), examinations: Vec::new(), threaded, asynchronous, pauses: 0 }
    }
}

impl<W: Workload> Findings<W> {
    fn side(&mut self, side: Side) -> &mut SideReport {
        match side {
            Side::Threaded => &mut self.threaded,
            Side::Asynchronous => &mut self.asynchronous,
        }
    }

    pub(crate) fn note(&mut self, side: Side, sequenced: bool, run: &Completed<W>) {
        self.examinations.push(examine(&self.workload, side, sequenced, run));
        let pauses = run.trace.events.iter().filter(|event| matches!(event.what, What::Paused(_))).count();
        self.pauses = self.pauses.max(u32::try_from(pauses).unwrap_or(u32::MAX));
        let report = self.side(side);
        if report.outcome.is_none() {
            report.outcome = Some(OutcomeReport::of(&run.outcome));
            report.actors = Some(run.trace.cast.len());
            report.steps = Some(run.trace.said().count());
        }
    }

    pub(crate) fn conclude(&self) -> Behaviour {
        conclude(&self.examinations, &self.workload.differences())
    }

    pub(crate) fn report(
        mut self,
        behaviour: Behaviour,
        untimed: Option<String>,
        measured: Measured,
    ) -> PairReport {
        let Measured { paced, coordination, watched, used, timer_error } = measured;
        // The longest chain of pauses is at most all of them, so the timer is excused for at most this.
        let excused = timer_error.saturating_mul(self.pauses);
        let timing = untimed.is_none().then(|| Timing {
            paced: paced.as_ref().and_then(|samples| Ratio::of(samples, excused)),
            coordination: coordination.as_ref().and_then(|samples| Ratio::of(samples, Duration::ZERO)),
        });
        let stopwatches = self.workload.stopwatches().into_iter().zip(&watched);
        let stopwatches =
            stopwatches.filter_map(|(watch, samples)| StopwatchReport::of(watch.label, samples)).collect();
        for side in Side::BOTH {
            let times = |samples: &Option<Samples>| samples.as_ref().map(|samples| samples.of(side).to_vec());
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
