//! Scenes: real runs of both sides, made alike, and how a mutant of one is held against them.

use compare::behaviour::{Circumstances, Examination, RunName, conclude, examine, findings};
use compare::lab::{Arm, Lab, Round};
use compare::pair::{Pair, Yielded, drawn_fields};
use serde_json::{Map, Value};
use shared::{Pace, Trace};

/// A run as it was made.
pub(crate) struct Run {
    /// With the plan of this run.
    pub(crate) pair: Pair,
    pub(crate) yielded: Yielded,
    pub(crate) trace: Trace,
    circumstances: Circumstances,
}

/// Runs of both sides that were made alike, and what a mutant of one is compared with.
pub(crate) struct Scene {
    /// In the order of [`Arm::DEFAULT`].
    pub(crate) runs: [Run; 2],
    untouched: Vec<Examination>,
}

/// Some scenes of a pair: calm, with noise, where actors meet, with waits, and with two other plans; with another
/// attempt, noise of other seeds.
///
/// # Panics
/// If a run fails, or they don't agree.
pub(crate) fn scenes(pair: &Pair, lab: &mut Lab, attempt: u64) -> Vec<Scene> {
    let mut scenes: Vec<Scene> = Vec::new();
    for round in rounds(pair, attempt) {
        let runs = Arm::DEFAULT.map(|arm| run(pair, lab, arm, &round));
        let own = runs.iter().map(|run| run.examined(&run.yielded, &run.trace));
        // What is documented to differ shows in runs with the plan of the pair.
        let ordinary = scenes.first().filter(|_| !round.plan.is_empty());
        let ordinary = ordinary.map(|scene| scene.untouched.clone()).unwrap_or_default();
        let untouched: Vec<Examination> = ordinary.into_iter().chain(own).collect();
        assert!(agree(pair, &untouched), "{pair:?}: {round:?}");
        scenes.push(Scene { runs, untouched });
    }
    scenes
}

fn rounds(pair: &Pair, attempt: u64) -> Vec<Round> {
    let seed = |number: u32| 100 * attempt + u64::from(number);
    let noisy = |number| Round { noise: Some(seed(number)), ..Round::at(number, Pace::ZERO) };
    let meeting = pair.problem().overlaps().first().map(ToString::to_string);
    let waits = Round::at(4, Pace::new(0.01).expect("it is a pace"));
    let rounds = [Round::at(1, Pace::ZERO), noisy(2), Round { meeting, ..noisy(3) }, waits];
    let others = (5..).zip(plans(pair)).map(|(number, plan)| Round { plan, ..noisy(number) });
    rounds.into_iter().chain(others).collect()
}

/// Two other plans, if there are so many.
fn plans(pair: &Pair) -> Vec<Map<String, Value>> {
    let mut plans: Vec<Map<_, _>> = Vec::new();
    for plan in (0..100).map(|seed| drawn_fields(pair.problem(), seed)) {
        if plans.len() < 2 && !plan.is_empty() && !plans.contains(&plan) {
            plans.push(plan);
        }
    }
    plans
}

fn run(pair: &Pair, lab: &mut Lab, arm: Arm, round: &Round) -> Run {
    let pair = pair.with_fields(&round.plan).expect("it was drawn from its limits");
    let setting = lab.judged(&pair, arm, round);
    let completed = lab.run(&pair, arm, setting).expect("both sides carry it out");
    let circumstances = Circumstances::judged(RunName { arm, number: round.number }, round.clone());
    Run { pair, yielded: completed.yielded, trace: completed.trace, circumstances }
}

impl Run {
    fn examined(&self, yielded: &Yielded, trace: &Trace) -> Examination {
        examine(self.pair.problem(), self.circumstances.clone(), yielded, trace)
    }
}

impl Scene {
    /// Whether something shows that the run on this side can't have been this: by itself, or beside those of this
    /// scene.
    pub(crate) fn shows(&self, side: usize, trace: &Trace, yielded: &Yielded) -> bool {
        let run = &self.runs[side];
        let by_itself = || !findings(run.pair.problem(), &run.circumstances, yielded, trace).is_empty();
        let beside_others = || {
            let changed = [run.examined(yielded, trace)];
            !agree(&run.pair, &[self.untouched.as_slice(), &changed].concat())
        };
        !trace.gaps().is_empty() || by_itself() || beside_others()
    }
}

fn agree(pair: &Pair, runs: &[Examination]) -> bool {
    conclude(Arm::DEFAULT, runs, &pair.problem().differences()).verdict.agrees()
}
