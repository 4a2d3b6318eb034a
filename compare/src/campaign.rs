//! A campaign: all pairs of one call, one after the other.

use crate::environment::Environment;
use crate::exit::Exit;
use crate::lab::Lab;
use crate::pair::Pair;
use crate::report::{Report, SCHEMA};

/// Compares these pairs. A pair that fails doesn't keep the others from being compared; an interruption ends it all,
/// and what was compared until then is in the report.
pub fn compare(pairs: &[Pair], lab: &mut Lab) -> (Report, Exit) {
    let mut report = Report {
        schema: SCHEMA,
        environment: Environment::here(),
        settings: lab.settings.clone(),
        pairs: Vec::with_capacity(pairs.len()),
    };
    let mut interrupted = false;
    for pair in pairs {
        let Ok(compared) = pair.compare(lab) else {
            interrupted = true;
            break;
        };
        report.pairs.push(compared);
    }
    lab.progress().end();
    let exit = match (interrupted, lab.stuck(), report.agrees()) {
        (true, _, _) => Exit::Interrupted,
        (false, Some(_), _) => Exit::Deadline,
        (false, None, false) => Exit::Differ,
        (false, None, true) => Exit::Agree,
    };
    (report, exit)
}
