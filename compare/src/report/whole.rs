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
    /// What was done to decide who is faster.
    pub effort: Effort,
    /// Whether the user wanted no more before all pairs were compared.
    pub interrupted: bool,
    /// How many pairs were to be compared.
    pub selected: usize,
    /// Each pair, in the notebook's order; the last may be compared in part, if interrupted.
    pub pairs: Vec<PairReport>,
}

impl Report {
    /// How many pairs came to this verdict.
    pub fn count(&self, verdict: Verdict) -> usize {
        self.pairs.iter().filter(|pair| pair.behaviour.verdict == verdict).count()
    }

    /// Which arms were compared: the same in all pairs.
    pub fn arms(&self) -> [Arm; 2] {
        self.pairs.first().map_or(Arm::DEFAULT, |pair| pair.behaviour.arms)
    }

    /// Whether all pairs agree.
    pub fn agrees(&self) -> bool {
        self.pairs.iter().all(|pair| pair.behaviour.verdict.agrees())
    }
}
