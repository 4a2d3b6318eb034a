//! A process: what it measured of both arms.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::nanos;
use crate::lab::Usage;

/// A block is so many timed runs of one arm, one after the other.
const BLOCK: u32 = 2;

/// Where a run takes longer, a block is a single one: in the same time, more processes tell more than longer ones.
const LONG: Duration = Duration::from_millis(2);

/// How many runs a block has, where the slower arm's first, which nobody times, took so long.
pub fn runs_of_a_block(took: Duration) -> u32 {
    if took > LONG { 1 } else { BLOCK }
}

/// What one process measured; what is of each arm stands in the order of the comparison.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Process {
    /// How long each timed run took, in nanoseconds, in their order.
    pub runs_ns: [Vec<u64>; 2],
    /// What they used of the machine together; none without any.
    pub usage: [Option<Usage>; 2],
}

impl Process {
    /// Notes a timed run of the arm in this place, and what it used.
    pub fn note(&mut self, place: usize, took: Duration, usage: Usage) {
        self.runs_ns[place].push(nanos(took));
        let used = &mut self.usage[place];
        *used = Some(used.map_or(usage, |used| used.plus(usage)));
    }

    /// What the arm in this place takes: the time of the fastest of its few runs, none without any. What else a machine does
    /// makes a run longer, so that is, as a rule, the one in which it was disturbed least.
    ///
    /// Not taken: their mean, by which the ratios of processes spread five times as far where both arms run the same loop;
    /// their mean or median, by which threads that wait for each other take ten times as long beside a busy core; and the
    /// fastest of many, which says what a run takes once in a while, and not what it takes.
    ///
    /// Source: Chen and Revels, "Robust benchmarking in noisy environments" (2016).
    pub fn took(&self, place: usize) -> Option<Duration> {
        self.runs_ns[place].iter().copied().min().map(Duration::from_nanos)
    }

    /// The first arm's time over that of the second; none without any runs of both.
    pub fn ratio(&self) -> Option<f64> {
        let [first, second] =
            [0, 1].map(|place| self.took(place).map(|took| took.max(Duration::from_nanos(1))));
        Some(first?.as_secs_f64() / second?.as_secs_f64())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Process, runs_of_a_block};
    use crate::lab::Usage;

    #[test]
    fn a_process_gives_the_ratio_of_the_fastest_runs() {
        let mut process = Process::default();
        let mut note = |place, runs: &[u64]| {
            for took in runs {
                let usage = Usage { voluntary: Some(1), ..Usage::default() };
                process.note(place, Duration::from_micros(*took), usage);
            }
            process.ratio()
        };
        assert_eq!(note(0, &[900, 300, 310]), None);
        assert_eq!(note(1, &[150, 9_000]), Some(2.0));
        assert_eq!(process.usage.map(|usage| usage.and_then(|usage| usage.voluntary)), [Some(3), Some(2)]);
        assert_eq!((Process::default().ratio(), Process::default().took(0)), (None, None));
        // A clock may stand still.
        assert_eq!(Process { runs_ns: [vec![0], vec![0]], ..Process::default() }.ratio(), Some(1.0));
    }

    #[test]
    fn a_block_has_two_runs_unless_they_are_long() {
        assert_eq!(
            [0, 7, 1_900, 2_100, 40_000].map(|took| runs_of_a_block(Duration::from_micros(took))),
            [2, 2, 2, 1, 1]
        );
    }
}
