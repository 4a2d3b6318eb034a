//! How long both arms of a pair take, in one process.

use std::time::Duration;

use fastrand::Rng;
use serde::{Deserialize, Serialize};
use shared::Pace;

use super::findings::{Failed, Findings};
use super::judged::judge_run;
use crate::behaviour::{Behaviour, Circumstances};
use crate::lab::{Arm, Completed, Lab, Round, Tick};
use crate::pair::Pair;
use crate::timing::{Process, block, order};

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

/// Times these arms of a pair in the process of this number, where so many runs of each were made before. A failure is a
/// behaviour.
pub(super) fn time(pair: &Pair, arms: [Arm; 2], lab: &mut Lab, after: u32, number: u32) -> Timed {
    let mut findings = Findings::new(pair.problem(), arms, after);
    let mut process = Process::default();
    let failed = time_blocks(pair, lab, number, &mut findings, &mut process).err();
    let (behaviour, interrupted) = findings.end(failed);
    Timed { behaviour, process, interrupted }
}

fn time_blocks(
    pair: &Pair,
    lab: &mut Lab,
    number: u32,
    findings: &mut Findings<'_>,
    process: &mut Process,
) -> Result<(), Box<Failed>> {
    let mut rng = Rng::with_seed(lab.settings.seed.wrapping_add(number.into()));
    // Who makes the first and the last block is drawn; the other makes the two between, so neither profits from what the
    // other leaves behind.
    let [outer, inner] = order(findings.arms, rng.u32(..2));
    let mut took = warm_up(pair, lab, inner, findings)?;
    lab.progress().tick(Tick::Over);
    let mut runs = 0;
    for (arm, blocks) in [(outer, 1), (inner, 2), (outer, 1)] {
        // What is timed follows a run of its own side, and is held to what is judged.
        took = took.max(warm_up(pair, lab, arm, findings)?);
        if runs == 0 {
            runs = block(took);
        }
        for _ in 0..blocks * runs {
            let run = findings.next(arm);
            if took > LONG {
                lab.progress().begin_run(arm, run.number, None);
            }
            let setting = lab.timed(pair, arm, Pace::ZERO);
            let failed = |broken| Box::new(Failed { run, round: None, broken });
            let Completed { yielded, trace, usage } = lab.run(pair, arm, setting).map_err(failed)?;
            findings.note(pair.problem(), Circumstances::timed(run), &yielded, &trace);
            process.note(findings.place(arm), trace.elapsed().unwrap_or_default(), usage);
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
