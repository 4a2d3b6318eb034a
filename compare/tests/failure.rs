//! What hangs, panics or behaves differently is reported, and keeps nothing else from being compared.

use std::future;
use std::thread;
use std::time::Duration;

use compare::Exit;
use compare::archive::{self, Archive};
use compare::behaviour::Verdict;
use compare::campaign::{self, Lanes, Reading, Request, compare};
use compare::lab::{Arm, Message, Round};
use compare::pair::{Pair, pair};
use compare::report::{Effort, PairReport, Report};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use shared::{
    Breach, Card, Difference, Law, Level, Limit, Pattern, Role, Stage, Workload, optional, script, steps,
};
use tokio::task;

mod laboratory;

use laboratory::lab;

steps! {
    /// What the worker says.
    pub enum Step of Kind {
        /// About to do what the test is about.
        Waiting,
        /// Has done it.
        Done,
    }
}

/// A workload for tests: one worker that waits and is done.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Plan {}

#[derive(Debug, Serialize, Deserialize)]
struct Outcome(u32);

impl shared::Outcome for Outcome {
    fn fixed(&self) -> Value {
        json!({ "sum": self.0 })
    }
}

impl Workload for Plan {
    // The card is only a name here.
    const CARD: Card = Pattern::ParallelMap.card();
    const LIMITS: &[Limit] = &[];
    type Step = Step;
    type Outcome = Outcome;

    fn roles(&self) -> Vec<Role> {
        vec![Role::main(optional(Step::Done)), Role::new("worker", [1], script![Step::Waiting, Step::Done])]
    }

    fn laws(&self) -> Vec<Law> {
        vec![Law::exactly(1, Kind::Done)]
    }

    fn judge(&self, outcome: &Outcome) -> Result<(), Breach> {
        if outcome.0 < 100 { Ok(()) } else { Err(Breach::new("the sum is too great", [])) }
    }

    fn differences(&self) -> Vec<Difference> {
        Vec::new()
    }
}

/// A solution with a thread; `body` is what the worker does between its two steps.
fn threads(body: fn(), sum: u32) -> impl Fn(Stage, Plan) -> Outcome + Send + Sync + 'static {
    use threaded::{Perform as _, join};
    move |stage, _| {
        join(thread::spawn(stage.actor("worker", 1).perform(move |worker| {
            worker.says(Step::Waiting);
            body();
            worker.says(Step::Done);
        })));
        Outcome(sum)
    }
}

type Tasks = future::Ready<()>;

/// A solution with a task; `body` is what the worker does between its two steps.
fn tasks<F: Future<Output = ()> + Send + 'static>(
    body: fn() -> F,
    sum: u32,
) -> impl Fn(Stage, Plan) -> std::pin::Pin<Box<dyn Future<Output = Outcome> + Send>> + Send + Sync + 'static {
    use asynchronous::{Perform as _, join};
    move |stage, _| {
        Box::pin(async move {
            join(task::spawn(stage.actor("worker", 1).perform(async move |worker| {
                worker.says(Step::Waiting);
                body().await;
                worker.says(Step::Done);
            })))
            .await;
            Outcome(sum)
        })
    }
}

fn nothing() {}

fn ready() -> Tasks {
    future::ready(())
}

fn hang() {
    loop {
        thread::park();
    }
}

/// Compares the pair, and then one that is sound.
fn with_a_sound_one(pair: Pair, timeout: Duration) -> (Report, Exit) {
    let sound = compare::pair::pair(Pattern::Sequential);
    compare(&[pair, sound], &Arm::DEFAULT, &mut lab(|settings| settings.timeout = timeout), &Effort::fixed(2))
}

fn reason(pair: &PairReport) -> &str {
    pair.behaviour.reason.as_deref().expect("there is one where sides don't agree")
}

const LONG: Duration = Duration::from_mins(1);

#[test]
fn a_run_that_hangs_is_reported_with_who_waits_and_ends_it_all() {
    let cases = [
        (Pair::of(threads(hang, 1), tasks(ready, 1)), "threads"),
        (Pair::of(threads(nothing, 1), tasks(future::pending::<()>, 1)), "tasks"),
        // The worst case: it blocks a worker of the runtime.
        (Pair::of(threads(nothing, 1), tasks(|| async { hang() }, 1)), "tasks"),
    ];
    for (pair, side) in cases {
        let (report, exit) = with_a_sound_one(pair, Duration::from_secs(1));
        assert_eq!(exit, Exit::Deadline);
        // What hangs may still use the machine. In a process of its own it would end with that.
        assert_eq!((report.pairs.len(), report.selected), (1, 2));
        let hanging = &report.pairs[0];
        assert_eq!(hanging.behaviour.verdict, Verdict::Failed);
        assert_eq!(reason(hanging), format!("run 1 of {side}: no end after 1s (--timeout gives it longer)"));
        let waits = &hanging.behaviour.ended.as_ref().expect("a run failed").waits;
        let [main, worker] = waits.as_slice() else { panic!("nobody is over: {waits:?}") };
        assert!(main.starts_with("main: `began`"), "{main}");
        // What its role says next.
        assert!(
            worker.starts_with("worker 1: `Waiting` at ") && worker.ends_with(", due is `Done`"),
            "{worker}"
        );
    }
}

