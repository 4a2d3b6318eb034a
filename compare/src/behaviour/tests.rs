use std::collections::{BTreeMap, BTreeSet};
use std::slice;

use proptest::prelude::Rng as _;
use proptest::test_runner::{RngAlgorithm, TestRng};
use serde_json::{Value, json};
use shared::{Difference, Level, Member, Pace, Side};

use super::examination::{Sight, Turn};
use super::stalls::Place;
use super::{
    Behaviour, Circumstances, Examination, Finding, Judged, Point, Quote, RunName, Runs, SURE, Verdict,
};
use crate::lab::{Arm, Round};

fn conclude(runs: &[Examination], declared: &[Difference]) -> Behaviour {
    super::conclude(Arm::DEFAULT, runs, declared)
}

/// A round without waits, with noise or without.
fn round(noisy: bool) -> Round {
    Round { noise: noisy.then_some(1), ..Round::at(1, Pace::ZERO) }
}

fn run(arm: Arm, sum: &Value, seen: &[&str]) -> Examination {
    let run = RunName { arm, number: 1 };
    Examination {
        circumstances: Circumstances::judged(run, Round::at(1, Pace::ZERO)),
        work: BTreeMap::new(),
        fixed: BTreeMap::from([("sum".into(), sum.to_string())]),
        last_known: None,
        findings: Vec::new(),
        overlaps: Vec::new(),
        unseen: Vec::new(),
        computes: true,
        stalls: BTreeMap::new(),
        seen: seen.iter().map(ToString::to_string).collect::<BTreeSet<_>>(),
        sights: BTreeMap::new(),
        order: Vec::new(),
        cut: false,
    }
}

/// A run of this arm, made so, in which actors did this to their threads.
pub(super) fn in_round(arm: Arm, round: Round, stalls: BTreeMap<Place, Vec<Quote>>) -> Examination {
    let name = RunName { arm, number: round.number };
    Examination { circumstances: Circumstances::judged(name, round), stalls, ..run(arm, &json!(1), &[]) }
}

fn threads(sum: &Value, seen: &[&str]) -> Examination {
    run(Arm::THREADS, sum, seen)
}

fn tasks(sum: &Value, seen: &[&str]) -> Examination {
    run(Arm::TASKS, sum, seen)
}

fn agrees(behaviour: &Behaviour, level: Level) -> Option<bool> {
    behaviour.levels.iter().find(|report| report.level == level).and_then(|report| report.agrees)
}

#[test]
fn equal_runs_are_the_same() {
    let behaviour = conclude(&[threads(&json!(45), &[]), tasks(&json!(45), &[])], &[]);
    assert_eq!((behaviour.verdict, behaviour.reason), (Verdict::Same, None));
}

#[test]
fn a_field_that_differs_and_is_not_documented_decides() {
    let behaviour = conclude(&[threads(&json!(45), &[]), tasks(&json!(44), &[])], &[]);
    assert_eq!(behaviour.verdict, Verdict::Differs);
    assert_eq!(behaviour.reason.as_deref(), Some("sum: 45 on threads, 44 on tasks (run 1 of tasks)"));
    assert_eq!(agrees(&behaviour, Level::Outcome), Some(false));
    assert_eq!(agrees(&behaviour, Level::Laws), Some(true));
}

#[test]
fn a_field_that_varies_on_one_side_is_not_fixed() {
    let runs = [threads(&json!(1), &[]), threads(&json!(2), &[]), tasks(&json!(1), &[])];
    assert_eq!(conclude(&runs, &[]).verdict, Verdict::Differs);
    let known = [Difference::in_outcome("sum", "by luck").sometimes()];
    assert_eq!(conclude(&runs, &known).verdict, Verdict::Documented);
    let always = [Difference::in_outcome("sum", "by nature")];
    assert_eq!(conclude(&runs, &always).verdict, Verdict::Differs, "it is not always so");
}

#[test]
fn a_documented_difference_that_shows_is_agreement() {
    let runs = [threads(&json!(false), &["main: BeforeStart"]), tasks(&Value::Null, &[])];
    let known = [
        Difference::in_outcome("sum", "none"),
        Difference::in_scripts(Side::Threaded, "main", "BeforeStart", "none"),
    ];
    let behaviour = conclude(&runs, &known);
    assert_eq!(behaviour.verdict, Verdict::Documented);
    assert!(behaviour.differences.iter().all(|difference| difference.occurred));
    assert_eq!(behaviour.forbids_timing(), None);
}

#[test]
fn a_documented_difference_that_never_shows_is_stale() {
    let runs = [threads(&json!(1), &["main: Asked"]), tasks(&json!(1), &["main: Asked"])];
    for known in [
        Difference::in_outcome("sum", "none"),
        Difference::in_scripts(Side::Threaded, "main", "Asked", "none"),
    ] {
        let behaviour = conclude(&runs, slice::from_ref(&known));
        assert_eq!(behaviour.verdict, Verdict::Differs);
        assert!(behaviour.reason.is_some_and(|reason| reason.starts_with("stale")));
        assert_eq!(conclude(&runs, &[known.sometimes()]).verdict, Verdict::Same, "sometimes is not always");
    }
}

