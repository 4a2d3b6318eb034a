//! A laboratory for tests.

use std::time::Duration;

use compare::lab::{Lab, Progress, Settings, Workshop};
use shared::Pace;

/// A laboratory without waits, where a run has a minute, unless `change` says otherwise.
pub(crate) fn lab(change: impl FnOnce(&mut Settings)) -> Lab {
    let mut settings =
        Settings { pace: Pace::ZERO, runs: 2, seed: 7, log: None, timeout: Duration::from_mins(1) };
    change(&mut settings);
    let lab = Lab::new(settings, Progress::hidden());
    // The program that runs here is the test.
    lab.with_workshop(Workshop::with_program(env!("CARGO_BIN_EXE_compare")))
}