#[test]
fn a_panic_is_the_failure_of_its_side_alone() {
    let cases = [
        (Pair::of(threads(|| panic!("out of luck"), 1), tasks(ready, 1)), "threads"),
        (Pair::of(threads(nothing, 1), tasks(|| async { panic!("out of luck") }, 1)), "tasks"),
    ];
    for (pair, side) in cases {
        let (report, exit) = with_a_sound_one(pair, LONG);
        assert_eq!(exit, Exit::Differ);
        let [panicking, sound] = report.pairs.as_slice() else { panic!("both are reported") };
        assert_eq!(panicking.behaviour.verdict, Verdict::Failed);
        let reason = reason(panicking);
        assert!(
            reason.starts_with(&format!("run 1 of {side}: worker 1 panicked: out of luck (")),
            "{reason}"
        );
        assert!(reason.contains("failure.rs:"), "{reason}");
        assert!(reason.contains("), after `Waiting` at "), "{reason}");
        assert_eq!(panicking.timing, None);
        assert_eq!(sound.behaviour.verdict, Verdict::Same);
        assert!(sound.timing.is_some());
    }
}

#[test]
fn what_a_panic_says_is_cut_and_turns_no_terminal() {
    let loud = threads(|| panic!("\u{1b}[31m{}", "red".repeat(10_000)), 1);
    let (report, _) = with_a_sound_one(Pair::of(loud, tasks(ready, 1)), LONG);
    let reason = reason(&report.pairs[0]);
    assert!(reason.contains("worker 1 panicked: \\u{1b}[31mredred"), "{reason}");
    assert!(reason.len() < 1_500 && !reason.contains('\u{1b}'), "{reason}");
    assert!(reason.contains("failure.rs:"), "its place is told all the same: {reason}");
}

#[test]
fn what_differs_is_not_timed() {
    let (report, exit) = with_a_sound_one(Pair::of(threads(nothing, 1), tasks(ready, 2)), LONG);
    assert_eq!(exit, Exit::Differ);
    let [differing, sound] = report.pairs.as_slice() else { panic!("both are reported") };
    assert_eq!(differing.behaviour.verdict, Verdict::Differs);
    let reason = reason(differing);
    assert!(reason.starts_with("sum: 1 on threads (near compare/tests/failure.rs:"), "{reason}");
    assert_eq!(
        (&differing.timing, differing.untimed.as_deref()),
        (&None, Some("the sides don't behave alike"))
    );
    assert!(sound.timing.is_some());
}

#[test]
fn each_level_decides() {
    let too_great = Pair::of(threads(nothing, 100), tasks(ready, 100));
    let silent = Pair::of(|_, _: Plan| Outcome(1), tasks(ready, 1));
    let twice = Pair::of(
        |stage: Stage, _| {
            stage.main().says(Step::Done);
            threads(nothing, 1)(stage, Plan {})
        },
        tasks(ready, 1),
    );
    let cases = [
        (too_great, Level::Outcome, "the sum is too great ("),
        (silent, Level::Scripts, "nobody is worker 1 ("),
        (twice, Level::Laws, " runs; run 1 of threads: #"),
    ];
    for (pair, level, due) in cases {
        let (report, exit) = compare(&[pair], &Arm::DEFAULT, &mut lab(|_| {}), &Effort::fixed(2));
        assert_eq!(exit, Exit::Differ);
        let behaviour = &report.pairs[0].behaviour;
        let wrong =
            behaviour.levels.iter().find(|report| report.level == level).expect("every level is reported");
        assert_eq!(wrong.agrees, Some(false), "{behaviour:#?}");
        assert!(wrong.detail.contains(due), "{}", wrong.detail);
    }
}

#[test]
fn a_broken_law_names_its_events() {
    let twice = |stage: Stage, _| {
        stage.main().says(Step::Done);
        threads(nothing, 1)(stage, Plan {})
    };
    let (report, _) =
        compare(&[Pair::of(twice, tasks(ready, 1))], &Arm::DEFAULT, &mut lab(|_| {}), &Effort::fixed(2));
    let reason = reason(&report.pairs[0]);
    assert!(reason.contains(" main: Done at ") && reason.contains(" worker 1: Done at "), "{reason}");
}

#[test]
fn an_interruption_keeps_what_was_compared() {
    let mut lab = lab(|_| {});
    lab.sender().send(Message::Interrupted).expect("the lab listens");
    let sound = pair(Pattern::Sequential);
    let (report, exit) = compare(&[sound], &Arm::DEFAULT, &mut lab, &Effort::fixed(2));
    assert_eq!((report.pairs.len(), exit), (0, Exit::Interrupted));
}

#[test]
fn the_trace_of_a_run_that_failed_is_kept_too() {
    let pair = || Pair::of(threads(|| panic!("out of luck"), 1), tasks(ready, 1));
    let parent = tempfile::tempdir().expect("a folder");
    let folder = parent.path().join("traces");
    let archive = Archive::create(&folder).expect("a new folder");
    let mut lab = lab(|_| {});
    let rounds = Round::first(3, pair().problem(), &lab.settings);
    let reading = Reading { lanes: Some(Lanes::Exemplar) };
    let request = Request { arms: Arm::DEFAULT, rounds: &rounds, kept: Some(archive.folder()), reading };
    let diffed = campaign::diff(&pair(), &mut lab, &request);
    archive.finish(&diffed.contents(&pair(), &lab.settings)).expect("it can be written");

    let contents = archive::contents(&folder, pair().problem().card().pattern).expect("it was written whole");
    let again = campaign::read(&pair(), campaign::Kept::both(&folder, &contents), reading)
        .expect("it was written whole");
    assert_eq!(
        (again.behaviour.verdict, &again.behaviour.reason),
        (Verdict::Failed, &diffed.behaviour.reason)
    );
    for diffed in [&diffed, &again] {
        let [threads, ..] = diffed.lanes.as_slice() else { panic!("the failed run is shown") };
        let panicked =
            threads.events.iter().filter(|event| format!("{:?}", event.what).contains("out of luck"));
        assert_eq!(panicked.count(), 2, "the worker's panic, which the main line passes on");
    }
}
