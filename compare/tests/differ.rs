//! The differ on random traces: it never panics, agrees with itself, is even-handed, and mines what the definitions
//! say.

use std::collections::BTreeSet;

use compare::behaviour::relations::{Bond, Calm};
use compare::behaviour::{Behaviour, LEAST, Point, Relation, SURE, Spread};
use compare::lab::Arm;
use proptest::prelude::*;
use shared::locks::semaphore::Step;
use shared::trace::Event;
use shared::{Difference, Level, Said, Side, What};

mod deeds;

use deeds::{Deed, any_runs, diff, diff_with_noise, trace};

/// The places of a point among the deeds of a run.
fn places(deeds: &[Deed], point: &Point) -> Vec<usize> {
    let trace = trace(deeds);
    let is = |(_, event, said): &(usize, &Event, &Said)| {
        Point::new(trace.cast[event.actor].role, said.shape.name) == *point
    };
    trace.said().filter(is).map(|(place, ..)| place).collect()
}

/// Whether a relation has a meaning in this run, and whether it holds: word by word, for every pair of events.
fn by_definition(deeds: &[Deed], Relation { first, bond, second }: &Relation) -> (bool, bool) {
    let (firsts, seconds) = (places(deeds, first), places(deeds, second));
    match bond {
        Bond::AlwaysPrecedes => (!seconds.is_empty(), seconds.iter().all(|b| firsts.iter().any(|a| a < b))),
        Bond::AlwaysFollowedBy => (!firsts.is_empty(), firsts.iter().all(|a| seconds.iter().any(|b| a < b))),
        Bond::NeverFollowedBy => {
            (!firsts.is_empty() && !seconds.is_empty(), !firsts.iter().any(|a| seconds.iter().any(|b| a < b)))
        }
    }
}

/// Whether a relation has a meaning in some run of a side, and whether it holds in all.
fn on_side(runs: &[Vec<Deed>], relation: &Relation) -> (bool, bool) {
    let runs = runs.iter().map(|deeds| by_definition(deeds, relation));
    runs.filter(|(meant, _)| *meant).fold((false, true), |(_, all), (_, holds)| (true, all && holds))
}

fn all_relations() -> Vec<Relation> {
    let roles = ["main", "worker", "visitor"];
    let steps = ["Waiting", "Acquired", "Releasing", "Completed"];
    let points: Vec<Point> =
        roles.iter().flat_map(|role| steps.iter().map(|step| Point::new(role, step))).collect();
    let bonds = [Bond::AlwaysPrecedes, Bond::AlwaysFollowedBy, Bond::NeverFollowedBy];
    let pairs =
        points.iter().flat_map(|first| points.iter().map(move |second| (first.clone(), second.clone())));
    let pairs = pairs.filter(|(first, second)| first != second);
    pairs
        .flat_map(|(first, second)| {
            bonds.map(|bond| Relation { first: first.clone(), bond, second: second.clone() })
        })
        .collect()
}

fn counts(spread: &Spread) -> (usize, usize, String) {
    (spread.runs, spread.distinct, format!("{} {}", spread.unseen, spread.unseen_at_most))
}

