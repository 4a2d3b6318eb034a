//! One run for looking at.

use serde::{Deserialize, Serialize};
use shared::{Setting, Trace};

use crate::behaviour::RunName;
use crate::lab::{Arm, Completed, Failure, Lab, Round, Tick};
use crate::pair::{Pair, Yielded};
use crate::report::Shown;

/// What came of a run for looking at.
#[derive(Debug, Serialize, Deserialize)]
pub struct Looked {
    /// What it showed: of one that failed, until then, if that is known.
    pub shown: Option<Shown>,
    /// Why it failed, if it did.
    pub failure: Option<Failure>,
}

/// Runs one arm of a pair once, at the pace of the settings.
pub fn show(pair: &Pair, arm: Arm, lab: &mut Lab) -> Looked {
    lab.progress().begin_run(arm, 1, None);
    let setting =
        Setting { watched: true, alone: arm.is_on_one(), ..lab.timed(pair, arm, lab.settings.pace) };
    let ran = lab.run(pair, arm, setting);
    lab.progress().tick(Tick::Over);
    let round = Round::at(1, lab.settings.pace);
    let shown = |yielded: Option<&Yielded>, trace: &Trace| {
        Shown::of(pair.problem(), RunName { arm, number: 1 }, &round, yielded, trace)
    };
    match ran {
        Ok(Completed { yielded, trace, .. }) => {
            Looked { shown: Some(shown(Some(&yielded), &trace)), failure: None }
        }
        Err(broken) => {
            let shown = broken.trace.map(|trace| shown(None, &trace));
            Looked { shown, failure: Some(broken.failure) }
        }
    }
}
