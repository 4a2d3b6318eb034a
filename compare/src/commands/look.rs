//! One run of each arm, for looking at.

use super::complaint::complain;
use super::place::Place;
use crate::campaign::Looked;
use crate::lab::{Arm, Failure};
use crate::pair::Pair;
use crate::report::{Exit, Shown};

/// What came of one run of each arm.
pub(super) struct Seen {
    /// What each showed: of one that failed, until then, if that is known.
    pub(super) runs: Vec<Shown>,
    /// Whether none failed.
    pub(super) whole: bool,
    /// How the program ends.
    pub(super) exit: Exit,
}

/// Runs each of these arms once, and tells what is wrong.
pub(super) fn look(pair: &Pair, arms: &[Arm], place: &mut Place) -> Seen {
    let mut seen = Seen { runs: Vec::new(), whole: true, exit: Exit::Agree };
    for arm in arms {
        let name = format!("{arm} of {}", pair.problem().card().slug);
        let Looked { shown, failure } = place.show(pair, *arm);
        for finding in shown.iter().flat_map(|shown| &shown.findings) {
            complain(&format!("{name}: {}", finding.line()));
            seen.exit = seen.exit.max(Exit::Differ);
        }
        if let Some(failure) = failure {
            // Who is gone took with it what it did.
            let is_gone = shown.is_none() && matches!(failure, Failure::Lost(_));
            let hint = if is_gone { "; --log info shows what it did until then" } else { "" };
            complain(&format!("{name}: {failure}{hint}"));
            seen.whole = false;
            seen.exit = seen.exit.max(Exit::of_failure(&failure));
        }
        seen.runs.extend(shown);
        // What fails on one side is no reason not to look at the other, unless it may still run, or nobody wants it.
        if seen.exit == Exit::Interrupted || seen.exit == Exit::Deadline && place.is_here() {
            break;
        }
    }
    seen
}
