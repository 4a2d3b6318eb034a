//! All pairs of one call, one after the other.

use std::time::Duration;

use super::judged::{self, Judged};
use super::timed::{self, Timed};
use crate::archive::SCHEMA;
use crate::lab::{Environment, Lab, Progress, Settings};
use crate::pair::Pair;
use crate::report::{Exit, PairReport, Report};

/// Who makes the runs of a comparison: this process, or one of its own for each question.
pub(super) trait Runner {
    /// Where a pair ends so, or worse, no more are compared.
    const LAST: Exit;

    fn settings(&self) -> &Settings;

    fn progress(&self) -> &Progress;

    /// How both arms of a pair behave. A failure is a behaviour.
    fn judge(&mut self, pair: &Pair) -> Judged;

    /// How long they take, where so many runs of each were made before; and how late the timer is, if that is known.
    fn time(&mut self, pair: &Pair, after: u32, timer_error: Option<Duration>) -> Timed;
}

impl Runner for Lab {
    /// Threads that passed their deadline can't be stopped, and may still use the machine.
    const LAST: Exit = Exit::Deadline;

    fn settings(&self) -> &Settings {
        &self.settings
    }

    fn progress(&self) -> &Progress {
        Self::progress(self)
    }

    fn judge(&mut self, pair: &Pair) -> Judged {
        judged::judge(pair, self)
    }

    fn time(&mut self, pair: &Pair, after: u32, timer_error: Option<Duration>) -> Timed {
        timed::time(pair, self, after, timer_error)
    }
}

/// Compares these pairs, all in this process. A pair that fails doesn't keep the others from being compared. An
/// interruption ends it all, and so does a run that passes its deadline. What was compared until then is in the report.
pub fn compare(pairs: &[Pair], lab: &mut Lab) -> (Report, Exit) {
    compare_all(pairs, lab)
}

pub(super) fn compare_all<R: Runner>(pairs: &[Pair], runner: &mut R) -> (Report, Exit) {
    let mut report = Report {
        schema: SCHEMA,
        environment: Environment::here(),
        settings: runner.settings().clone(),
        interrupted: false,
        selected: pairs.len(),
        pairs: Vec::with_capacity(pairs.len()),
    };
    let (mut worst, mut timer_error) = (Exit::Agree, None);
    for pair in pairs {
        runner.progress().begin(pair.problem().card().slug);
        let (compared, exit) = compare_one(pair, runner, &mut timer_error);
        report.pairs.extend(compared.map(|report| *report));
        worst = worst.max(exit);
        if worst >= R::LAST {
            break;
        }
    }
    runner.progress().end();
    report.interrupted = worst == Exit::Interrupted;
    (report, worst)
}

/// Compares how both arms of a pair behave and, if they agree, how long they take. There is no report where the user wanted
/// no more before both had run.
fn compare_one(
    pair: &Pair,
    runner: &mut impl Runner,
    timer_error: &mut Option<Duration>,
) -> (Option<Box<PairReport>>, Exit) {
    let Judged { report, rounds, mut interrupted } = runner.judge(pair);
    let Some(mut report) = report else { return (None, Exit::Interrupted) };
    if report.untimed.is_none() && !interrupted {
        let timed = runner.time(pair, rounds, *timer_error);
        *timer_error = timer_error.or(timed.measured.timer_error);
        interrupted = timed.interrupted;
        timed.add_to(&mut report, pair.problem());
    }
    if interrupted && report.timing.is_none() && report.untimed.is_none() {
        report.untimed = Some("interrupted".into());
    }
    let exit = if interrupted { Exit::Interrupted } else { Exit::of(&report.behaviour) };
    (Some(report), exit)
}
