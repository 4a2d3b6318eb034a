//! Every pair keeps to its workload, on both sides, at both paces, on both runtimes.

use std::num::NonZero;
use std::time::Duration;

use compare::lab::{Flavour, Lab, Settings};
use compare::pair::Pair;
use compare::pairs::pair;
use compare::progress::Progress;
use shared::{Pace, Pattern};

/// Twenty runs without waits, and five with.
fn paces() -> Vec<Pace> {
    let slow = Pace::new(0.01).expect("a pace");
    [vec![Pace::ZERO; 20], vec![slow; 5]].concat()
}

fn lab(runtime: Flavour, workers: usize) -> Lab {
    let settings = Settings {
        pace: Pace::ZERO,
        runs: 1,
        seed: 7,
        runtime,
        workers: NonZero::new(workers).expect("some workers"),
        timeout: Duration::from_mins(2),
    };
    Lab::new(settings, Progress::hidden()).expect("room for a runtime")
}

fn all_agree(mut lab: Lab) {
    let pairs: Vec<Pair> = Pattern::all().filter_map(pair).collect();
    assert!(!pairs.is_empty());
    for pair in pairs {
        let behaviour = pair.behaviour(&mut lab, &paces()).expect("nobody interrupts");
        assert!(behaviour.verdict.agrees(), "{pair:?}: {behaviour:#?}");
        // That each difference shows that is documented to show always is a part of the verdict.
        assert_eq!(behaviour.differences.len(), pair.differences().len(), "{pair:?}");
    }
}

#[test]
fn all_pairs_agree_on_a_runtime_of_several_workers() {
    all_agree(lab(Flavour::Multi, 4));
}

#[test]
fn all_pairs_agree_on_a_runtime_of_one_thread() {
    all_agree(lab(Flavour::Current, 1));
}
