//! To each task its own value.

use shared::locals::local_data::{Found, Outcome, Plan, Step};
use shared::{Actor, Stage};
use tokio::{task, task_local};

use crate::{Perform as _, join, pause};

task_local! {
    /// What this task has bound.
    static VALUE: usize;
}

/// Lets each worker bind its number, and look for it in several places.
pub async fn run(stage: Stage, plan: Plan) -> Outcome {
    let spawn = |number| {
        let plan = plan.clone();
        task::spawn(stage.actor("worker", number).perform(async move |worker| {
            // A task's value is bound for a scope: as long as this future is polled.
            VALUE.scope(number, work(&worker, number, &plan)).await
        }))
    };
    let workers: Vec<_> = (0..plan.workers).map(spawn).collect();
    let mut found = Vec::new();
    for worker in workers {
        found.push(join(worker).await);
    }
    Outcome { found }
}

async fn work(worker: &Actor, number: usize, plan: &Plan) -> Found {
    worker.says(Step::Bound { value: number });
    pause(worker, plan.interval).await;
    let value = value().expect("it is bound");
    worker.says(Step::Read { value });

    let spawned = join(task::spawn(async { has_value() })).await;
    worker.says(Step::Spawned { inherits: spawned });
    // It must not block a worker of the runtime, so it runs on a thread that is there for that.
    let blocked = join(task::spawn_blocking(has_value)).await;
    worker.says(Step::Blocked { inherits: blocked });
    Found { value, spawned, blocked }
}

fn value() -> Option<usize> {
    VALUE.try_get().ok()
}

fn has_value() -> bool {
    value().is_some()
}
