//! Noise shows orders that are not seen without it.

use std::collections::BTreeSet;
use std::path::Path;

use compare::archive::Archive;
use compare::campaign::{Reading, Request, diff};
use compare::lab::{Arm, Round};
use compare::pair::pair;
use serde_json::Value;
use shared::{Pace, Pattern};

mod laboratory;

use laboratory::lab;

/// The orders in which four workers got in, over these rounds of tasks.
fn orders(rounds: &[Round]) -> BTreeSet<Vec<u64>> {
    // One thread runs all tasks, so that without noise there is no chance in it.
    let arms = [Arm::THREADS, Arm::TASKS_ON_ONE];
    let mut lab = lab(|_| {});
    let mut semaphore = pair(Pattern::Semaphore);
    semaphore.set("workers", "4").expect("it can have four");
    let parent = tempfile::tempdir().expect("a folder");
    let folder = parent.path().join("traces");
    let archive = Archive::create(&folder).expect("a new folder");
    let request = Request { arms, rounds, kept: Some(archive.folder()), reading: Reading::default() };
    let diffed = diff(&semaphore, &mut lab, &request);
    assert!(diffed.behaviour.verdict.agrees(), "{:?}", diffed.behaviour.reason);
    let folder = archive.finish(&diffed.contents(&semaphore, &lab.settings)).expect("it is written");
    rounds.iter().map(|round| order(&folder, round.number)).collect()
}

fn order(folder: &Path, number: u32) -> Vec<u64> {
    let text =
        std::fs::read_to_string(folder.join(format!("tasks-current-{number:05}.jsonl"))).expect("a run");
    let events = text.lines().skip(1).map(|line| serde_json::from_str::<Value>(line).expect("an event"));
    events.filter(|event| event["step"] == "Acquired").filter_map(|event| event["number"].as_u64()).collect()
}

#[test]
fn noise_shows_orders_that_are_not_seen_without_it() {
    let rounds = |noise: fn(u32) -> Option<u64>| -> Vec<Round> {
        (1..=60).map(|number| Round { noise: noise(number), ..Round::at(number, Pace::ZERO) }).collect()
    };
    let calm = orders(&rounds(|_| None));
    let noisy = orders(&rounds(|number| Some(number.into())));
    assert_eq!(calm.len(), 1, "{calm:?}");
    assert!(noisy.len() > 5, "{noisy:?}");
}
