//! No update is lost under a lock, between tasks.

pub mod idiom;

use std::sync::Arc;
use std::time::Duration;

use shared::synchronization::safe_counter::{Outcome, Plan, Step};
use shared::{Actor, Stage};
use tokio::sync::Mutex;
use tokio::task;

use crate::{Perform as _, join, pause};

/// Lets the workers increment one counter, each under its lock.
pub async fn run(stage: Stage, plan: Plan) -> Outcome {
    let counter = Arc::new(SafeCounter::default());
    let spawn = |number| {
        let counter = Arc::clone(&counter);
        task::spawn(stage.actor("worker", number).perform(async move |worker| {
            for _ in 0..plan.times {
                counter.increment(&worker, plan.processing).await;
            }
        }))
    };
    let workers: Vec<_> = (1..=plan.workers).map(spawn).collect();
    for worker in workers {
        join(worker).await;
    }

    let actual = *counter.value.lock().await;
    stage.main().says(Step::Finished { actual });
    Outcome { expected: plan.workers * plan.times, actual }
}

/// The lock owns the value: there is no way to it but through the guard.
#[derive(Default)]
struct SafeCounter {
    value: Mutex<usize>,
}

impl SafeCounter {
    async fn increment(&self, worker: &Actor, processing: Duration) {
        // Held across the pause, which a guard of `std::sync::Mutex` must not be. This lock knows no poison.
        let mut value = self.value.lock().await;
        worker.says(Step::Entered);
        let current = *value;
        pause(worker, processing).await;
        *value = current + 1;
        worker.says(Step::Leaving { value: *value });
    }
}
