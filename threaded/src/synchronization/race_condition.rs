//! Lost updates between threads.

pub mod idiom;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use shared::synchronization::race_condition::{Outcome, Plan, Step};
use shared::{Actor, Stage};

use crate::{Perform as _, join, pause};

/// Lets the workers increment one counter without a lock.
pub fn run(stage: Stage, plan: Plan) -> Outcome {
    let counter = Arc::new(Counter::default());
    let spawn = |number| {
        let counter = Arc::clone(&counter);
        thread::spawn(stage.actor("worker", number).perform(move |worker| {
            for _ in 0..plan.times {
                counter.increment(&worker, plan.processing);
            }
        }))
    };
    let workers: Vec<_> = (1..=plan.workers).map(spawn).collect();
    for worker in workers {
        join(worker);
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
    fn increment(&self, worker: &Actor, processing: Duration) {
        let current = self.value.load(Ordering::Relaxed);
        worker.says(Step::Read { value: current });
        pause(worker, processing);
        // `fetch_add` would be the right way, and is not the lesson.
        self.value.store(current + 1, Ordering::Relaxed);
        worker.says(Step::Wrote { value: current + 1 });
    }
}