fn cases() -> ProptestConfig {
    ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn the_mined_relations_are_those_of_the_definitions(threads in any_runs(), tasks in any_runs()) {
        let mined = diff(&threads, &tasks, &[]).relations.expect("the sides were compared");
        let known = |runs: &[Vec<Deed>], point: &Point| runs.iter().any(|deeds| !places(deeds, point).is_empty());
        let (mut both, mut one_sided) = (BTreeSet::new(), BTreeSet::new());
        for relation in all_relations() {
            let Relation { first, second, .. } = &relation;
            if ![first, second].into_iter().all(|point| known(&threads, point) && known(&tasks, point)) {
                continue;
            }
            match (on_side(&threads, &relation), on_side(&tasks, &relation)) {
                ((true, true), (true, true)) => {
                    both.insert(relation);
                }
                ((true, true), (true, false)) => {
                    one_sided.insert((relation, Arm::THREADS));
                }
                ((true, false), (true, true)) => {
                    one_sided.insert((relation, Arm::TASKS));
                }
                _ => {}
            }
        }
        prop_assert_eq!(mined.both.iter().cloned().collect::<BTreeSet<_>>(), both);
        let found: BTreeSet<_> = mined.one_sided.iter().map(|found| (found.relation.clone(), found.on)).collect();
        prop_assert_eq!(found, one_sided);
    }

    #[test]
    fn a_one_sided_relation_names_events_that_break_it(threads in any_runs(), tasks in any_runs()) {
        let mined = diff(&threads, &tasks, &[]).relations.expect("the sides were compared");
        for found in mined.one_sided {
            let runs = if found.exemplar.run.arm == Arm::THREADS { &threads } else { &tasks };
            prop_assert_ne!(found.exemplar.run.arm, found.on);
            let deeds = &runs[found.exemplar.run.number as usize - 1];
            prop_assert_eq!(by_definition(deeds, &found.relation), (true, false));
            prop_assert!(!found.exemplar.events.is_empty());
        }
    }

    #[test]
    fn a_side_agrees_with_itself(runs in any_runs()) {
        let behaviour = diff(&runs, &runs, &[]);
        let relations = behaviour.relations.expect("the sides were compared");
        prop_assert!(relations.one_sided.is_empty() && relations.one_sided_steps.is_empty());
        prop_assert!(behaviour.habits.expect("the sides were compared").differing.is_empty());
        if let Some(orders) = behaviour.interleavings {
            prop_assert_eq!(orders.shared, orders.spreads[0].distinct);
            prop_assert!(orders.one_sided.is_empty());
        }
        // What breaks the workload breaks it on both sides; nothing else is wrong.
        let fields = |what: &str| what.contains(" on threads, ");
        prop_assert!(!behaviour.findings.iter().any(|finding| fields(&finding.what) && runs.len() == 1));
    }

    #[test]
    fn swapping_the_sides_mirrors_the_result(threads in any_runs(), tasks in any_runs()) {
        let (one, other) = (diff(&threads, &tasks, &[]), diff(&tasks, &threads, &[]));
        prop_assert_eq!(one.verdict, other.verdict);
        prop_assert_eq!(
            one.levels.iter().map(|level| level.agrees).collect::<Vec<_>>(),
            other.levels.iter().map(|level| level.agrees).collect::<Vec<_>>()
        );
        let mirrored = |arm| if arm == Arm::THREADS { Arm::TASKS } else { Arm::THREADS };
        let (ours, theirs) = (one.relations.unwrap(), other.relations.unwrap());
        prop_assert_eq!(ours.both, theirs.both);
        let set = |found: &[_], mirror: &dyn Fn(Arm) -> Arm| -> BTreeSet<_> {
            found
                .iter()
                .map(|found: &compare::behaviour::relations::OneSided| {
                    (found.relation.clone(), mirror(found.on), found.holds, found.broken, found.of)
                })
                .collect()
        };
        prop_assert_eq!(set(&ours.one_sided, &|arm| arm), set(&theirs.one_sided, &mirrored));
        if let (Some(ours), Some(theirs)) = (one.interleavings, other.interleavings) {
            prop_assert_eq!(ours.shared, theirs.shared);
            prop_assert_eq!(counts(&ours.spreads[0]), counts(&theirs.spreads[1]));
            prop_assert_eq!(counts(&ours.spreads[1]), counts(&theirs.spreads[0]));
        }
        let (ours, theirs) = (one.habits.unwrap(), other.habits.unwrap());
        prop_assert_eq!(ours.tested, theirs.tested);
        prop_assert_eq!(ours.differing.len(), theirs.differing.len());
    }

    /// Whatever was declared.
    #[test]
    fn no_trace_makes_it_panic(threads in any_runs(), tasks in any_runs(), always: bool) {
        let difference = Difference::in_scripts(Side::Threaded, "visitor", "Waiting", "a visitor waits");
        let declared = [
            if always { difference } else { difference.sometimes() },
            Difference::in_outcome("value", "by nature").sometimes(),
        ];
        let behaviour = diff(&threads, &tasks, &declared);
        prop_assert_eq!(behaviour.levels.len(), 6);
        prop_assert_eq!(behaviour.reason.is_some(), !behaviour.verdict.agrees());
    }
}

/// A run of this many workers that come in this order.
fn in_order(order: &[usize]) -> Vec<Deed> {
    let steps = [Step::Waiting, Step::Acquired, Step::Releasing];
    order.iter().flat_map(|&worker| steps.map(|step| (1 + worker, What::said(step)))).collect()
}

