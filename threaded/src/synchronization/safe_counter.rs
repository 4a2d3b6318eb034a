//! No update is lost under a lock, between threads.

pub mod idiom;

use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use shared::synchronization::safe_counter::{Outcome, Plan, Step};
use shared::{Actor, Stage};

use crate::{Perform as _, join, pause};

/// Lets the workers increment one counter, each under its lock.
pub fn run(stage: Stage, plan: Plan) -> Outcome {
    let counter = Arc::new(SafeCounter::default());
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

    let actual = *counter.value.lock().unwrap_or_else(PoisonError::into_inner);
    stage.main().says(Step::Finished { actual });
    Outcome { expected: plan.workers * plan.times, actual }
}

/// The lock owns the value: there is no way to it but through the guard.
#[derive(Default)]
struct SafeCounter {
    value: Mutex<usize>,
}

impl SafeCounter {
    fn increment(&self, worker: &Actor, processing: Duration) {
        // A holder's panic poisons the lock. The count is whole at every moment, so the others may go on.
        let mut value = self.value.lock().unwrap_or_else(PoisonError::into_inner);
        worker.says(Step::Entered);
        let current = *value;
        pause(worker, processing);
        *value = current + 1;
        worker.says(Step::Leaving { value: *value });
    }
}
