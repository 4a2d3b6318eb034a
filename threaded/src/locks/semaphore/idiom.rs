//! At most so many at once: std has no semaphore, and a channel full of permits is one.

use std::thread;

use crossbeam_channel::bounded;
use shared::locks::semaphore::{Outcome, Plan};

/// Lets the workers through, as many at once as there are permits.
pub fn idiom(plan: &Plan) -> Outcome {
    let (give, take) = bounded(plan.permits);
    for _permit in 0..plan.permits {
        give.send(()).expect("both ends are here");
    }
    thread::scope(|scope| {
        for _worker in 0..plan.workers {
            scope.spawn(|| {
                take.recv().expect("both ends are here");
                thread::sleep(plan.hold);
                give.send(()).expect("both ends are here");
            });
        }
    });
    Outcome { value: take.len() }
}
