//! How sure a diff says it is, in its text and in its JSON.

use std::time::Duration;

use compare::behaviour::{Behaviour, LEAST};
use compare::lab::Settings;
use compare::render::{self, Medium};
use compare::report::Diff;
use proptest::prelude::*;
use serde_json::{Map, Value};
use shared::locks::semaphore::Step;
use shared::{Pace, Pattern, What};

mod deeds;

use deeds::{Deed, any_runs, diff, diff_with_noise};

/// The document of this behaviour, and what is printed of it.
fn told(behaviour: Behaviour) -> (Value, String) {
    let card = Pattern::Semaphore.card();
    let diff = Diff {
        schema: 4,
        environment: Value::Null,
        settings: Settings { pace: Pace::ZERO, runs: 40, seed: 0, log: None, timeout: Duration::ZERO },
        pattern: card.pattern,
        section: card.section,
        cells: card.cells,
        plan: Map::new(),
        rounds: Vec::new(),
        traces: None,
        against: None,
        interrupted: false,
        behaviour,
        lanes: Vec::new(),
    };
    let text = render::diff(&diff, Medium { colour: false, width: None });
    (serde_json::to_value(&diff).expect("it is plain data"), text)
}

/// Every probability of a document, wherever it stands.
fn probabilities(document: &Value) -> Vec<f64> {
    match document {
        Value::Array(values) => values.iter().flat_map(probabilities).collect(),
        Value::Object(fields) => {
            let own = fields.get("p").and_then(Value::as_f64);
            own.into_iter().chain(fields.values().flat_map(probabilities)).collect()
        }
        _ => Vec::new(),
    }
}

/// A worker and the main line, one after the other; and perhaps a visitor.
fn runs(count: usize, worker_first: bool, visitor: bool) -> Vec<Vec<Deed>> {
    let step = |actor, step| (actor, What::said(step));
    let mut run = vec![step(1, Step::Acquired), step(0, Step::Completed { value: 3 })];
    if !worker_first {
        run.reverse();
    }
    if visitor {
        run.push(step(3, Step::Acquired));
    }
    vec![run; count]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever the noisy runs show: they add to the counts, and may take a relation away.
    #[test]
    fn noise_changes_no_probability(calm in [any_runs(), any_runs()], noisy in any_runs()) {
        let found = |behaviour: Behaviour| behaviour.relations.expect("the sides were compared").one_sided;
        let [threads, tasks] = &calm;
        let without = found(diff(threads, tasks, &[]));
        let [threads, tasks] = calm.map(|calm| [calm, noisy.clone()].concat());
        let with = found(diff_with_noise(&threads, &tasks, noisy.len(), &[]));
        for one in with {
            let same = without.iter().find(|other| (&other.relation, other.on) == (&one.relation, one.on));
            if let (Some(same), Some(_)) = (same, one.p) {
                prop_assert_eq!((same.p, same.calm), (one.p, one.calm));
            }
        }
    }
}

/// Two hundred runs of each side that have nothing in common have a p of 1e-119.
#[test]
fn no_probability_is_told_below_a_millionth() {
    let (document, text) = told(diff(&runs(200, true, false), &runs(200, false, true), &[]));
    let told = probabilities(&document);
    // A step, three relations that hold on either side, two orders and a habit.
    assert_eq!(told, [LEAST; 10], "{told:?}");
    assert_eq!(text.matches("p < 1e-6").count(), told.len(), "{text}");
    assert!(!text.contains("e-1"), "{text}");
}

#[test]
fn what_no_calm_run_shows_is_printed_without_a_probability() {
    let tasks = [runs(20, true, false), runs(20, false, true)].concat();
    let (document, text) = told(diff_with_noise(&runs(40, true, false), &tasks, 20, &[]));
    let behaviour = &document["behaviour"];
    assert_eq!(behaviour["relations"]["one_sided"][0]["p"], Value::Null);
    assert!(probabilities(&document["behaviour"]["relations"]).is_empty());
    let due = [
        "· relations: `visitor: Acquired` on tasks only, in 20 of 40 runs (run 21 of tasks; without noise in 0 of 20 \
         against 0 of 20: p cannot be told)",
        "· relations: `worker: Acquired` precedes every `main: Completed`: on threads in 40 of 40, on the other broken \
         in 20 of 40 runs (run 21 of tasks; without noise in 0 of 20 against 0 of 20: p cannot be told)",
    ];
    for line in due {
        assert!(text.lines().any(|printed| printed == line), "{line}: {text}");
    }
    assert!(text.contains("\n  · relations "), "{text}");
}

/// These runs break what the workload asks for; the line about those that agree is in `tests/diff.rs`.
#[test]
fn where_something_was_seen_no_bound_is_told() {
    let (document, text) = told(diff(&runs(9, true, false), &runs(9, true, false), &[]));
    let behaviour = &document["behaviour"];
    assert_eq!((&behaviour["verdict"], &behaviour["missed_at_most"]), (&"differs".into(), &Value::Null));
    assert_eq!(behaviour["runs"]["judged"][0]["runs"], 9);
    assert!(!text.contains("confidence"), "{text}");
}
