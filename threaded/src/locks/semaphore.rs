//! At most three threads at once.

pub mod idiom;

use std::sync::Arc;
use std::thread;

use shared::Stage;
use shared::locks::semaphore::{Outcome, Plan, Step};

use crate::primitives::semaphore::Semaphore;
use crate::{Perform as _, join, pause};

/// Lets the workers through, as many at once as there are permits.
pub fn run(stage: Stage, plan: Plan) -> Outcome {
    let semaphore = Arc::new(Semaphore::new(plan.permits));
    let spawn = |number| {
        let semaphore = Arc::clone(&semaphore);
        thread::spawn(stage.actor("worker", number).perform(move |worker| {
            worker.says(Step::Waiting);
            let permit = semaphore.guard();
            worker.says(Step::Acquired);
            pause(&worker, plan.hold);
            // Said before the release: a trace never overstates who is inside.
            worker.says(Step::Releasing);
            drop(permit);
        }))
    };
    let workers: Vec<_> = (0..plan.workers).map(spawn).collect();
    for worker in workers {
        join(worker);
    }

    let value = semaphore.value();
    stage.main().says(Step::Completed { value });
    Outcome { value }
}
