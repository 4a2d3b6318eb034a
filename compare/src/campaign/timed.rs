//! How long both arms of a pair take, in one process.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use shared::Pace;

use super::findings::{Failed, Findings};
use super::judged::judge_run;
use crate::behaviour::{Behaviour, Circumstances};
use crate::lab::{Arm, Completed, Lab, Round, Tick};
use crate::pair::Pair;
use crate::timing::{Process, drawn, runs_of_a_block};

/// Runs that are shorter begin without a word: whoever hears it needs a core at that moment. They are over long before
/// anybody gives them up.
const LONG: Duration = Duration::from_millis(100);

/// How long both arms of a pair take, in one process.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Timed {
    /// How they behaved meanwhile.
    pub(super) behaviour: Behaviour,
    pub(super) process: Process,
    pub(super) interrupted: bool,
}

/// Times these arms of a pair in this process, where so many runs of each were made before. A failure is a behaviour.
pub(super) fn time(pair: &Pair, arms: [Arm; 2], lab: &mut Lab, after: u32) -> Timed {
    let mut findings = Findings::new(pair.problem(), arms, after);
    let mut process = Process::default();
    let failed = time_blocks(pair, lab, &mut findings, &mut process).err();
    let (behaviour, interrupted) = findings.end(failed);
    Timed { behaviour, process, interrupted }
}

/// Times two blocks of each arm, by turns. Not taken: one arm in the middle, as where means count. Whoever has the first and
/// the last block has the fastest run, whether the process gets slower meanwhile or faster.
fn time_blocks(
    pair: &Pair,
    lab: &mut Lab,
    findings: &mut Findings<'_>,
    process: &mut Process,
) -> Result<(), Box<Failed>> {
    let [first, second] = drawn(findings.arms);
    // The first run of all is slow.
    let slow = warm_up(pair, lab, second, findings)?;
    lab.progress().tick(Tick::Over);
    let mut runs = None;
    for arm in [first, second, first, second] {
        // What is timed follows a run of its own side, and is held to what is judged.
        let took = warm_up(pair, lab, arm, findings)?;
        for _ in 0..*runs.get_or_insert_with(|| runs_of_a_block(slow.max(took))) {
            let run = findings.next(arm);
            if took > LONG {
                lab.progress().begin_run(arm, run.number, None);
            }
            let setting = lab.timed(pair, arm, Pace::ZERO);
            let failed = |broken| Box::new(Failed { run, round: None, broken });
            let Completed { yielded, trace, usage } = lab.run(pair, arm, setting).map_err(failed)?;
            findings.note(pair.problem(), Circumstances::timed(run), &yielded, &trace);
            let took = trace.elapsed().expect("in a trace without gaps, the main line has ended");
            process.note(findings.place(arm), took, usage);
        }
        lab.progress().tick(Tick::Over);
    }
    Ok(())
}

/// A run that is judged and not timed; how long it took all the same.
fn warm_up(
    pair: &Pair,
    lab: &mut Lab,
    arm: Arm,
    findings: &mut Findings<'_>,
) -> Result<Duration, Box<Failed>> {
    let round = Round::calm(findings.next(arm).number);
    let (_, trace) = judge_run(pair, lab, &round, arm, findings)?;
    Ok(trace.elapsed().unwrap_or_default())
}
