//! Trials: how often something planted is found, and after how long.

use std::time::Duration;

use compare::timing::{Ratio, Terms};
use shared::Pattern;

use crate::planted::time;

/// As many pairs as a report has: its error is what a trial has.
const PAIRS: usize = 33;

/// What came of several trials.
#[derive(Debug)]
pub(crate) struct Trials {
    trials: u32,
    /// How long each took that found a difference, the shortest first.
    found: Vec<Duration>,
}

/// Plants so much in this pattern so often, and times it each time by so many processes.
pub(crate) fn trials(pattern: Pattern, planted: u64, trials: u32, processes: u32) -> anyhow::Result<Trials> {
    // Judging it takes as long in each.
    let (_, first) = time(pattern, planted, 1)?;
    let mut found = Vec::new();
    for _ in 0..trials {
        let (timing, elapsed) = time(pattern, planted, processes)?;
        let terms = Terms::new(0.0, PAIRS);
        let is_ahead = |count: &usize| {
            Ratio::of(&timing.processes[..*count], terms).is_some_and(|ratio| ratio.winner.is_ahead())
        };
        if let Some(count) = (1..=timing.processes.len()).find(is_ahead) {
            let count = u32::try_from(count).expect("there are at most a thousand");
            found.push(first + elapsed.saturating_sub(first) / (processes - 1) * (count - 1));
        }
    }
    found.sort_unstable();
    Ok(Trials { trials, found })
}

impl Trials {
    /// How many found a difference within so long.
    pub(crate) fn found_within(&self, limit: Duration) -> usize {
        self.found.partition_point(|took| *took <= limit)
    }

    /// How long it took until so many hundredths of all had found one; none where fewer have.
    pub(crate) fn until(&self, hundredths: usize) -> Option<Duration> {
        let due = (self.trials as usize * hundredths).div_ceil(100);
        due.checked_sub(1).and_then(|last| self.found.get(last).copied())
    }
}

/// These seconds, or that there are none.
pub(crate) fn seconds(time: Option<Duration>) -> String {
    time.map_or_else(|| "-".into(), |time| format!("{:.1}", time.as_secs_f64()))
}
