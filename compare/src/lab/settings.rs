//! The settings: how the runs of one call are to be made.

use std::fmt::{self, Display};
use std::num::NonZero;
use std::time::Duration;

use clap::ValueEnum;
use serde::{Deserialize, Serialize};
use shared::Pace;

/// How the runs are to be made.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Settings {
    /// How many seconds a notebook second lasts.
    pub pace: Pace,
    /// How many runs of each side in each regime.
    pub runs: u32,
    /// What random numbers are drawn from.
    pub seed: u64,
    /// Which runtime the tasks have.
    pub runtime: Flavour,
    /// How many workers that runtime has.
    pub workers: NonZero<usize>,
    /// How long a run may take.
    #[serde(skip)]
    pub timeout: Duration,
}

/// The kind of tokio runtime.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Flavour {
    /// Several workers that share the tasks.
    Multi,
    /// One thread that runs all tasks.
    Current,
}

impl Display for Flavour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Multi => "multi",
            Self::Current => "current",
        })
    }
}
