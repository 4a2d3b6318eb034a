//! How both arms of a pair behave: the rounds that this is judged by.

use std::time::Instant;

use serde::{Deserialize, Serialize};
use shared::Trace;

use super::findings::{Failed, Findings};
use crate::behaviour::{Circumstances, RunName};
use crate::lab::{Arm, Completed, Lab, NOISY, ROUNDS, Round, Tick};
use crate::pair::{Pair, Yielded};
use crate::report::{Exit, PairReport};
use crate::timing::order;

/// Why a plan that was drawn is one of the pattern.
const DRAWN: &str = "what is drawn is within the limits";

/// How many rounds are made of arms whose outcomes alone are known.
const OUTCOMES: u32 = 20;

/// How both arms of a pair behave.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Judged {
    /// What was found, without any timing; none where the user wanted no more before both arms had run.
    pub(super) report: Option<Box<PairReport>>,
    /// How many rounds were made, none of which failed.
    pub(super) rounds: u32,
    pub(super) interrupted: bool,
}

impl Judged {
    /// Whether a run of it failed.
    pub(super) fn has_failed(&self) -> bool {
        self.report.as_ref().is_some_and(|report| report.behaviour.ended.is_some())
    }

    /// How the program ends, as far as this pair goes.
    pub(super) fn exit(&self) -> Exit {
        let of_report = self.report.as_ref().map_or(Exit::Agree, |report| Exit::of(&report.behaviour));
        if self.interrupted { Exit::Interrupted } else { of_report }
    }
}

/// Judges how these arms of a pair behave. A failure is a behaviour.
pub(super) fn judge(pair: &Pair, arms: [Arm; 2], lab: &mut Lab) -> Judged {
    let mut findings = Findings::new(pair.problem(), arms, 0);
    let made = judge_rounds(pair, lab, &mut findings);
    let rounds = *made.as_ref().unwrap_or(&0);
    let (behaviour, interrupted) = findings.end(made.err());
    let report = (findings.are_any() || !interrupted).then(|| Box::new(findings.report(behaviour)));
    Judged { report, rounds, interrupted }
}

/// How many runs the judgement of one pair makes, if nothing goes wrong.
pub fn runs() -> u64 {
    2 * u64::from(ROUNDS.0)
}

/// Makes the rounds of a pair, and says how many.
fn judge_rounds(pair: &Pair, lab: &mut Lab, findings: &mut Findings<'_>) -> Result<u32, Box<Failed>> {
    // Where an actor says nothing, noise holds up nobody, and outcomes are all that there is to see.
    let most = if findings.tell_outcomes_alone() { OUTCOMES } else { ROUNDS.0 };
    let mut rounds = Round::first(most, pair.problem(), &lab.settings);
    if findings.tell_outcomes_alone() {
        // Outcomes are compared with each other, whatever round they are of.
        rounds.retain_mut(|round| round.plan.is_empty());
        rounds.iter_mut().zip(1..).for_each(|(round, number)| round.number = number);
        lab.progress().tick(Tick::Skipped(runs().saturating_sub(2 * rounds.len() as u64)));
    }
    let most = u32::try_from(rounds.len()).expect("they are a hundred at most");
    // However long they take, all are made that are made several times to be sure.
    let least = rounds.iter().rfind(|round| round.is_seldom()).map_or(0, |round| round.number);
    let (mut start, mut noisy) = (Instant::now(), 0);
    for (round, made) in rounds.iter().zip(0..) {
        let enough = if noisy < NOISY.0 { NOISY.1 } else { ROUNDS.1 };
        if made >= least && start.elapsed() > enough {
            lab.progress().tick(Tick::Skipped(2 * u64::from(most - made)));
            return Ok(made);
        }
        let began = Instant::now();
        judge_round(pair, lab, round, findings, &mut |_, _, _| {})?;
        noisy += u32::from(round.noise.is_some() && round.plan.is_empty());
        // How long the waits take is nobody's fault.
        if round.is_paced() {
            start += began.elapsed();
        }
    }
    Ok(most)
}

/// Runs both arms once, and examines what they show; `observe` gets each run then.
pub(super) fn judge_round(
    pair: &Pair,
    lab: &mut Lab,
    round: &Round,
    findings: &mut Findings<'_>,
    observe: &mut dyn FnMut(RunName, Yielded, Trace),
) -> Result<(), Box<Failed>> {
    let other = (!round.plan.is_empty()).then(|| pair.with_fields(&round.plan).expect(DRAWN));
    let pair = other.as_ref().unwrap_or(pair);
    for arm in order(findings.arms, round.number - 1) {
        let run = findings.next(arm);
        let (yielded, trace) = judge_run(pair, lab, round, arm, findings)?;
        lab.progress().tick(Tick::Over);
        observe(run, yielded, trace);
    }
    Ok(())
}

/// Runs one arm once, with the plan of the pair, and examines what it shows. That it is over is for the caller to tell.
pub(super) fn judge_run(
    pair: &Pair,
    lab: &mut Lab,
    round: &Round,
    arm: Arm,
    findings: &mut Findings<'_>,
) -> Result<(Yielded, Trace), Box<Failed>> {
    let run = findings.next(arm);
    lab.progress().begin_run(arm, run.number, Some(round));
    let setting = lab.judged(pair, arm, round);
    let failed = |broken| Box::new(Failed { run, round: Some(round.clone()), broken });
    let Completed { yielded, trace, .. } = lab.run(pair, arm, setting).map_err(failed)?;
    let circumstances = if findings.tell_outcomes_alone() {
        Circumstances::timed(run)
    } else {
        Circumstances::judged(run, round.clone())
    };
    findings.note(pair.problem(), circumstances, &yielded, &trace);
    Ok((yielded, trace))
}
