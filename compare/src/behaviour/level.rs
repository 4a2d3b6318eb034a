//! What is said of one level, and of one documented difference.

use serde::{Deserialize, Serialize};
use shared::{Difference, Level};

use super::RunName;

/// How many findings of a level are reported: the rest is more of the same.
pub(super) const MOST_REPORTED: usize = 3;

/// One level of the comparison.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LevelReport {
    /// Which.
    pub level: Level,
    /// Whether the sides agree, documented differences aside; none where nothing can be said.
    pub agrees: Option<bool>,
    /// What was found.
    pub detail: String,
}

/// A documented difference, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DifferenceReport {
    /// As the workload declares it.
    #[serde(flatten)]
    pub difference: Difference,
    /// Whether it showed in these runs.
    pub occurred: bool,
    /// A run that showed it; none where it did not occur.
    pub exemplar: Option<RunName>,
}
