//! Lost updates between tasks.

pub mod idiom;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use shared::synchronization::race_condition::{Outcome, Plan, Step};
use shared::{Actor, Stage};
use tokio::task;

use crate::{Perform as _, join, pause};

/// Lets the workers increment one counter without a lock.
pub async fn run(stage: Stage, plan: Plan) -> Outcome {
    let counter = Arc::new(Counter::default());
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

    let actual = counter.value.load(Ordering::Relaxed);
    stage.main().says(Step::Finished { actual });
    Outcome { expected: plan.workers * plan.times, actual }
}

#[derive(Default)]
struct Counter {
    value: AtomicUsize,
}

impl Counter {
    /// Not atomic: between the read and the write, others read and write.
    async fn increment(&self, worker: &Actor, processing: Duration) {
        let current = self.value.load(Ordering::Relaxed);
        worker.says(Step::Read { value: current });
        pause(worker, processing).await;
        // `fetch_add` would be the right way, and is not the lesson.
        self.value.store(current + 1, Ordering::Relaxed);
        worker.says(Step::Wrote { value: current + 1 });
    }
}
