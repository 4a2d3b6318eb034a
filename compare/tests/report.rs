//! What is known of a pair is written and read again as it was.

use compare::behaviour::{Behaviour, Finding, RunName};
use compare::lab::{Arm, Usage};
use compare::report::{Counts, OutcomeReport, PairReport, SideReport, StopwatchReport, Timing};
use compare::timing::{Process, Terms};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use shared::{Difference, Level, Pattern, Side};

mod deeds;

use deeds::{any_runs, diff};

fn read_again<T: Serialize + DeserializeOwned>(written: &T) -> T {
    let text = serde_json::to_string(written).expect("it is plain data");
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// What random runs of both sides come to, with differences that may show.
fn any_behaviour() -> impl Strategy<Value = Behaviour> {
    (any_runs(), any_runs()).prop_map(|(threads, tasks)| {
        let reason = "a \"reason\" of\nits own";
        let declared = [
            Difference::in_scripts(Side::Threaded, "visitor", "Waiting", reason).sometimes(),
            Difference::in_outcome("value", reason).of_work(),
        ];
        diff(&threads, &tasks, &declared)
    })
}

fn any_usage() -> impl Strategy<Value = Usage> {
    let figure = || option::of(any::<u64>());
    (figure(), figure(), figure(), figure()).prop_map(|(user, system, voluntary, involuntary)| Usage {
        user,
        system,
        voluntary,
        involuntary,
    })
}

fn any_side() -> impl Strategy<Value = SideReport> {
    let outcome = option::of((any::<u64>(), ".*")).prop_map(|outcome| {
        outcome.map(|(fixed, observed)| OutcomeReport {
            fixed: json!({ "sum": fixed }),
            observed: json!({ "text": observed }),
        })
    });
    let counts = any::<[usize; 4]>();
    let counts =
        counts.prop_map(|[started, pauses, polls, threads]| Counts { started, pauses, polls, threads });
    (outcome, option::of(any::<usize>()), option::of(any::<usize>()), option::of(counts))
        .prop_map(|(outcome, actors, steps, counts)| SideReport { outcome, actors, steps, counts })
}

fn any_process() -> impl Strategy<Value = Process> {
    let times = || vec(any::<u64>(), 0..5);
    let usage = || option::of(any_usage());
    (times(), times(), usage(), usage())
        .prop_map(|(one, other, first, second)| Process { runs_ns: [one, other], usage: [first, second] })
}

/// What some processes come to; none where no process has a run of both arms.
fn any_timing() -> impl Strategy<Value = Option<Timing>> {
    let terms = (0.0..1.0, 1..40_usize, option::of(1.0..10.0))
        .prop_map(|(min_effect, pairs, disturbance)| Terms::new(min_effect, pairs).disturbed(disturbance));
    (vec(any_process(), 0..20), terms).prop_map(|(processes, terms)| Timing::of(processes, terms))
}

fn any_report() -> impl Strategy<Value = PairReport> {
    let pattern = prop::sample::select(Pattern::all().collect::<Vec<_>>());
    let sides = [any_side(), any_side()];
    let stopwatches = vec((".*", any::<u64>(), any::<u64>()), 0..3);
    (pattern, sides, any_behaviour(), any_timing(), option::of(".*"), stopwatches).prop_map(
        |(pattern, sides, behaviour, timing, untimed, stopwatches)| PairReport {
            pattern,
            section: pattern.card().section,
            cells: pattern.card().cells.into(),
            sides,
            behaviour,
            waits: None,
            compares: pattern.card().cells.first().map(|cell| format!("cell {cell}")),
            timing,
            untimed,
            stopwatches: stopwatches
                .into_iter()
                .map(|(label, first, second)| StopwatchReport {
                    label,
                    times_ns: [first, second].map(u128::from),
                })
                .collect(),
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_report_is_read_as_it_was_written(report in any_report()) {
        prop_assert_eq!(read_again(&report), report);
    }
}

#[test]
fn a_behaviour_that_was_not_compared_is_read_again_too() {
    let run = RunName { arm: Arm::TASKS_ON_ONE.again(), number: 3 };
    let finding = Finding {
        level: Level::Laws,
        what: "two inside".into(),
        runs: 2,
        exemplar: Some(run.into()),
        script: Vec::new(),
    };
    let behaviour = Behaviour {
        findings: vec![finding],
        ..Behaviour::incomplete([Arm::TASKS, Arm::TASKS_ON_ONE], &["run 1 is missing".into()])
    };
    assert_eq!(read_again(&behaviour), behaviour);
}

#[test]
fn what_is_no_report_is_refused() {
    let refused = |text: &str| serde_json::from_str::<PairReport>(text).expect_err("it is none").to_string();
    assert!(refused("{}").starts_with("missing field `pattern`"));
    assert!(refused(r#"{ "pattern": "quicksort" }"#).starts_with("there is no pattern \"quicksort\""));
}
