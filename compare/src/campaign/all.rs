//! All pairs of one call, one after the other.

use super::comparison::{self, Compared};
use crate::archive::SCHEMA;
use crate::lab::{Environment, Lab, Settings};
use crate::pair::Pair;
use crate::report::{Exit, Report};

/// Compares these pairs, all in this process. A pair that fails doesn't keep the others from being compared. An
/// interruption ends it all, and so does a run that passes its deadline: its threads can't be stopped, and may still use
/// the machine. What was compared until then is in the report.
pub fn compare(pairs: &[Pair], lab: &mut Lab) -> (Report, Exit) {
    let mut timer = None;
    let settings = lab.settings.clone();
    let compared =
        compare_until(Exit::Deadline, pairs, settings, |pair| comparison::compare(pair, lab, &mut timer));
    lab.progress().end();
    compared
}

/// Compares these pairs, each in this way, until one ends so, or worse.
pub(super) fn compare_until(
    end: Exit,
    pairs: &[Pair],
    settings: Settings,
    mut compare: impl FnMut(&Pair) -> Compared,
) -> (Report, Exit) {
    let mut report = Report {
        schema: SCHEMA,
        environment: Environment::here(),
        settings,
        interrupted: false,
        selected: pairs.len(),
        pairs: Vec::with_capacity(pairs.len()),
    };
    let mut worst = Exit::Agree;
    for pair in pairs {
        let compared = compare(pair);
        report.pairs.extend(compared.report.map(|report| *report));
        worst = worst.max(compared.exit);
        if worst >= end {
            break;
        }
    }
    report.interrupted = worst == Exit::Interrupted;
    (report, worst)
}
