//! The report of one call: all its pairs.

use serde::{Deserialize, Serialize};

use super::{Effort, PairReport};
use crate::behaviour::Verdict;
use crate::lab::{Arm, Environment, Settings};

/// All pairs of one call.
#[derive(Debug, Serialize, Deserialize)]
pub struct Report {
    /// The version of this document's form.
    pub schema: u32,
    /// Where it was measured.
    pub environment: Environment,
    /// How it was measured.
    pub settings: Settings,
    /// Which arms: the first is compared with each of the others.
    pub arms: Vec<Arm>,
    /// What was done to decide who is faster.
    pub effort: Effort,
    /// Whether the user wanted no more before all pairs were compared.
    pub interrupted: bool,
    /// How many pairs were to be compared, each once for every two arms.
    pub selected: usize,
    /// Each pair, in the notebook's order, and all again for the next two arms; the last may be compared in part, if
    /// interrupted.
    pub pairs: Vec<PairReport>,
}

impl Report {
    /// How many pairs came to this verdict.
    pub fn count(&self, verdict: Verdict) -> usize {
        self.pairs.iter().filter(|pair| pair.behaviour.verdict == verdict).count()
    }

    /// The pairs, apart by the arms that they compare.
    pub fn comparisons(&self) -> impl Iterator<Item = ([Arm; 2], &[PairReport])> {
        let arms = |pair: &PairReport| pair.behaviour.arms;
        self.pairs
            .chunk_by(move |one, next| arms(one) == arms(next))
            .map(move |pairs| (arms(&pairs[0]), pairs))
    }

    /// Whether all pairs agree.
    pub fn agrees(&self) -> bool {
        self.pairs.iter().all(|pair| pair.behaviour.verdict.agrees())
    }
}
