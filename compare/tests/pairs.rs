//! Every pair keeps to its workload, on both sides, at both paces, on both runtimes.

use std::num::NonZero;
use std::time::Duration;

use compare::diff::{Reading, Request};
use compare::lab::{Flavour, Lab, Settings};
use compare::pair::Pair;
use compare::pairs::pair;
use compare::progress::Progress;
use compare::rounds::Round;
use shared::{Pace, Pattern};

/// Forty rounds without waits, most of them with noise, and five with waits.
fn rounds() -> Vec<Round> {
    let slow = Pace::new(0.01).expect("a pace");
    let noise = |number: u32| (!number.is_multiple_of(4)).then(|| u64::from(number));
    let fast = (1..=40).map(|number| Round { number, pace: Pace::ZERO, noise: noise(number) });
    fast.chain((41..=45).map(|number| Round { number, pace: slow, noise: None })).collect()
}

/// The rounds, and nothing kept.
fn request(rounds: &[Round]) -> Request<'_> {
    Request { rounds, archive: None, reading: Reading::default() }
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
        let behaviour = pair.diff(&mut lab, request(&rounds())).expect("nothing is written").behaviour;
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
