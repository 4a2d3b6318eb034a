//! The diff of one pair: how both sides behave over many runs, made now or read from an archive.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::{Map, Value};
use shared::{Blocking, Pattern, Section, Side, Suspending, Trace, Workload};

use crate::archive::{self, Archive, Contents, Ended, KeptRun, ReadError, Why};
use crate::behaviour::{Behaviour, Circumstances, RunName};
use crate::findings::Findings;
use crate::lab::{Broken, Failure, Lab, Settings};
use crate::pair::{Failed, Solutions};
use crate::plan;
use crate::rounds::Round;
use crate::shown::Shown;

/// What a diff is asked for.
#[derive(Debug)]
pub struct Request<'a> {
    /// How its rounds are made.
    pub rounds: &'a [Round],
    /// Where the traces are kept, if they are.
    pub archive: Option<&'a Archive>,
    /// How to read what was found.
    pub reading: Reading,
}

/// How a diff is to be read.
#[derive(Debug, Clone, Copy, Default)]
pub struct Reading {
    /// Which run of each side is to be shown as lanes, if one is.
    pub lanes: Option<Lanes>,
}

/// Which run of each side is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lanes {
    /// The first that shows a difference; if none does, the last of all.
    Telling,
    /// That of this number.
    Run(u32),
}

/// What a diff comes to.
#[derive(Debug)]
pub struct Diffed {
    /// What both sides were given.
    pub plan: Map<String, Value>,
    /// How the sides behave.
    pub behaviour: Behaviour,
    /// Which rounds both sides have finished.
    pub rounds: Vec<Round>,
    /// Whether the user wanted no more before all rounds were made.
    pub interrupted: bool,
    /// The run that failed, if one did.
    pub ended: Option<Ended>,
    /// Why the traces are not all kept, if they were to be.
    pub unkept: Option<io::Error>,
    /// The runs that are shown as lanes, if that was asked for and they are known.
    pub lanes: Vec<Shown>,
}

/// A diff, as it is told. Its serialisation is the JSON of `compare diff`.
#[derive(Debug, Serialize)]
pub struct Diff {
    /// The version of this document's form.
    pub schema: u32,
    /// Where the runs were made.
    pub environment: Value,
    /// How they were made.
    pub settings: Settings,
    /// The pattern.
    pub pattern: Pattern,
    /// Its section.
    pub section: Section,
    /// The notebook's cells that show it.
    pub cells: &'static [u8],
    /// What both sides were given.
    pub plan: Map<String, Value>,
    /// How each round was made.
    pub rounds: Vec<Round>,
    /// Where the traces are, if they are kept.
    pub traces: Option<PathBuf>,
    /// Whether the user wanted no more before all rounds were made.
    pub interrupted: bool,
    /// How the sides behave.
    pub behaviour: Behaviour,
    /// One run of each side, if they were asked for.
    pub lanes: Vec<Shown>,
}

impl Request<'_> {
    pub(crate) fn diff<W: Workload, T: Blocking<W>, A: Suspending<W>>(
        self,
        solutions: &Solutions<W, T, A>,
        lab: &mut Lab,
    ) -> Diffed {
        let mut findings = Findings::new(solutions.plan.clone());
        let mut gallery = Gallery::new(self.reading);
        let mut written = Ok(());
        let mut keep = |run, outcome: Option<W::Outcome>, trace: Trace<W::Step>| {
            if let (Some(archive), Ok(())) = (self.archive, &written) {
                written = archive.keep::<W>(run, outcome.as_ref(), &trace);
            }
            gallery.hang(run, KeptRun { outcome, trace });
        };
        let mut rounds = Vec::new();
        let mut failed = None;
        for &round in self.rounds {
            let mut witness = |run, outcome, trace| keep(run, Some(outcome), trace);
            if let Err(Failed { run, broken: Broken { failure, trace } }) =
                solutions.judge(lab, round, &mut findings, &mut witness)
            {
                if let Some(trace) = trace {
                    keep(run, None, trace);
                }
                failed = Some((run, failure));
                break;
            }
            rounds.push(round);
        }
        // A round of which one side alone was made tells nothing.
        findings.keep_rounds(rounds.len());
        let interrupted = matches!(failed, Some((_, Failure::Interrupted)));
        let ended = failed.filter(|_| !interrupted).map(|(run, failure)| Ended::of(run, &failure));
        let behaviour = ended.as_ref().map_or_else(|| findings.conclude(), Behaviour::ended);
        let telling = ended.as_ref().map(|ended| ended.run).or(behaviour.exemplar());
        let lanes = gallery.lanes(&solutions.plan, telling);
        let plan = plan::fields(&solutions.plan);
        Diffed { plan, behaviour, rounds, interrupted, ended, unkept: written.err(), lanes }
    }
}