#[test]
fn a_documented_difference_on_the_wrong_side_is_stale() {
    let runs = [threads(&json!(1), &[]), tasks(&json!(1), &["main: Asked"])];
    let known = [Difference::in_scripts(Side::Threaded, "main", "Asked", "only threads ask")];
    assert_eq!(conclude(&runs, &known).verdict, Verdict::Differs);
}

#[test]
fn fixed_work_that_differs_decides() {
    let worked = |arm, steps: u64| Examination {
        work: BTreeMap::from([("worker: work".into(), format!("{steps} steps"))]),
        ..run(arm, &json!(1), &[])
    };
    let behaviour = conclude(&[worked(Arm::THREADS, 3), worked(Arm::TASKS, 4)], &[]);
    assert_eq!(agrees(&behaviour, Level::Scripts), Some(false));
    let reason = "worker: work: 3 steps on threads, 4 steps on tasks (run 1 of tasks)";
    assert_eq!(behaviour.reason.as_deref(), Some(reason));
}

#[test]
fn only_watched_runs_are_held_to_roles_and_laws() {
    let mut timed = threads(&json!(1), &[]);
    timed.circumstances.round = None;
    let behaviour = conclude(&[timed, threads(&json!(1), &[]), tasks(&json!(1), &[])], &[]);
    let details: Vec<&str> = behaviour.levels.iter().take(3).map(|level| level.detail.as_str()).collect();
    let (all, watched) = ("2 runs of threads, 1 of tasks", "1 runs of threads, 1 of tasks");
    assert_eq!(details, [all, watched, watched]);
}

#[test]
fn unequal_work_is_not_timed() {
    let runs = [threads(&json!(1), &["main: Asked"]), tasks(&json!(1), &[])];
    let known = [Difference::in_scripts(Side::Threaded, "main", "Asked", "only threads ask").of_work()];
    let behaviour = conclude(&runs, &known);
    assert_eq!(behaviour.verdict, Verdict::Documented);
    assert_eq!(behaviour.forbids_timing().as_deref(), Some("the sides do unequal work: only threads ask"));
}

#[test]
fn a_breach_decides() {
    let mut broken = threads(&json!(1), &[]);
    let what = "two inside".into();
    broken.findings.push(Finding { level: Level::Laws, what, runs: 1, exemplar: None, script: Vec::new() });
    let behaviour = conclude(&[broken, tasks(&json!(1), &[])], &[]);
    assert_eq!(behaviour.verdict, Verdict::Differs);
    assert_eq!(agrees(&behaviour, Level::Laws), Some(false));
    assert_eq!(behaviour.forbids_timing().as_deref(), Some("the sides don't behave alike"));
}

/// Runs of both arms, so many of each, all of them calm or all noisy; `sum` is what a run of this arm yields.
fn population(runs: u32, noisy: bool, mut sum: impl FnMut(Arm) -> u64) -> Vec<Examination> {
    let both = (1..=runs).flat_map(|number| Arm::DEFAULT.map(|arm| RunName { arm, number }));
    let examined = both.map(|name| Examination {
        circumstances: Circumstances::judged(name, round(noisy)),
        ..run(name.arm, &json!(sum(name.arm)), &[])
    });
    examined.collect()
}

#[test]
fn what_agrees_says_what_may_have_been_missed() {
    let noisy = population(3, true, |_| 1);
    let mut runs = [noisy, population(2, false, |_| 1)].concat();
    let mut paced = [threads(&json!(1), &[]), tasks(&json!(1), &[])];
    for run in &mut paced {
        run.circumstances.round = Some(Round::at(1, Pace::NOTEBOOK));
    }
    runs.extend(paced.clone());
    let behaviour = conclude(&runs, &[]);
    let judged = |arm| Judged { arm, runs: 6, noisy: 3, calm: 2, paced: 1, other_plans: 0 };
    let judged = Arm::DEFAULT.map(judged).into();
    assert_eq!(behaviour.runs, Runs { made: [6, 6], judged });
    let bound = |runs: &[Examination]| conclude(runs, &[]).missed_at_most;
    let six = 1.0 - 0.05_f64.powf(1.0 / 6.0);
    assert!(bound(&runs).is_some_and(|bound| (bound - six).abs() < 1e-9), "{behaviour:?}");

    // Of a run whose order is not known, the laws were not asked.
    let [mut timed, more] = paced;
    timed.circumstances.round = None;
    runs.push(timed);
    assert_eq!((bound(&runs), conclude(&runs, &[]).runs.made[0]), (bound(&runs[..12]), 7));
    // The arm with fewer runs decides.
    runs.push(Examination { ..more.clone() });
    assert_eq!(bound(&runs), bound(&runs[..12]));
    // What was seen was not missed.
    runs.push(tasks(&json!(2), &[]));
    assert_eq!(bound(&runs), None);
    assert_eq!(Behaviour::incomplete(Arm::DEFAULT, &["run 1 is missing".into()]).missed_at_most, None);
}

