//! The comparison of one pair: rounds that its behaviour is judged by and, if the arms agree, runs that are timed.

use std::time::{Duration, Instant};

use shared::{Pace, Trace};

use super::findings::Findings;
use super::measured::Measured;
use crate::behaviour::{Behaviour, Circumstances, Ended, RunName};
use crate::lab::{Broken, Completed, Failure, Lab, ROUNDS, Round, Settings};
use crate::pair::{Pair, Yielded};
use crate::report::PairReport;
use crate::timing::{Regime, order, timer_error};

/// How many runs of each arm warm it up before it is timed.
const WARM_UP: u32 = 1;

/// What a comparison comes to.
pub(super) enum Compared {
    /// The whole comparison.
    Whole(Box<PairReport>),
    /// The user wanted no more: what was compared until then, if both arms had run.
    Interrupted(Option<Box<PairReport>>),
}

/// The first run that failed.
pub(super) struct Failed {
    pub(super) run: RunName,
    pub(super) broken: Broken,
}

/// How many runs the comparison of one pair makes, if nothing goes wrong.
pub fn runs(settings: &Settings) -> u64 {
    let timing = regimes(settings).len() as u64 * u64::from(settings.runs + WARM_UP);
    2 * (u64::from(ROUNDS.0) + timing)
}

fn regimes(settings: &Settings) -> Vec<(Regime, Pace)> {
    let paced = (!settings.pace.is_zero()).then_some((Regime::Paced, settings.pace));
    paced.into_iter().chain([(Regime::Coordination, Pace::ZERO)]).collect()
}

/// Compares how both arms of a pair behave and, if they agree, how long they take. A failure is a part of the report.
///
/// The error of the timer is measured when it is first needed, and kept in `timer`.
pub(super) fn compare(pair: &Pair, lab: &mut Lab, timer: &mut Option<Duration>) -> Compared {
    lab.progress().begin(pair.problem().card().slug);
    let mut findings = Findings::new(pair.problem(), lab.arms());
    let mut measured = Measured::default();
    let failed = compare_all(pair, lab, &mut findings, &mut measured, timer).err();
    let interrupted = failed.as_ref().is_some_and(|failed| failed.broken.failure == Failure::Interrupted);
    let (behaviour, untimed) = match failed {
        Some(Failed { run, broken }) if !interrupted => {
            (Behaviour::ended(lab.arms(), &Ended::of(run, &broken.failure)), Some("a run failed".into()))
        }
        _ => {
            // The timed runs are held to the problem as well.
            let behaviour = findings.conclude();
            let stuck = lab.stuck().map(|run| format!("{run} passed its deadline and may still run"));
            let untimed = behaviour.forbids_timing().or(stuck);
            (behaviour, untimed.or((interrupted && measured.is_empty()).then(|| "interrupted".into())))
        }
    };
    let both_ran = findings.are_any();
    let measured = if untimed.is_some() { Measured::default() } else { measured };
    let report = Box::new(findings.report(behaviour, untimed, measured));
    if interrupted {
        return Compared::Interrupted(both_ran.then_some(report));
    }
    Compared::Whole(report)
}

fn compare_all(
    pair: &Pair,
    lab: &mut Lab,
    findings: &mut Findings<'_>,
    measured: &mut Measured,
    timer: &mut Option<Duration>,
) -> Result<(), Failed> {
    let rounds = Round::first(ROUNDS.0, &lab.settings);
    let start = Instant::now();
    for (&round, made) in rounds.iter().zip(0..) {
        // However long they take, there are at least as many as will be timed, up to the most that are made at all.
        if made >= lab.settings.runs && start.elapsed() > ROUNDS.1 {
            lab.progress().skip(2 * u64::from(ROUNDS.0 - made));
            break;
        }
        judge(pair, lab, round, findings, &mut |_, _, _| {})?;
    }
    let behaviour = findings.conclude();
    if behaviour.forbids_timing().is_none() && lab.stuck().is_none() {
        measured.timer_error = *timer.get_or_insert_with(|| timer_error(lab));
        time(pair, lab, findings, measured)?;
    }
    Ok(())
}

/// Runs both arms once, and examines what they show; `observe` gets each run then.
pub(super) fn judge(
    pair: &Pair,
    lab: &mut Lab,
    round: Round,
    findings: &mut Findings<'_>,
    observe: &mut dyn FnMut(RunName, Yielded, Trace),
) -> Result<(), Failed> {
    for arm in order(lab.arms(), round.number - 1) {
        let run = findings.next(arm);
        let setting = lab.judged(pair, arm, round);
        let Completed { yielded, trace, .. } =
            lab.run(pair, arm, setting).map_err(|broken| Failed { run, broken })?;
        findings.note(Circumstances { run, sequenced: true, calm: round.is_calm() }, &yielded, &trace);
        observe(run, yielded, trace);
    }
    Ok(())
}

fn time(
    pair: &Pair,
    lab: &mut Lab,
    findings: &mut Findings<'_>,
    measured: &mut Measured,
) -> Result<(), Failed> {
    let stopwatches = pair.problem().stopwatches();
    let rounds = WARM_UP + lab.settings.runs;
    for (regime, pace) in regimes(&lab.settings) {
        for round in 0..rounds {
            for arm in order(lab.arms(), round) {
                let name = findings.next(arm);
                let setting = lab.timed(pair, arm, pace);
                let run = lab.run(pair, arm, setting).map_err(|broken| Failed { run: name, broken })?;
                let circumstances = Circumstances { run: name, sequenced: false, calm: pace.is_zero() };
                findings.note(circumstances, &run.yielded, &run.trace);
                if regime == Regime::Paced {
                    findings.note_pauses(&run.trace);
                }
                if round >= WARM_UP {
                    measured.note(regime, findings.place(arm), &run, &stopwatches);
                }
            }
        }
    }
    Ok(())
}
