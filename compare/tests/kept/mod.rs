//! Archives for tests.

use std::path::Path;

use compare::archive::Archive;
use compare::behaviour::Behaviour;
use compare::campaign::{self, Reading, Request};
use compare::lab::{Arm, Round};
use compare::pair::Pair;

use crate::laboratory::lab;

/// An archive of eight rounds of this pair, and what was concluded when it was made.
pub(crate) fn kept(pair: &Pair, folder: &Path) -> Behaviour {
    let mut lab = lab(|settings| settings.runs = 8);
    let rounds = Round::first(8, pair.problem(), &lab.settings);
    let archive = Archive::create(folder).expect("a new folder");
    let request = Request {
        arms: Arm::DEFAULT,
        rounds: &rounds,
        kept: Some(archive.folder()),
        reading: Reading::default(),
    };
    let diffed = campaign::diff(pair, &mut lab, &request);
    archive.finish(&diffed.contents(pair, &lab.settings)).expect("it can be written");
    diffed.behaviour
}
