//! The runs of a diff that may be looked at when it is over.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::archive::KeptRun;
use crate::behaviour::RunName;
use crate::lab::{Arm, Round};
use crate::pair::Pair;
use crate::report::Shown;

/// How a diff is to be read.
#[derive(Debug, Clone, Copy, Default)]
pub struct Reading {
    /// Which run of each side is to be shown as lanes, if one is.
    pub lanes: Option<Lanes>,
}

/// Which run of each side is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Lanes {
    /// The first that shows a difference; if none does, the last of all.
    Exemplar,
    /// That of this number.
    Run(u32),
}

/// The runs that may be shown.
pub(super) struct Candidates {
    lanes: Option<Lanes>,
    runs: BTreeMap<RunName, (Round, KeptRun)>,
    /// How many events they have.
    events: usize,
}

impl Candidates {
    /// How many events are kept in memory, for looking at one run in the end: about 200 MB.
    const ROOM: usize = 2_000_000;

    pub(super) fn new(Reading { lanes }: Reading) -> Self {
        Self { lanes, runs: BTreeMap::new(), events: 0 }
    }

    /// Keeps a run if it may be shown and there is room.
    pub(super) fn keep(&mut self, run: RunName, round: &Round, kept: KeptRun) {
        let wanted = match self.lanes {
            None => false,
            Some(Lanes::Exemplar) => self.events <= Self::ROOM,
            Some(Lanes::Run(number)) => run.number == number,
        };
        if wanted {
            self.events += kept.trace.events.len();
            self.runs.insert(run, (round.clone(), kept));
        }
    }

    /// The runs of that number that is asked for, or the exemplar, as far as they are kept.
    pub(super) fn lanes(&self, pair: &Pair, arms: [Arm; 2], exemplar: Option<RunName>) -> Vec<Shown> {
        let number = match self.lanes {
            None => return Vec::new(),
            Some(Lanes::Run(number)) => Some(number),
            Some(Lanes::Exemplar) => {
                let last = self.runs.keys().map(|run| run.number).max();
                exemplar.map(|run| run.number).or(last)
            }
        };
        let Some(number) = number else { return Vec::new() };
        let runs = arms.map(|arm| RunName { arm, number });
        let shown = |run: &RunName| {
            let (round, kept) = self.runs.get(run)?;
            // It was run with this plan, so it is one.
            let pair = pair.with_fields(&round.plan).ok()?;
            Some(Shown::of(pair.problem(), *run, round, kept.yielded.as_ref(), &kept.trace))
        };
        runs.iter().filter_map(shown).collect()
    }
}
