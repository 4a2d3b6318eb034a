//! An idiom yields what its cell does, whatever its plan, and leaves nothing behind.

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use compare::campaign::{Reading, Request, diff};
use compare::lab::{Arm, Lab, Round};
use compare::pair::{Pair, pair};
use serde_json::Value;
use shared::{Pace, Pattern, Setting, Side, Stage};
use tokio::runtime::Runtime;

mod laboratory;

use laboratory::lab;

/// Each arm with its idiom.
fn both() -> [[Arm; 2]; 2] {
    let [threads, tasks] = Arm::IDIOMS;
    [[Arm::THREADS, threads], [Arm::TASKS, tasks]]
}

/// Holds both idioms of this pair to their cells, in so many runs at these paces.
fn hold(pair: &Pair, lab: &mut Lab, rounds: u32, paces: &[Pace]) {
    let paces = paces.iter().cycle().zip(1..=rounds);
    let rounds: Vec<Round> = paces.map(|(pace, number)| Round::at(number, *pace)).collect();
    for arms in both() {
        let request = Request { arms, rounds: &rounds, kept: None, reading: Reading::default() };
        let behaviour = diff(pair, lab, &request).behaviour;
        let plan = pair.problem().plan();
        assert!(behaviour.verdict.agrees(), "{pair:?}, {arms:?}, {plan:?}: {:?}", behaviour.reason);
        assert!(behaviour.ended.is_none(), "{pair:?}, {arms:?}, {plan:?}");
    }
}

#[test]
fn an_idiom_yields_what_its_cell_does_over_many_runs_and_seeds() {
    let paces = [Pace::ZERO, Pace::new(0.001).expect("a pace")];
    for seed in 0..5 {
        let mut lab = lab(|settings| settings.seed = seed);
        Pattern::all().map(pair).for_each(|pair| hold(&pair, &mut lab, 10, &paces));
    }
}

#[test]
fn an_idiom_yields_what_its_cell_does_at_the_ends_of_the_limits() {
    let mut lab = lab(|_| {});
    for pattern in Pattern::all() {
        for (key, field) in pair(pattern).problem().plan() {
            let limits = pair(pattern).problem().limits().iter().find(|limit| limit.field == key);
            let values = match (&field, limits) {
                (Value::Number(_), Some(limit)) => {
                    [limit.range.start(), limit.range.end()].map(u64::to_string)
                }
                (Value::String(_), _) => [String::new(), "Ω and so on".into()],
                _ => ["0s".into(), "3s".into()],
            };
            for value in values {
                let mut pair = pair(pattern);
                pair.set(&key, &value).expect("it is within the limits");
                hold(&pair, &mut lab, 1, &[Pace::ZERO]);
            }
        }
    }
}

/// Waits until this holds; nothing is right because it took long enough.
fn until(what: &str, holds: impl Fn() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < Duration::from_secs(30), "{what}");
        thread::yield_now();
    }
}

fn threads() -> usize {
    fs::read_dir("/proc/self/task").map_or(0, Iterator::count)
}

#[test]
fn an_idiom_leaves_no_thread_and_no_task_behind() {
    let runtime = Runtime::new().expect("room for a runtime");
    let setting =
        |pair: &Pair, side| Setting { pace: Pace::ZERO, ..Setting::new(pair.problem().card().slug, side) };
    // Whatever keeps threads for good has them then: the pools of rayon and of the runtime.
    for round in 0..2 {
        // An origin has threads of its own, and the runtime keeps for a while those that block.
        for pair in Pattern::all().map(pair).filter(|pair| pair.problem().fixture().is_none()) {
            let stages = Side::BOTH.map(|side| Stage::new(setting(&pair, side)));
            let before = threads();
            let [one, other] = stages;
            drop(pair.threads(one, true)());
            if round > 0 {
                until(&format!("{pair:?} leaves a thread"), || threads() <= before);
            }
            drop(runtime.block_on(pair.tasks(other, true)));
            until(&format!("{pair:?} leaves a task"), || runtime.metrics().num_alive_tasks() == 0);
        }
    }
}
