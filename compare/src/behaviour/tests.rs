use std::collections::{BTreeMap, BTreeSet};
use std::slice;

use serde_json::{Value, json};
use shared::{Difference, Level, Side};

use super::{Behaviour, Circumstances, Examination, Finding, RunName, Verdict};
use crate::lab::Arm;

fn conclude(runs: &[Examination], declared: &[Difference]) -> Behaviour {
    super::conclude(Arm::DEFAULT, runs, declared)
}

fn run(side: Side, sum: &Value, seen: &[&str]) -> Examination {
    let run = RunName { arm: side.into(), number: 1 };
    Examination {
        circumstances: Circumstances { run, sequenced: true, calm: true },
        work: BTreeMap::new(),
        fixed: BTreeMap::from([("sum".into(), sum.to_string())]),
        findings: Vec::new(),
        seen: seen.iter().map(ToString::to_string).collect::<BTreeSet<_>>(),
        sights: BTreeMap::new(),
        order: Vec::new(),
        cut: false,
    }
}

fn threads(sum: &Value, seen: &[&str]) -> Examination {
    run(Side::Threaded, sum, seen)
}

fn tasks(sum: &Value, seen: &[&str]) -> Examination {
    run(Side::Asynchronous, sum, seen)
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
    let worked = |side, steps: u64| Examination {
        work: BTreeMap::from([("worker: work".into(), format!("{steps} steps"))]),
        ..run(side, &json!(1), &[])
    };
    let behaviour = conclude(&[worked(Side::Threaded, 3), worked(Side::Asynchronous, 4)], &[]);
    assert_eq!(agrees(&behaviour, Level::Scripts), Some(false));
    let reason = "worker: work: 3 steps on threads, 4 steps on tasks (run 1 of tasks)";
    assert_eq!(behaviour.reason.as_deref(), Some(reason));
}

#[test]
fn only_sequenced_runs_are_held_to_the_laws() {
    let mut timed = threads(&json!(1), &[]);
    timed.circumstances.sequenced = false;
    let behaviour = conclude(&[timed, threads(&json!(1), &[]), tasks(&json!(1), &[])], &[]);
    let details: Vec<&str> = behaviour.levels.iter().take(3).map(|level| level.detail.as_str()).collect();
    let (all, sequenced) = ("2 runs of threads, 1 of tasks", "1 runs of threads, 1 of tasks");
    assert_eq!(details, [all, all, sequenced]);
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
