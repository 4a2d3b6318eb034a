//! A laboratory for tests.

use std::num::NonZero;
use std::time::Duration;

use compare::lab::{Flavour, Lab, Progress, Settings, Workshop};
use shared::Pace;

/// A laboratory without waits on a runtime of two workers, where a run has a minute, unless `change` says otherwise.
pub(crate) fn lab(change: impl FnOnce(&mut Settings)) -> Lab {
    let mut settings = Settings {
        pace: Pace::ZERO,
        runs: 2,
        seed: 7,
        runtime: Flavour::Multi,
        workers: NonZero::new(2).expect("two"),
        timeout: Duration::from_mins(1),
    };
    change(&mut settings);
    let lab = Lab::new(settings, Progress::hidden()).expect("room for a runtime");
    // The program that runs here is the test.
    lab.with_workshop(Workshop::with_program(env!("CARGO_BIN_EXE_compare")))
}
