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
    /// How what the actors record is written, if it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log: Option<Log>,
    /// How long a run may take.
    #[serde(skip)]
    pub timeout: Duration,
}

/// How what the actors record is written, beside being kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Log {
    /// What of it, in the syntax of `RUST_LOG`.
    pub filter: String,
    /// Whether with colour.
    pub colour: bool,
}
