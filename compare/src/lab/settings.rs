//! The settings: how the runs of one call are to be made.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use shared::Pace;

/// How the runs are to be made.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Settings {
    /// How many seconds a notebook second lasts.
    pub pace: Pace,
    /// How many runs of each side whose behaviour is judged, at most.
    pub runs: u32,
    /// What random numbers are drawn from.
    pub seed: u64,
    /// How long a run may take.
    #[serde(skip)]
    pub timeout: Duration,
}
