//! The verdict: what a comparison comes to, in a word.

use serde::{Deserialize, Serialize};

/// What the comparison of two sides comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Both sides keep to the workload and agree in all that it fixes.
    Same,
    /// They differ exactly as the workload documents, which counts as agreement.
    Documented,
    /// They differ otherwise, or one of them breaks what the workload asks for.
    Differs,
    /// Something is missing in a trace, so nothing can be said.
    Incomplete,
    /// A run panicked or passed its deadline.
    Failed,
}

impl Verdict {
    /// Every verdict.
    pub const ALL: [Self; 5] = [Self::Same, Self::Documented, Self::Differs, Self::Incomplete, Self::Failed];

    /// Whether the sides agree.
    pub fn agrees(self) -> bool {
        matches!(self, Self::Same | Self::Documented)
    }

    /// The verdict as a word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Documented => "documented",
            Self::Differs => "differs",
            Self::Incomplete => "incomplete",
            Self::Failed => "failed",
        }
    }

    /// The verdict as a sign.
    pub fn sign(self) -> char {
        match self {
            Self::Same => '✓',
            Self::Documented => '≈',
            Self::Differs => '✗',
            Self::Incomplete => '?',
            Self::Failed => '!',
        }
    }
}
