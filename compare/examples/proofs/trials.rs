//! Trials: how often something planted is found, and after how long.

use std::time::Duration;

use compare::timing::{Ratio, Terms};
use shared::Pattern;

use crate::planted::time;

/// As many pairs as a report has: its error is what a trial has.
const PAIRS: usize = 33;

/// So many processes are asked for at a time.
const STEP: u32 = 50;

/// What came of several trials.
#[derive(Debug)]
pub(crate) struct Trials {
    trials: u32,
    /// How long each took that found a difference, the shortest first.
    found: Vec<Duration>,
}

/// Plants so much in this pattern so often, and times it each time until it is found, by so many processes at most.
pub(crate) fn trials(pattern: Pattern, planted: u64, trials: u32, most: u32) -> anyhow::Result<Trials> {
    // Judging it takes as long in each.
    let (_, first) = time(pattern, planted, 1)?;
    let found = (0..trials).map(|_| trial(pattern, planted, most, first));
    let mut found: Vec<Duration> = found.filter_map(Result::transpose).collect::<anyhow::Result<_>>()?;
    found.sort_unstable();
    Ok(Trials { trials, found })
}

/// How long it takes until a difference is found, of which the judgement takes so long with the first process; none where so
/// many processes find none.
fn trial(pattern: Pattern, planted: u64, most: u32, first: Duration) -> anyhow::Result<Option<Duration>> {
    let (mut processes, mut took) = (Vec::new(), first);
    for _ in 0..most / STEP {
        let (timing, elapsed) = time(pattern, planted, STEP)?;
        for process in timing.processes {
            processes.push(process);
            took += elapsed.saturating_sub(first) / (STEP - 1);
            if Ratio::of(&processes, Terms::new(0.0, PAIRS)).is_some_and(|ratio| ratio.winner.is_ahead()) {
                return Ok(Some(took));
            }
        }
    }
    Ok(None)
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
