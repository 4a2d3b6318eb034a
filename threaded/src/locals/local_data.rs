//! To each thread its own value.

use std::cell::Cell;
use std::thread;

use shared::locals::local_data::{Found, Outcome, Plan, Step};
use shared::{Actor, Stage};

use crate::{Perform as _, join, pause};

thread_local! {
    /// What this thread has bound.
    static VALUE: Cell<Option<usize>> = const { Cell::new(None) };
}

/// Lets each worker bind its number, and look for it in several places.
pub fn run(stage: Stage, plan: Plan) -> Outcome {
    let spawn = |number| {
        let plan = plan.clone();
        thread::spawn(stage.actor("worker", number).perform(move |worker| {
            // A thread's value is set, and stays as long as the thread.
            VALUE.set(Some(number));
            work(&worker, number, &plan)
        }))
    };
    let workers: Vec<_> = (0..plan.workers).map(spawn).collect();
    let mut found = Vec::new();
    for worker in workers {
        found.push(join(worker));
    }
    Outcome { found }
}

fn work(worker: &Actor, number: usize, plan: &Plan) -> Found {
    worker.says(Step::Bound { value: number });
    pause(worker, plan.interval);
    let value = value().expect("it is bound");
    worker.says(Step::Read { value });

    let spawned = join(thread::spawn(has_value));
    worker.says(Step::Spawned { inherits: spawned });
    // It may block as it likes: nobody else is on this thread.
    let blocked = has_value();
    worker.says(Step::Blocked { inherits: blocked });
    Found { value, spawned, blocked }
}

fn value() -> Option<usize> {
    VALUE.get()
}

fn has_value() -> bool {
    value().is_some()
}
