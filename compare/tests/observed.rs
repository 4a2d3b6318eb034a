//! What a run is held to beside the problem of its pattern: each solution here gets the steps of `semaphore` right, and
//! something else wrong.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use asynchronous::primitives::semaphore::Semaphore as TaskSemaphore;
use compare::behaviour::Finding;
use compare::campaign::{Reading, Request, diff};
use compare::lab::{Arm, Round};
use compare::pair::{Pair, pair};
use shared::locks::semaphore::{Outcome, Plan, Step};
use shared::{Actor, Pace, Pattern, Stage};
use threaded::primitives::semaphore::Semaphore;
use tokio::task;

mod laboratory;

use laboratory::lab;

/// What is found in forty rounds, a line each.
fn found(pair: &Pair) -> String {
    let mut lab = lab(|settings| settings.pace = Pace::new(0.001).expect("a pace"));
    let rounds = Round::first(40, pair.problem(), &lab.settings);
    let request = Request { arms: Arm::DEFAULT, rounds: &rounds, kept: None, reading: Reading::default() };
    let behaviour = diff(pair, &mut lab, &request).behaviour;
    let findings = behaviour.findings.iter().map(Finding::line);
    findings.chain(behaviour.reason).collect::<Vec<_>>().join("\n")
}

/// The pair with this solution on threads, which is handed what each worker does and its handle.
fn with_threads(wrong: fn(&Stage, &Plan, &Arc<Semaphore>)) -> Pair {
    let run = move |stage: Stage, plan: Plan| {
        let semaphore = Arc::new(Semaphore::new(plan.permits));
        wrong(&stage, &plan, &semaphore);
        let value = semaphore.value();
        stage.main().says(Step::Completed { value });
        Outcome { value }
    };
    Pair::of(run, asynchronous::locks::semaphore::run)
}

/// The pair with tasks that do this while they hold a permit.
fn with_tasks(hold: fn(&Actor, Duration)) -> Pair {
    let run = move |stage: Stage, plan: Plan| async move {
        let semaphore = Arc::new(TaskSemaphore::new(plan.permits));
        let spawn = |number| {
            let semaphore = Arc::clone(&semaphore);
            task::spawn(asynchronous::Perform::perform(
                stage.actor("worker", number),
                async move |worker: Actor| {
                    worker.says(Step::Waiting);
                    let permit = semaphore.guard().await;
                    worker.says(Step::Acquired);
                    hold(&worker, plan.hold);
                    worker.says(Step::Releasing);
                    drop(permit);
                },
            ))
        };
        for worker in (0..plan.workers).map(spawn).collect::<Vec<_>>() {
            asynchronous::join(worker).await;
        }
        let value = semaphore.value();
        stage.main().says(Step::Completed { value });
        Outcome { value }
    };
    Pair::of(threaded::locks::semaphore::run, run)
}

fn spawn(stage: &Stage, number: usize, plan: &Plan, semaphore: &Arc<Semaphore>) -> thread::JoinHandle<()> {
    let (hold, semaphore) = (plan.hold, Arc::clone(semaphore));
    let work = move |worker: Actor| work(&worker, hold, &semaphore);
    thread::spawn(threaded::Perform::perform(stage.actor("worker", number), work))
}

fn work(worker: &Actor, hold: Duration, semaphore: &Semaphore) {
    worker.says(Step::Waiting);
    let permit = semaphore.guard();
    worker.says(Step::Acquired);
    threaded::pause(worker, hold);
    worker.says(Step::Releasing);
    drop(permit);
}

#[test]
fn a_solution_elsewhere_is_found() {
    let elsewhere = with_threads(|stage, plan, semaphore| {
        let workers = (0..plan.workers).map(|number| spawn(stage, number, plan, semaphore));
        workers.collect::<Vec<_>>().into_iter().for_each(threaded::join);
    });
    let found = found(&elsewhere);
    assert!(
        found.starts_with("it is not done in threaded/src/locks/ (40 runs; run 1 of threads: #"),
        "{found}"
    );
    assert!(found.lines().count() == 2, "and that is all that is wrong, and the reason: {found}");
}