/// The bound keeps its word: a fault of one arm, as frequent as the bound says, is missed in one of twenty comparisons.
#[test]
fn a_fault_as_frequent_as_the_bound_is_missed_in_one_of_twenty() {
    const COMPARISONS: u32 = 1000;
    let mut chance = chance();
    let share = conclude(&population(30, false, |_| 1), &[]).missed_at_most.expect("they agree");
    let fault =
        |arm: Arm| u64::from(arm == Arm::TASKS && f64::from(chance.next_u32()) < share * 2_f64.powi(32));
    let mut fault = fault;
    let missed = (0..COMPARISONS)
        .filter(|_| conclude(&population(30, false, &mut fault), &[]).verdict == Verdict::Same);
    let missed = missed.count();
    // Fifty, and four times what is left to chance.
    assert!((22..78).contains(&missed), "{missed}");
}

/// What the bound does not say: it is about runs like these. Calm ones may bound to a few in a hundred what every
/// second noisy one shows.
#[test]
fn the_bound_speaks_of_runs_like_these() {
    let calm = conclude(&population(92, false, |_| 1), &[]);
    assert_eq!(calm.verdict, Verdict::Same);
    assert!(calm.missed_at_most.is_some_and(|share| (0.031..0.033).contains(&share)), "{calm:?}");
    let mut number = 0;
    let noisy = population(92, true, |_| {
        number += 1;
        number / 2 % 2
    });
    let noisy = conclude(&noisy, &[]);
    assert_eq!((noisy.verdict, noisy.missed_at_most), (Verdict::Differs, None));
}

/// The same numbers each time, so that a red run can be repeated.
fn chance() -> TestRng {
    TestRng::from_seed(RngAlgorithm::XorShift, &[7; 16])
}

/// A run in which each of five steps is said or not, once or twice. The steps come more or less in their order; which
/// arm it is of makes no difference.
fn by_chance(chance: &mut TestRng, circumstances: Circumstances) -> Examination {
    const STEPS: [&str; 5] = ["A", "B", "C", "D", "E"];
    let mut below = |most: u32| chance.next_u32() % most;
    let quote = |event: u32| Quote {
        event: event as usize,
        at_ns: 0,
        actor: String::new(),
        what: String::new(),
        source: None,
    };
    let mut sights = BTreeMap::new();
    let mut turns = Vec::new();
    for (step, place) in STEPS.into_iter().zip(0..) {
        // The one is said more seldom than the other.
        if below(8) <= place {
            continue;
        }
        // The farther apart, the more seldom the one comes before the other; and no two are at one place.
        let mut events = [(); 2].map(|()| (1000 * place + below(3000)) * 5 + place);
        events.sort_unstable();
        let [first, last] = events.map(quote);
        turns.push((first.event, Turn { member: Member { role: "worker", number: 0 }, step }));
        sights.insert(Point::new("worker", step), Sight { first, last });
    }
    turns.sort_unstable();
    let order = turns.into_iter().map(|(_, turn)| turn).take(2).collect();
    let arm = circumstances.run.arm;
    Examination { circumstances, sights, order, ..run(arm, &json!(1), &[]) }
}

/// In a way of its own, noise turns everything round.
fn turned_round(run: Examination) -> Examination {
    let mut sights = run.sights;
    for Sight { first, last } in sights.values_mut() {
        (first.event, last.event) = (100_000 - last.event, 100_000 - first.event);
    }
    Examination { sights, order: run.order.into_iter().rev().collect(), ..run }
}

/// Of so many comparisons without any difference but one that noise makes, how many report one, at each level that
/// informs.
fn reported(comparisons: u32, noisy: u32) -> [u32; 3] {
    const CALM: u32 = 20;
    let mut chance = chance();
    let mut examined = |run: RunName| {
        let noisy = run.number > CALM;
        let run = by_chance(&mut chance, Circumstances::judged(run, round(noisy)));
        if noisy && run.arm() == Arm::TASKS { turned_round(run) } else { run }
    };
    let mut reported = [0; 3];
    for _ in 0..comparisons {
        let names = (1..=CALM + noisy).flat_map(|number| Arm::DEFAULT.map(|arm| RunName { arm, number }));
        let behaviour = conclude(&names.map(&mut examined).collect::<Vec<_>>(), &[]);
        let levels = [Level::Relations, Level::Interleavings, Level::Habits];
        for (count, level) in reported.iter_mut().zip(levels) {
            *count += u32::from(agrees(&behaviour, level) == Some(false));
        }
    }
    reported
}

/// Of each level, in one of a hundred comparisons at most; and what noise does is no difference.
#[test]
fn without_a_difference_hardly_any_is_reported() {
    const COMPARISONS: u32 = 500;
    for noisy in [0, 20] {
        let reported = reported(COMPARISONS, noisy);
        let due = f64::from(COMPARISONS) * SURE;
        // The deviation of a count of rare events is the root of what is due; three of them are left to chance.
        let most = due + 3.0 * due.sqrt();
        assert!(reported.iter().all(|count| f64::from(*count) <= most), "{noisy}: {reported:?}");
    }
}
