//! The report of one call: all its pairs.

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

use super::{Effort, PairReport, Why, timed};
use crate::behaviour::Verdict;
use crate::cost::{Carrier, Cost};
use crate::lab::{Arm, Environment, Settings};

/// All pairs of one call.
#[derive(Debug, Serialize, Deserialize)]
pub struct Report {
    /// The version of this document's form.
    pub schema: u32,
    /// Where it was measured.
    pub environment: Environment,
    /// How it was measured.
    pub settings: Settings,
    /// Which arms: the first is compared with each of the others.
    pub arms: Vec<Arm>,
    /// What was done to decide who is faster.
    pub effort: Effort,
    /// What each arm costs, and threads in any case; none where that was not measured.
    pub costs: Option<Vec<Cost>>,
    /// How many cores of the machine others kept busy meanwhile, in the mean; none where the system doesn't say.
    pub others_cores: Option<f64>,
    /// Whether the user wanted no more before all pairs were compared.
    pub interrupted: bool,
    /// How many pairs were to be compared, each once for every two arms.
    pub selected: usize,
    /// Each pair, in the order that was [asked for](Sort), and all again for the next two arms; the last may be compared in
    /// part, if interrupted.
    pub pairs: Vec<PairReport>,
}

/// In which order pairs are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Sort {
    /// That of the notebook.
    Notebook,
    /// That of their names.
    Name,
    /// By the ratio of their times: first those of which the first arm is the faster.
    Ratio,
}

impl Report {
    /// How many pairs came to this verdict.
    pub fn count(&self, verdict: Verdict) -> usize {
        self.pairs.iter().filter(|pair| pair.behaviour.verdict == verdict).count()
    }

    /// The pairs, apart by the arms that they compare.
    pub fn comparisons(&self) -> impl Iterator<Item = ([Arm; 2], &[PairReport])> {
        let arms = |pair: &PairReport| pair.behaviour.arms;
        self.pairs
            .chunk_by(move |one, next| arms(one) == arms(next))
            .map(move |pairs| (arms(&pairs[0]), pairs))
    }

    /// Puts the pairs in this order, those of each two arms apart.
    pub fn sort(&mut self, by: Sort) {
        let ratio = |pair: &PairReport| pair.timing.as_ref().map_or(f64::NAN, |timing| timing.ratio.ratio);
        let same_arms = |one: &PairReport, next: &PairReport| one.behaviour.arms == next.behaviour.arms;
        for pairs in self.pairs.chunk_by_mut(same_arms) {
            match by {
                Sort::Notebook => {}
                Sort::Name => pairs.sort_by_key(|pair| pair.pattern.card().slug),
                Sort::Ratio => pairs.sort_by(|one, other| ratio(one).total_cmp(&ratio(other))),
            }
        }
    }

    /// Says of each pair that was timed why, as far as it is known what its arms cost.
    pub fn explain(&mut self) {
        let why = |pair: &PairReport| {
            let arms = pair.behaviour.arms;
            let [first, second, threads] =
                [arms[0], arms[1], Arm::THREADS].map(|arm| self.cost(arm).map(|cost| &cost.units));
            let timing = pair.timing.as_ref()?;
            let counts = [pair.sides[0].counts?, pair.sides[1].counts?];
            let took = [0, 1].map(|place| timing.took(place).as_secs_f64() * 1e9);
            let switches = [0, 1].map(|place| timing.switches(place));
            Some(Why::of(arms, took, counts, switches, [first?, second?], threads?))
        };
        let whys: Vec<Option<Why>> = self.pairs.iter().map(why).collect();
        for (pair, why) in self.pairs.iter_mut().zip(whys) {
            if let Some(timing) = &mut pair.timing {
                timing.why = why;
            }
        }
    }

    /// If others may have made a difference: how many cores they kept busy, and so many times as long that may have made one
    /// arm take; none where nobody knows.
    pub fn disturbance(&self) -> Option<(f64, Option<f64>)> {
        let disturbed = timed(&self.pairs).find(|(_, timing)| timing.terms.is_disturbed());
        self.others_cores.zip(disturbed.map(|(_, timing)| timing.terms.disturbance))
    }

    /// What this arm costs, if it was measured.
    pub fn cost(&self, arm: Arm) -> Option<&Cost> {
        self.costs.as_deref()?.iter().find(|of| of.units.carrier == Carrier::Arm(arm.once()))
    }
}
