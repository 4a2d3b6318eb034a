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

/// The same of runs that were kept, without running.
///
/// # Errors
/// If they can't be read.
pub fn read(pair: &Pair, folder: &Path, contents: &Contents, reading: Reading) -> Result<Diffed, ReadError> {
    let pair = pair.with_plan(&contents.plan).map_err(|error| Why::Plan(error).of(folder))?;
    let (problem, arms) = (pair.problem(), contents.arms);
    let mut findings = Findings::new(problem, arms, 0);
    let mut candidates = Candidates::new(reading);
    let mut gaps = Vec::new();
    for round in &contents.rounds {
        let pair = pair.with_fields(&round.plan).map_err(|error| Why::Plan(error).of(folder))?;
        let problem = pair.problem();
        // In the order in which they were made.
        for arm in order(arms, round.number - 1) {
            let run = RunName { arm, number: round.number };
            let Some(kept) = archive::run(folder, run, round.pace, contents.settings.seed, problem)? else {
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
                    findings.note(problem, circumstances, yielded, &kept.trace);
                }
            }
            candidates.keep(run, round, kept);
        }
    }
    if let Some(Ended { run, round: Some(round), .. }) = &contents.ended {
        let pair = pair.with_fields(&round.plan).map_err(|error| Why::Plan(error).of(folder))?;
        if let Some(kept) = archive::run(folder, *run, round.pace, contents.settings.seed, pair.problem())? {
            candidates.keep(*run, round, kept);
        }
    }
    let behaviour = match (&contents.ended, gaps.is_empty()) {
        (Some(ended), _) => Behaviour::ended(arms, ended.clone()),
        (None, false) => Behaviour::incomplete(arms, &gaps),
        (None, true) => findings.conclude(),
    };
    let lanes = candidates.lanes(&pair, arms, behaviour.exemplar());
    let Contents { rounds, interrupted, .. } = contents.clone();
    Ok(Diffed { plan: problem.plan(), behaviour, rounds, interrupted, unkept: None, lanes })
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
