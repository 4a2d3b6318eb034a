//! All pairs of one call, one after the other.

use super::comparison::{self, Compared};
use crate::archive::SCHEMA;
use crate::lab::{Environment, Lab};
use crate::pair::Pair;
use crate::report::{Exit, Report};

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
    let mut timer = None;
    for pair in pairs {
        match comparison::compare(pair, lab, &mut timer) {
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
