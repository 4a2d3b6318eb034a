//! The comparison of one pair: rounds that its behaviour is judged by and, if the arms agree, runs that are timed.

use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use shared::{Pace, Trace};

use super::findings::Findings;
use super::measured::Measured;
use crate::behaviour::{Behaviour, Circumstances, Ended, RunName};
use crate::lab::{Broken, Completed, Failure, Lab, NOISY, ROUNDS, Round, Settings, Tick};
use crate::pair::{Pair, Yielded};
use crate::report::{Exit, PairReport};
use crate::timing::{Regime, order, timer_error};

/// How many runs of each arm warm it up before it is timed.
const WARM_UP: u32 = 1;

/// Why a plan that was drawn is one of the pattern.
const DRAWN: &str = "what is drawn is within the limits";

/// What a comparison comes to.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Compared {
    /// What was compared; none where the user wanted no more before both arms had run.
    pub(super) report: Option<Box<PairReport>>,
    /// How the program would end if that were all.
    pub(super) exit: Exit,
}

/// The first run that failed.
pub(super) struct Failed {
    pub(super) run: RunName,
    /// In which round; none where it was timed.
    pub(super) round: Option<Round>,
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
    let (behaviour, untimed) = if let Some(failed) = failed.filter(|_| !interrupted) {
        let ended = Ended::of(failed.run, failed.round, failed.broken.failure);
        (Behaviour::ended(lab.arms(), ended), Some("a run failed".into()))
    } else {
        // The timed runs are held to the problem as well.
        let behaviour = findings.conclude();
        let untimed = behaviour.forbids_timing();
        (behaviour, untimed.or((interrupted && measured.is_empty()).then(|| "interrupted".into())))
    };
    let exit = if interrupted { Exit::Interrupted } else { Exit::of(&behaviour) };
    let both_ran = findings.are_any();
    let measured = if untimed.is_some() { Measured::default() } else { measured };
    let report = Box::new(findings.report(behaviour, untimed, measured));
    let report = (both_ran || !interrupted).then_some(report);
    Compared { report, exit }
}

fn compare_all(
    pair: &Pair,
    lab: &mut Lab,
    findings: &mut Findings<'_>,
    measured: &mut Measured,
    timer: &mut Option<Duration>,
) -> Result<(), Box<Failed>> {
    let rounds = Round::first(ROUNDS.0, pair.problem(), &lab.settings);
    // However long they take, there are at least as many as will be timed, and all that are made three times to be sure.
    let seldom = rounds.iter().rfind(|round| round.is_seldom()).map_or(0, |round| round.number);
    let least = seldom.max(lab.settings.runs);
    let (mut start, mut noisy) = (Instant::now(), 0);
    for (round, made) in rounds.iter().zip(0..) {
        let enough = if noisy < NOISY.0 { NOISY.1 } else { ROUNDS.1 };
        if made >= least && start.elapsed() > enough {
            lab.progress().tick(Tick::Skipped(2 * u64::from(ROUNDS.0 - made)));
            break;
        }
        judge(pair, lab, round, findings, &mut |_, _, _| {})?;
        noisy += u32::from(round.noise.is_some() && round.plan.is_empty());
        // How long the waits take is nobody's fault.
        if made == 0 {
            start = Instant::now();
        }
    }
    let behaviour = findings.conclude();
    if behaviour.forbids_timing().is_none() {
        measured.timer_error = *timer.get_or_insert_with(|| timer_error(lab));
        time(pair, lab, findings, measured)?;
    }
    Ok(())
}

/// Runs both arms once, and examines what they show; `observe` gets each run then.
pub(super) fn judge(
    pair: &Pair,
    lab: &mut Lab,
    round: &Round,
    findings: &mut Findings<'_>,
    observe: &mut dyn FnMut(RunName, Yielded, Trace),
) -> Result<(), Box<Failed>> {
    let other = (!round.plan.is_empty()).then(|| pair.with_fields(&round.plan).expect(DRAWN));
    let pair = other.as_ref().unwrap_or(pair);
    for arm in order(lab.arms(), round.number - 1) {
        let run = findings.next(arm);
        lab.progress().begin_run(arm, run.number, Some(round));
        let setting = lab.judged(pair, arm, round);
        let failed = |broken| Box::new(Failed { run, round: Some(round.clone()), broken });
        let Completed { yielded, trace, .. } = lab.run(pair, arm, setting).map_err(failed)?;
        let circumstances = Circumstances::judged(run, round.clone());
        findings.note(pair.problem(), circumstances, &yielded, &trace);
        observe(run, yielded, trace);
    }
    Ok(())
}

fn time(
    pair: &Pair,
    lab: &mut Lab,
    findings: &mut Findings<'_>,
    measured: &mut Measured,
) -> Result<(), Box<Failed>> {
    let stopwatches = pair.problem().stopwatches();
    let rounds = WARM_UP + lab.settings.runs;
    for (regime, pace) in regimes(&lab.settings) {
        for round in 0..rounds {
            for arm in order(lab.arms(), round) {
                let name = findings.next(arm);
                lab.progress().begin_run(arm, name.number, None);
                let setting = lab.timed(pair, arm, pace);
                let failed = |broken| Box::new(Failed { run: name, round: None, broken });
                let run = lab.run(pair, arm, setting).map_err(failed)?;
                let circumstances = Circumstances::timed(name);
                findings.note(pair.problem(), circumstances, &run.yielded, &run.trace);
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
