//! Every pair keeps to its workload, on both sides, at both paces, on both runtimes. Where the environment names one as
//! `PAIR`, only that.

use std::env;
use std::num::NonZero;

use compare::campaign::{Reading, Request, diff};
use compare::lab::{Arm, Lab, Round};
use compare::pair::{Pair, pair};
use shared::{Pace, Pattern};

mod laboratory;

use laboratory::lab;

/// Sixty rounds of every kind, and four more with their waits.
fn rounds(pair: &Pair, lab: &Lab) -> Vec<Round> {
    let waits = (61..=64).map(|number| Round::at(number, lab.settings.pace));
    Round::first(60, pair.problem(), &lab.settings).into_iter().chain(waits).collect()
}

/// The rounds, and nothing kept.
fn request(arms: [Arm; 2], rounds: &[Round]) -> Request<'_> {
    Request { arms, rounds, kept: None, reading: Reading::default() }
}

/// That threads and these tasks agree.
fn all_agree(tasks: Arm) {
    let mut lab = lab(|settings| settings.pace = Pace::new(0.01).expect("a pace"));
    let named = env::var("PAIR").ok();
    let is_asked_for = |pattern: &Pattern| named.as_ref().is_none_or(|named| pattern.card().slug == named);
    let pairs: Vec<Pair> = Pattern::all().filter(is_asked_for).map(pair).collect();
    assert!(!pairs.is_empty());
    for pair in pairs {
        let rounds = rounds(&pair, &lab);
        let behaviour = diff(&pair, &mut lab, &request([Arm::THREADS, tasks], &rounds)).behaviour;
        assert!(behaviour.verdict.agrees(), "{pair:?}: {behaviour:#?}");
        // Where chance alone brings it about, a meeting that holds nobody would not be missed.
        let mut met = behaviour.at_once.iter().flat_map(|at_once| &at_once.seen);
        assert!(met.all(|seen| seen.brought_about > 0), "{pair:?}: {:#?}", behaviour.at_once);
        // That each difference shows that is documented to show always is a part of the verdict.
        assert_eq!(behaviour.differences.len(), pair.problem().differences().len(), "{pair:?}");
    }
}

#[test]
fn all_pairs_agree_on_a_runtime_of_several_workers() {
    all_agree(Arm::workers(NonZero::new(4).expect("four")));
}

#[test]
fn all_pairs_agree_on_a_runtime_of_one_thread() {
    all_agree(Arm::TASKS_ON_ONE);
}
