//! A campaign: all pairs of one call, one after the other.

use crate::environment::Environment;
use crate::exit::Exit;
use crate::lab::Lab;
use crate::pair::{Compared, Pair};
use crate::report::{Report, SCHEMA};

/// Compares these pairs. A pair that fails doesn't keep the others from being compared; an interruption ends it all,
/// and what was compared until then is in the report.
pub fn compare(pairs: &[Pair], lab: &mut Lab) -> (Report, Exit) {
    let mut report = Report {
        schema: SCHEMA,
        environment: Environment::here(),
        settings: lab.settings.clone(),
        interrupted: false,
        selected: pairs.len(),
        pairs: Vec::with_capacity(pairs.len()),
    };
    for pair in pairs {
        match pair.compare(lab) {
            Compared::Whole(compared) => report.pairs.push(*compared),
            Compared::Interrupted(compared) => {
                report.interrupted = true;
                report.pairs.extend(compared.map(|compared| *compared));
                break;
            }
        }
    }
    lab.progress().end();
    let exit = match (report.interrupted, lab.stuck(), report.agrees()) {
        (true, _, _) => Exit::Interrupted,
        (false, Some(_), _) => Exit::Deadline,
        (false, None, false) => Exit::Differ,
        (false, None, true) => Exit::Agree,
    };
    (report, exit)
}
