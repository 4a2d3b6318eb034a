//! The diff of one pair: how both arms behave over many runs, made now or read from an archive.

use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use shared::Trace;

use super::candidates::{Candidates, Reading};
use super::findings::Findings;
use super::judged::judge_round;
use crate::archive::{self, Contents, KeptRun, ReadError, Why, plainly};
use crate::behaviour::{Behaviour, Circumstances, Ended, RunName};
use crate::lab::{Arm, Environment, Lab, Round, Settings};
use crate::pair::{Pair, Yielded};
use crate::report::{Exit, Shown};
use crate::timing::order;

/// What a diff is asked for.
#[derive(Debug)]
pub struct Request<'a> {
    /// Which arms are compared.
    pub arms: [Arm; 2],
    /// How its rounds are made.
    pub rounds: &'a [Round],
    /// In which folder traces are kept, if they are.
    pub kept: Option<&'a Path>,
    /// How to read what was found.
    pub reading: Reading,
}

/// What a diff comes to.
#[derive(Debug, Serialize, Deserialize)]
pub struct Diffed {
    /// What both sides were given.
    pub plan: Map<String, Value>,
    /// How the sides behave.
    pub behaviour: Behaviour,
    /// Which rounds both sides have finished.
    pub rounds: Vec<Round>,
    /// Whether the user wanted no more before all rounds were made.
    pub interrupted: bool,
    /// Why the traces are not all kept, if they were to be.
    pub unkept: Option<String>,
    /// The runs that are shown as lanes, if that was asked for and they are known.
    pub lanes: Vec<Shown>,
}

/// Runs both arms of a pair as often as asked, and says how they behave. A failure is a behaviour.
pub fn diff(pair: &Pair, lab: &mut Lab, request: &Request<'_>) -> Diffed {
    let problem = pair.problem();
    let mut findings = Findings::new(problem, request.arms, 0);
    let mut candidates = Candidates::new(request.reading);
    let mut written = Ok(());
    let mut keep = |run, round: &Round, yielded: Option<Yielded>, trace: Trace| {
        if let (Some(folder), Ok(())) = (request.kept, &written) {
            written = archive::keep(folder, problem.card().pattern, run, yielded.as_ref(), &trace);
        }
        candidates.keep(run, round, KeptRun { yielded, trace });
    };
    lab.progress().begin(problem.card().slug);
    let mut rounds = Vec::new();
    let mut failed = None;
    for round in request.rounds {
        let mut observe = |run, yielded, trace| keep(run, round, Some(yielded), trace);
        if let Err(mut broken_off) = judge_round(pair, lab, round, &mut findings, &mut observe) {
            if let Some(trace) = broken_off.broken.trace.take() {
                keep(broken_off.run, round, None, trace);
            }
            failed = Some(broken_off);
            break;
        }
        rounds.push(round.clone());
    }
    lab.progress().end();
    // A round of which one arm alone was made says nothing.
    findings.keep_rounds(rounds.len());
    let (behaviour, interrupted) = findings.end(failed);
    let exemplar = behaviour.exemplar();
    let lanes = candidates.lanes(pair, request.arms, exemplar);
    Diffed {
        plan: problem.plan(),
        behaviour,
        rounds,
        interrupted,
        unkept: written.err().map(|error| plainly(&error)),
        lanes,
    }
}

/// The runs of one arm that were kept.
#[derive(Debug, Clone, Copy)]
pub struct Kept<'a> {
    /// In which folder.
    pub folder: &'a Path,
    /// What else is known of them.
    pub contents: &'a Contents,
    /// Which arm.
    pub arm: Arm,
}

impl<'a> Kept<'a> {
    /// What this folder has of both arms that were compared.
    pub fn both(folder: &'a Path, contents: &'a Contents) -> [Self; 2] {
        contents.arms.map(|arm| Self { folder, contents, arm })
    }

    /// The pair with the plan of its runs.
    fn pair(&self, pair: &Pair) -> Result<Pair, ReadError> {
        pair.with_plan(&self.contents.plan).map_err(|error| Why::Plan(error).of(self.folder))
    }

