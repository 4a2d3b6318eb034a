//! An end: a run that failed, so that nothing could be concluded.

use serde::{Deserialize, Serialize};

use super::RunName;
use crate::lab::Failure;

/// A run that failed, so that nothing could be concluded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// Which.
    pub run: RunName,
    /// How.
    pub how: How,
    /// What was wrong with it.
    pub reason: String,
}

/// How a run failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum How {
    /// It had no end in time.
    Deadline,
    /// Something is missing in its trace.
    Incomplete,
    /// It panicked, or could not be made.
    Failed,
}

impl Ended {
    /// The end that this failure made.
    pub fn of(run: RunName, failure: &Failure) -> Self {
        let how = match failure {
            Failure::Deadline { .. } => How::Deadline,
            Failure::Incomplete(_) => How::Incomplete,
            _ => How::Failed,
        };
        Self { run, how, reason: failure.to_string() }
    }
}
