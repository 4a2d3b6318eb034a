//! Work that computes, beside the tasks: on an async worker it would stop every other task there, because a task
//! gives its thread away only at an `.await`, and a loop has none.

pub mod idiom;

use shared::gil::cpu_bound::{Outcome, Plan, Step, cpu_bound};
use shared::{Actor, Stage};
use tokio::task;

use crate::{Perform as _, join};

/// Counts two sums one after the other, then two at once.
pub async fn run(stage: Stage, plan: Plan) -> Outcome {
    let main = stage.main();
    main.says(Step::SequenceStarted);
    let in_sequence = [count(main, plan.iterations).await, count(main, plan.iterations).await];
    main.says(Step::SequenceFinished);

    main.says(Step::AtOnceStarted);
    let counters = [1, 2].map(|number| {
        task::spawn(
            stage
                .actor("counter", number)
                .perform(async move |counter| count(&counter, plan.iterations).await),
        )
    });
    let [first, second] = counters;
    let at_once = [join(first).await, join(second).await];
    main.says(Step::AtOnceFinished);

    Outcome { in_sequence, at_once }
}

async fn count(actor: &Actor, iterations: u64) -> u128 {
    actor.says(Step::Counting);
    // The task is the actor; a thread for blocking work only computes for it, and the task waits without a worker.
    // Not `block_in_place`: it moves the worker's other tasks away instead, and panics on a runtime of one thread.
    let sum = join(task::spawn_blocking(move || cpu_bound(iterations))).await;
    actor.says(Step::Counted);
    sum
}