    /// The run of this round, if it was kept, and the pair with the plan that it had.
    fn run(&self, pair: &Pair, round: &Round) -> Result<(Pair, Option<KeptRun>), ReadError> {
        let pair = pair.with_fields(&round.plan).map_err(|error| Why::Plan(error).of(self.folder))?;
        let run = RunName { arm: self.arm, number: round.number };
        let seed = self.contents.settings.seed;
        let kept = archive::run(self.folder, run, round.pace, seed, pair.problem())?;
        Ok((pair, kept))
    }
}

/// The same of runs that were kept, without running; where they are of the same arm, those of the second are its twin's. Of
/// rounds that differ in more than the seed of their noise nothing is read.
///
/// # Errors
/// If they can't be read.
pub fn read(pair: &Pair, kept: [Kept<'_>; 2], reading: Reading) -> Result<Diffed, ReadError> {
    let [one, other] = kept;
    let arms = [one.arm, if one.arm == other.arm { other.arm.again() } else { other.arm }];
    let pair = one.pair(pair)?;
    let problem = pair.problem();
    let mut findings = Findings::new(problem, arms, 0);
    let mut candidates = Candidates::new(reading);
    let mut gaps = Vec::new();
    let rounds = one.contents.rounds.iter().zip(&other.contents.rounds);
    let rounds: Vec<[&Round; 2]> =
        rounds.filter(|(one, other)| one.is_like(other)).map(|(one, other)| [one, other]).collect();
    for both in &rounds {
        // In the order in which they were made.
        for arm in order(arms, both[0].number - 1) {
            let place = usize::from(arm != arms[0]);
            let (round, run) = (both[place], RunName { arm, number: both[place].number });
            let (pair, kept) = kept[place].run(&pair, round)?;
            let Some(kept) = kept else {
                gaps.push(format!("{run} is missing"));
                continue;
            };
            gaps.extend(kept.trace.gaps().into_iter().map(|gap| format!("{run}: {gap}")));
            match &kept.yielded {
                None => gaps.push(format!("{run} has no outcome")),
                // A trace with a gap is held to nothing.
                Some(_) if !gaps.is_empty() => {}
                Some(yielded) => {
                    let circumstances = Circumstances::judged(run, round.clone());
                    findings.note(pair.problem(), circumstances, yielded, &kept.trace);
                }
            }
            candidates.keep(run, round, kept);
        }
    }
    let ended = kept.iter().zip(arms).find_map(|(kept, arm)| {
        let ended = kept.contents.ended.as_ref().filter(|ended| ended.run.arm == kept.arm)?;
        Some((kept, Ended { run: RunName { arm, ..ended.run }, ..ended.clone() }))
    });
    if let Some((kept, Ended { run, round: Some(round), .. })) = &ended
        && let (_, Some(cut_off)) = kept.run(&pair, round)?
    {
        candidates.keep(*run, round, cut_off);
    }
    let behaviour = match (ended, gaps.is_empty()) {
        (Some((_, ended)), _) => Behaviour::ended(arms, ended),
        (None, false) => Behaviour::incomplete(arms, &gaps),
        (None, true) => findings.conclude(),
    };
    let lanes = candidates.lanes(&pair, arms, behaviour.exemplar());
    Ok(Diffed {
        plan: problem.plan(),
        behaviour,
        rounds: rounds.into_iter().map(|[round, _]| round.clone()).collect(),
        interrupted: kept.iter().any(|kept| kept.contents.interrupted),
        unkept: None,
        lanes,
    })
}

impl Diffed {
    /// How the program ends, unless it was interrupted.
    pub fn exit(&self) -> Exit {
        Exit::of(&self.behaviour)
    }

    /// What is to be kept of this diff of a pair.
    pub fn contents(&self, pair: &Pair, settings: &Settings) -> Contents {
        Contents {
            schema: archive::KEPT,
            pattern: pair.problem().card().slug.into(),
            environment: serde_json::to_value(Environment::here()).expect("an environment is plain data"),
            settings: settings.clone(),
            arms: self.behaviour.arms,
            plan: Value::Object(pair.problem().plan()),
            rounds: self.rounds.clone(),
            interrupted: self.interrupted,
            ended: self.behaviour.ended.clone(),
        }
    }
}