impl Reading {
    pub(crate) fn read<W: Workload>(self, folder: &Path, contents: &Contents) -> Result<Diffed, ReadError> {
        let plan: W = plan::read(&contents.plan).map_err(|error| Why::Plan(error).of(folder))?;
        let mut findings = Findings::new(plan.clone());
        let mut gallery = Gallery::new(self);
        let mut gaps = Vec::new();
        for round in &contents.rounds {
            for side in Side::BOTH {
                let run = RunName { side, number: round.number };
                let Some(kept) = archive::run::<W>(folder, run, &plan)? else {
                    gaps.push(format!("{run} is missing"));
                    continue;
                };
                gaps.extend(kept.trace.gaps().into_iter().map(|gap| format!("{run}: {gap}")));
                match &kept.outcome {
                    None => gaps.push(format!("{run} has no outcome")),
                    // A trace with a gap is held to nothing.
                    Some(_) if !gaps.is_empty() => {}
                    Some(outcome) => {
                        let circumstances = Circumstances { run, sequenced: true, calm: round.is_calm() };
                        findings.note(circumstances, outcome, &kept.trace);
                    }
                }
                gallery.hang(run, kept);
            }
        }
        if let Some(ended) = &contents.ended
            && let Some(kept) = archive::run::<W>(folder, ended.run, &plan)?
        {
            gallery.hang(ended.run, kept);
        }
        let behaviour = match (&contents.ended, gaps.is_empty()) {
            (Some(ended), _) => Behaviour::ended(ended),
            (None, false) => Behaviour::incomplete(&gaps),
            (None, true) => findings.conclude(),
        };
        let telling = contents.ended.as_ref().map(|ended| ended.run).or(behaviour.exemplar());
        let lanes = gallery.lanes(&plan, telling);
        let Contents { rounds, interrupted, ended, .. } = contents.clone();
        let plan = plan::fields(&plan);
        Ok(Diffed { plan, behaviour, rounds, interrupted, ended, unkept: None, lanes })
    }
}

/// The runs that may be shown.
struct Gallery<W: Workload> {
    lanes: Option<Lanes>,
    runs: BTreeMap<RunName, KeptRun<W>>,
    /// How many events they have.
    events: usize,
}

impl<W: Workload> Gallery<W> {
    /// How many events are kept in memory, for looking at one run in the end: about 200 MB.
    const ROOM: usize = 2_000_000;

    fn new(Reading { lanes }: Reading) -> Self {
        Self { lanes, runs: BTreeMap::new(), events: 0 }
    }

    /// Keeps a run if it may be shown and there is room.
    fn hang(&mut self, run: RunName, kept: KeptRun<W>) {
        let wanted = match self.lanes {
            None => false,
            Some(Lanes::Telling) => self.events <= Self::ROOM,
            Some(Lanes::Run(number)) => run.number == number,
        };
        if wanted {
            self.events += kept.trace.events.len();
            self.runs.insert(run, kept);
        }
    }

    /// The runs of that number that is asked for, or that tells most, as far as they are kept.
    fn lanes(&self, plan: &W, telling: Option<RunName>) -> Vec<Shown> {
        let number = match self.lanes {
            None => return Vec::new(),
            Some(Lanes::Run(number)) => Some(number),
            Some(Lanes::Telling) => {
                let last = self.runs.keys().map(|run| run.number).max();
                telling.map(|run| run.number).or(last)
            }
        };
        let Some(number) = number else { return Vec::new() };
        let runs = Side::BOTH.map(|side| RunName { side, number });
        let shown = |run: &RunName| {
            let kept = self.runs.get(run)?;
            Some(Shown::of(plan, *run, kept.outcome.as_ref(), &kept.trace))
        };
        runs.iter().filter_map(shown).collect()
    }
}