#[test]
fn an_order_of_one_side_only_is_reported_if_it_is_no_chance() {
    let often = vec![in_order(&[0, 1]); 30];
    let seldom = [vec![in_order(&[0, 1]); 29], vec![in_order(&[1, 0])]].concat();
    let mixed = [vec![in_order(&[0, 1]); 15], vec![in_order(&[1, 0]); 15]].concat();
    let one_sided = |threads: &[Vec<Deed>], tasks: &[Vec<Deed>]| {
        let orders = diff(threads, tasks, &[]).interleavings.expect("the key steps have an order");
        orders
            .one_sided
            .into_iter()
            .map(|found| (found.order.order, found.on, found.order.runs))
            .collect::<Vec<_>>()
    };
    assert_eq!(one_sided(&often, &seldom), [], "once in thirty runs may be chance");
    let expected = ("Acquired by worker 1, 0".to_owned(), Arm::TASKS, 15);
    assert_eq!(one_sided(&often, &mixed), [expected]);
}

#[test]
fn the_unseen_is_estimated_and_bounded() {
    let same = vec![in_order(&[0, 1]); 40];
    let orders = diff(&same, &same, &[]).interleavings.expect("the key steps have an order");
    assert!(orders.spreads[0].unseen.abs() < 1e-9);
    // None of twenty runs of the second half was new.
    let bound = 1.0 - 0.05_f64.powf(1.0 / 20.0);
    assert!((orders.spreads[0].unseen_at_most - bound).abs() < 1e-6, "{orders:?}");
}

#[test]
fn a_habit_of_one_side_is_reported_with_its_bound() {
    let step = |actor, step| (actor, What::said(step));
    let first = vec![step(1, Step::Waiting), step(0, Step::Completed { value: 3 })];
    let last: Vec<Deed> = first.iter().rev().cloned().collect();
    let behaviour = diff(&vec![first; 20], &vec![last; 20], &[]);
    let habits = behaviour.habits.expect("the sides were compared");
    let [habit] = habits.differing.as_slice() else { panic!("{habits:?}") };
    assert_eq!(
        (habit.first.to_string(), habit.second.to_string()),
        ("the first `main: Completed`".into(), "the first `worker: Waiting`".into())
    );
    assert_eq!((habit.shares[0].runs, habit.shares[0].of, habit.shares[1].runs), (0, 20, 20));
    assert!((0.13..0.15).contains(&habit.shares[0].at_most), "{habit:?}");
    assert!((habit.p - LEAST).abs() < 1e-12, "a p that is less is not told");
}

#[test]
fn what_was_seen_once_shows_how_much_is_unseen() {
    let orders = [[0, 1], [1, 0]];
    let runs: Vec<_> = (0..10).map(|run| in_order(&orders[usize::from(run == 3)])).collect();
    let orders = diff(&runs, &runs, &[]).interleavings.expect("the key steps have an order");
    assert!(
        (orders.spreads[0].unseen - 0.1).abs() < 1e-9,
        "one of ten runs showed an order seen once: {orders:?}"
    );
}

#[test]
fn what_noise_does_is_no_habit() {
    let (one, other) = (vec![in_order(&[0, 1]); 40], vec![in_order(&[1, 0]); 40]);
    let found = |noisy| {
        let behaviour = diff_with_noise(&one, &other, noisy, &[]);
        let orders = behaviour.interleavings.expect("the key steps have an order").one_sided.len();
        (orders, behaviour.habits.expect("the sides were compared").runs)
    };
    assert_eq!(found(0), (2, 80));
    assert_eq!(found(40), (0, 0), "all of it is noise");
}

/// Three orders, each of which alone would be reported at one in a hundred; together they may be chance.
#[test]
fn many_tests_ask_for_more_than_one() {
    let runs = |often: [usize; 3]| -> Vec<Vec<Deed>> {
        let orders = [[0, 1], [1, 0], [0, 0]];
        orders.iter().zip(often).flat_map(|(order, often)| vec![in_order(order); often]).collect()
    };
    let reported = |threads, tasks| {
        let orders =
            diff(&runs(threads), &runs(tasks), &[]).interleavings.expect("the key steps have an order");
        orders.one_sided.len()
    };
    // 8 of 30 against 0 of 29 has a p of 0.0049, which is less than 0.01, and three times as much is not.
    assert_eq!(reported([8, 11, 11], [0, 15, 14]), 0);
    assert_eq!(reported([12, 9, 9], [0, 15, 14]), 1, "what is surer is reported");
}

