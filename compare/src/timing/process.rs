//! A process: what it measured of both arms, in blocks that follow each other.

use std::time::Duration;

use fastrand::Rng;
use serde::{Deserialize, Serialize};

use super::order;
use crate::lab::{Arm, Usage};

/// A block times so many runs of each arm that those of the slower would last this long together, took each as long as the
/// first; but not more than so many: starting one takes a tenth of a millisecond.
const BATCH: (Duration, u32) = (Duration::from_micros(500), 8);

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
    /// The order of the arms in each block. More processes decide, not more blocks in each.
    pub blocks: [[Arm; 2]; 2],
    /// How many runs of each arm a block has.
    pub batch: u32,
}

impl Layout {
    /// A layout for arms one run of which takes about so long. Which one begins is drawn, and then they take turns, so that
    /// neither profits from what the other leaves behind.
    pub fn of(arms: [Arm; 2], took: [Duration; 2], rng: &mut Rng) -> Self {
        let (least, most) = BATCH;
        let slower = took.into_iter().max().unwrap_or_default().max(Duration::from_nanos(1));
        let batch = least.as_nanos().div_ceil(slower.as_nanos());
        let batch = u32::try_from(batch).map_or(most, |batch| batch.min(most));
        let begins = u32::from(!rng.bool());
        Self { blocks: [begins, begins + 1].map(|turn| order(arms, turn)), batch }
    }
}

impl Process {
    /// The first arm's time over that of the second: the geometric mean of the blocks' ratios, in which what it is worth to
    /// begin cancels out (in a mean it would not: of x·d and x/d, that is more than x); none without any.
    pub fn ratio(&self) -> Option<f64> {
        let [first, second] = &self.blocks_ns;
        #[expect(clippy::cast_precision_loss, reason = "half a nanosecond in half a year is nothing")]
        let log =
            |(first, second): (&u64, &u64)| (*first.max(&1) as f64).ln() - (*second.max(&1) as f64).ln();
        let logs: Vec<f64> = first.iter().zip(second).map(log).collect();
        #[expect(clippy::cast_precision_loss, reason = "there are two blocks")]
        let count = logs.len() as f64;
        (!logs.is_empty()).then(|| (logs.iter().sum::<f64>() / count).exp())
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
        assert_eq!(Process::default().ratio(), None);
    }

    #[test]
    fn short_runs_are_timed_together_and_each_arm_begins_as_often() {
        let layout = |micros: [u64; 2], seed| {
            Layout::of(Arm::DEFAULT, micros.map(Duration::from_micros), &mut Rng::with_seed(seed))
        };
        let batches =
            [[900, 300], [150, 40], [7, 3], [0, 0], [40_000, 90_000]].map(|took| layout(took, 0).batch);
        assert_eq!(batches, [1, 4, 8, 8, 1]);
        let mut began = BTreeSet::new();
        for seed in 0..20 {
            let Layout { blocks, .. } = layout([150, 40], seed);
            assert_eq!(blocks.iter().filter(|block| block[0] == Arm::THREADS).count(), 1);
            began.insert(blocks[0][0]);
        }
        assert_eq!(began.len(), 2);
    }
}
