//! No update is lost under a lock, which is held for no longer than the update takes.

use std::sync::Mutex;
use std::thread;

use shared::synchronization::safe_counter::{Outcome, Plan};

/// Lets all threads increment one counter.
pub fn idiom(plan: &Plan) -> Outcome {
    let counter = Mutex::new(0);
    thread::scope(|scope| {
        for _worker in 0..plan.workers {
            scope.spawn(|| {
                for _time in 0..plan.times {
                    thread::sleep(plan.processing);
                    *counter.lock().expect("no holder panics") += 1;
                }
            });
        }
    });
    Outcome { expected: plan.workers * plan.times, actual: counter.into_inner().expect("no holder panics") }
}
