//! What is measured of a pair while it is timed.

use std::time::Duration;

use shared::Stopwatch;

use crate::lab::{Completed, Usage};
use crate::timing::{Regime, Samples};

/// The times of one pair; what is of each arm stands in the order of the comparison.
#[derive(Debug, Default)]
pub(super) struct Measured {
    pub(super) paced: Samples,
    pub(super) coordination: Samples,
    /// A place for each stopwatch.
    pub(super) watched: Vec<Samples>,
    /// What all timed runs used of the machine together; none without any.
    pub(super) used: [Option<Usage>; 2],
    /// How much later than a thread's a task's timer is.
    pub(super) timer_error: Duration,
}

impl Measured {
    pub(super) fn is_empty(&self) -> bool {
        self.used == [None; 2]
    }

    /// Notes a run of the arm in this place.
    pub(super) fn note(&mut self, regime: Regime, place: usize, run: &Completed, stopwatches: &[Stopwatch]) {
        let used = &mut self.used[place];
        *used = Some(used.map_or(run.usage, |used| used.plus(run.usage)));
        // The notebook's own waits are a part of the times that it prints, so the paced runs, if any, are shown.
        if regime == Regime::Paced || self.paced.is_empty() {
            self.watched.resize_with(stopwatches.len(), Samples::default);
            for (watch, Samples(times)) in stopwatches.iter().zip(&mut self.watched) {
                times[place].push(run.trace.between(watch.from, watch.to).unwrap_or_default());
            }
        }
        let Samples(times) = match regime {
            Regime::Paced => &mut self.paced,
            Regime::Coordination => &mut self.coordination,
        };
        times[place].push(run.trace.elapsed().unwrap_or_default());
    }
}