/// A run of two steps.
fn with_worker_first(first: bool) -> Vec<Deed> {
    let step = |actor, step| (actor, What::said(step));
    let mut run = vec![step(1, Step::Waiting), step(0, Step::Completed { value: 3 })];
    if !first {
        run.reverse();
    }
    run
}

/// So many runs of each way.
fn ways(worker_first: usize, main_first: usize) -> Vec<Vec<Deed>> {
    [vec![with_worker_first(true); worker_first], vec![with_worker_first(false); main_first]].concat()
}

/// The one-sided relations: where each holds, in how many runs it is broken, what the calm ones say, and how probable
/// that is by chance.
fn one_sided(behaviour: Behaviour) -> Vec<(Arm, usize, Calm, Option<f64>)> {
    let found = behaviour.relations.expect("the sides were compared").one_sided;
    found.into_iter().map(|found| (found.on, found.broken, found.calm, found.p)).collect()
}

fn relations_agree(behaviour: &Behaviour) -> Option<bool> {
    let level = behaviour.levels.iter().find(|report| report.level == Level::Relations);
    level.expect("there is a line for each level").agrees
}

/// Only in noisy runs do the sides differ: that is told with all its counts, and without a probability.
#[test]
fn what_only_noise_breaks_has_no_probability() {
    let behaviour = diff_with_noise(&ways(40, 0), &ways(20, 20), 20, &[]);
    assert_eq!(relations_agree(&behaviour), None, "it is not decided");
    let calm = Calm { shown: 0, of: 20, others: 20 };
    assert_eq!(one_sided(behaviour), [(Arm::THREADS, 20, calm, None); 3]);
    // Nor has what one side breaks in calm runs, where the other has none.
    let tasks = [ways(10, 10), ways(20, 0)].concat();
    let behaviour = diff_with_noise(&ways(20, 0), &tasks, 20, &[]);
    assert_eq!(relations_agree(&behaviour), None);
    let calm = Calm { shown: 10, of: 20, others: 0 };
    assert_eq!(one_sided(behaviour), [(Arm::THREADS, 10, calm, None); 3]);
}

#[test]
fn a_step_that_only_noise_shows_has_no_probability() {
    let visited = || [with_worker_first(true), vec![(3, What::said(Step::Waiting))]].concat();
    let steps = |calm: usize, noisy: usize| {
        let tasks = [ways(20 - calm, 0), vec![visited(); calm + noisy], ways(20 - noisy, 0)].concat();
        let relations = diff_with_noise(&ways(40, 0), &tasks, 20, &[]).relations;
        let [step] = &relations.expect("the sides were compared").one_sided_steps[..] else {
            panic!("the visitor has one")
        };
        (step.on, step.runs, step.calm, step.p.is_some_and(|p| p < SURE))
    };
    assert_eq!(steps(0, 20), (Arm::TASKS, 20, Calm { shown: 0, of: 20, others: 20 }, false));
    assert_eq!(steps(20, 20), (Arm::TASKS, 40, Calm { shown: 20, of: 20, others: 20 }, true));
}

/// Fisher's p of 9 of 30 against 0 of 30 is 0.0019. Three relations show it, but six were looked at: each way round.
#[test]
fn the_family_is_all_that_was_looked_at() {
    let alone = 2.0 * 14_307_150.0 / 14_783_142_660.0;
    let calm = Calm { shown: 9, of: 30, others: 30 };
    for noisy in [0, 30] {
        // Noise changes the counts, and not what is by chance.
        let tasks = [ways(21, 9), ways(0, noisy)].concat();
        let behaviour = diff_with_noise(&ways(30 + noisy, 0), &tasks, noisy, &[]);
        assert_eq!(relations_agree(&behaviour), None, "six times as much is above a hundredth");
        let found = one_sided(behaviour);
        assert_eq!(found.len(), 3);
        for (on, broken, found, p) in found {
            assert_eq!((on, broken, found), (Arm::THREADS, 9 + noisy, calm));
            assert!(p.is_some_and(|p| (p - 6.0 * alone).abs() < 1e-6), "{p:?}");
        }
    }
    let surer = diff(&ways(30, 0), &ways(20, 10), &[]);
    assert_eq!(relations_agree(&surer), Some(false));
}
