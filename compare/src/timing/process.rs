//! A process: what it measured of both arms, in blocks that follow each other.

use std::time::Duration;

use fastrand::Rng;
use serde::{Deserialize, Serialize};

use super::median::median;
use super::order;
use crate::lab::{Arm, Usage};

/// A block times so many runs of each arm that those of the slower would last this long together, took each as long as the
/// first; but not more than so many: starting one takes a tenth of a millisecond.
const BATCH: (Duration, u32) = (Duration::from_micros(500), 8);

/// A couple is two blocks, one of which each arm begins. The first processes have one: most arms differ by far, and then
/// more processes decide sooner than more of each. Beyond so many the difference is small, and each has this many.
const COUPLES: (u32, u32) = (20, 3);

/// What one process measured; what is of each arm stands in the order of the comparison.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Process {
    /// How long a run took, in the mean of each block, in nanoseconds.
    pub blocks_ns: [Vec<u64>; 2],
    /// How many runs of each arm a block has.
    pub batch: u32,
    /// What all its timed runs used of the machine together; none without any.
    pub usage: [Option<Usage>; 2],
}

/// How the blocks of a process are laid out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// The order of the arms in each block.
    pub blocks: Vec<[Arm; 2]>,
    /// How many runs of each arm a block has.
    pub batch: u32,
}

impl Layout {
    /// The layout of the process of this number, for arms one run of which takes about so long. Which one begins is drawn,
    /// and then they take turns, so that neither profits from what the other leaves behind.
    pub fn of(arms: [Arm; 2], number: u32, took: [Duration; 2], rng: &mut Rng) -> Self {
        let (least, most) = BATCH;
        let slower = took.into_iter().max().unwrap_or_default().max(Duration::from_nanos(1));
        let batch = least.as_nanos().div_ceil(slower.as_nanos());
        let batch = u32::try_from(batch).map_or(most, |batch| batch.min(most));
        let (first, close) = COUPLES;
        let couples = if number < first { 1 } else { close };
        let begins = u32::from(!rng.bool());
        Self { blocks: (begins..begins + 2 * couples).map(|turn| order(arms, turn)).collect(), batch }
    }
}

impl Process {
    /// The first arm's time over that of the second, none without any blocks: the median over the couples, whose own is the
    /// geometric mean of both blocks', in which what it is worth to begin cancels out (in a mean it would not: of x·d and
    /// x/d, that is more than x).
    pub fn ratio(&self) -> Option<f64> {
        let [first, second] = &self.blocks_ns;
        #[expect(clippy::cast_precision_loss, reason = "half a nanosecond in half a year is nothing")]
        let log =
            |(first, second): (&u64, &u64)| (*first.max(&1) as f64).ln() - (*second.max(&1) as f64).ln();
        let logs: Vec<f64> = first.iter().zip(second).map(log).collect();
        #[expect(clippy::cast_precision_loss, reason = "there are two blocks in a couple")]
        let mean = |couple: &[f64]| couple.iter().sum::<f64>() / couple.len() as f64;
        median(logs.chunks(2).map(mean).collect()).map(f64::exp)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::time::Duration;

    use fastrand::Rng;

    use super::{Layout, Process};
    use crate::lab::Arm;

    #[test]
    fn a_process_gives_one_ratio_to_which_it_does_not_matter_who_began() {
        let process = |blocks_ns| Process { blocks_ns, batch: 3, usage: [None; 2] };
        // Whoever begins takes 1.5 times as long.
        let ratio = process([vec![300, 200], vec![100, 150]]).ratio().expect("it has blocks");
        let turned = process([vec![100, 150], vec![300, 200]]).ratio().expect("it has blocks");
        assert!((ratio - 2.0).abs() < 1e-9 && (ratio * turned - 1.0).abs() < 1e-9, "{ratio} {turned}");
        // The first of three couples was disturbed.
        let ratio = process([vec![900, 300, 200, 100, 200, 100], vec![100; 6]]).ratio();
        assert!(ratio.is_some_and(|ratio| (ratio - 2_f64.sqrt()).abs() < 1e-9), "{ratio:?}");
        assert_eq!(Process::default().ratio(), None);
    }

    #[test]
    fn short_runs_are_timed_together_and_each_arm_begins_as_often() {
        let layout = |number, micros: [u64; 2], seed| {
            Layout::of(Arm::DEFAULT, number, micros.map(Duration::from_micros), &mut Rng::with_seed(seed))
        };
        let batches =
            [[900, 300], [150, 40], [7, 3], [0, 0], [40_000, 90_000]].map(|took| layout(0, took, 0).batch);
        assert_eq!(batches, [1, 4, 8, 8, 1]);
        for (number, couples) in [(0, 1), (19, 1), (20, 3)] {
            let mut began = BTreeSet::new();
            for seed in 0..20 {
                let Layout { blocks, .. } = layout(number, [150, 40], seed);
                let threads = blocks.iter().filter(|block| block[0] == Arm::THREADS);
                assert_eq!([threads.count(), blocks.len()], [couples, 2 * couples]);
                began.insert(blocks[0][0]);
            }
            assert_eq!(began.len(), 2);
        }
    }
}