#[test]
fn concurrency_that_is_gone_is_found() {
    let one_by_one = with_threads(|stage, plan, semaphore| {
        (0..plan.workers).for_each(|number| threaded::join(spawn(stage, number, plan, semaphore)));
    });
    let found = found(&one_by_one);
    assert!(found.contains("never 3 × worker in the pause after Acquired at once"), "{found}");
}

#[test]
fn a_worker_that_nobody_waits_for_is_found() {
    let detached = with_threads(|stage, plan, semaphore| {
        let workers = (0..plan.workers).map(|number| spawn(stage, number, plan, semaphore));
        let mut workers: Vec<_> = workers.collect();
        let last = workers.pop();
        workers.into_iter().for_each(threaded::join);
        // It has given its permit back, and may be over.
        while semaphore.value() < plan.permits {
            thread::yield_now();
        }
        drop(last);
    });
    let found = found(&detached);
    let ways = ["never ended", "was not waited for", "did not wait for it", "was never heard"];
    assert!(ways.iter().any(|way| found.contains(way)), "{found}");
}

#[test]
fn wrong_numbers_are_found() {
    let all_first = with_threads(|stage, plan, semaphore| {
        let workers = (0..plan.workers).map(|_| spawn(stage, 0, plan, semaphore));
        workers.collect::<Vec<_>>().into_iter().for_each(threaded::join);
    });
    let found = found(&all_first);
    assert!(found.contains("6 actors are worker 0") && found.contains("nobody is worker 5"), "{found}");
}

#[test]
fn an_actor_that_is_no_thread_of_its_own_is_found() {
    let inline = with_threads(|stage, plan, semaphore| {
        for number in 0..plan.workers {
            let (hold, semaphore) = (plan.hold, Arc::clone(semaphore));
            threaded::Perform::perform(stage.actor("worker", number), move |worker: Actor| {
                work(&worker, hold, &semaphore);
            })();
        }
    });
    let found = found(&inline);
    assert!(found.contains("worker 0 is on the thread of main"), "{found}");
}

#[test]
fn a_pause_that_blocks_its_worker_is_found() {
    let blocking = with_tasks(|worker, hold| match worker.pauses(hold) {
        Some(scaled) => thread::sleep(scaled),
        None => thread::yield_now(),
    });
    let found = found(&blocking);
    assert!(found.contains(" pauses without giving its worker to others"), "{found}");
}

#[test]
fn a_pause_that_is_not_made_is_found() {
    let noted = with_tasks(|worker, hold| {
        worker.pauses(hold);
    });
    let found = found(&noted);
    assert!(found.contains("a pause of worker") && found.contains(" is too short"), "{found}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_task_that_blocks_the_thread_that_all_share_is_found() {
    let sleeping = with_tasks(|worker, hold| {
        worker.pauses(hold);
        thread::sleep(Duration::from_millis(1));
    });
    let found = found(&sleeping);
    assert!(
        found.contains("worker blocks its thread, and every task there, in a poll that comes to `Releasing`"),
        "{found}"
    );
}

#[test]
fn what_another_plan_shows_names_it() {
    // It takes the permits that the notebook's plan has.
    let fixed = with_threads(|stage, plan, _| {
        let three = Arc::new(Semaphore::new(3));
        let workers = (0..plan.workers).map(|number| spawn(stage, number, plan, &three));
        workers.collect::<Vec<_>>().into_iter().for_each(threaded::join);
    });
    let found = found(&fixed);
    let law = found.lines().find(|line| line.starts_with("at most 1 between Acquired and Releasing"));
    assert!(law.is_some_and(|line| line.contains(" of threads with permits 1")), "{found}");
}

#[test]
fn a_right_solution_is_not() {
    assert_eq!(found(&pair(Pattern::Semaphore)), "");
}
