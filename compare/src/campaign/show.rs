//! One run for looking at.

use shared::Setting;

use crate::behaviour::RunName;
use crate::lab::{Arm, Failure, Lab, Round};
use crate::pair::Pair;
use crate::report::Shown;

/// Runs one arm of a pair once, at the pace of the settings.
///
/// # Errors
/// See [`Failure`].
pub fn show(pair: &Pair, arm: Arm, lab: &mut Lab) -> Result<Shown, Failure> {
    let setting = Setting { sequenced: true, ..lab.timed(pair, arm, lab.settings.pace) };
    let run = lab.run(pair, arm, setting).map_err(|broken| broken.failure)?;
    let round = Round::at(1, lab.settings.pace);
    Ok(Shown::of(pair.problem(), RunName { arm, number: 1 }, &round, Some(&run.yielded), &run.trace))
}
