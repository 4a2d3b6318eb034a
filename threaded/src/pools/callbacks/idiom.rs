//! What is to be done with a result stands behind the join: whoever starts a computation can wait for it, and go on.

use std::thread;

use shared::pools::callbacks::{Outcome, Plan};

/// Lets a thread compute.
pub fn idiom(plan: &Plan) -> Outcome {
    thread::scope(|scope| {
        let square = scope.spawn(|| {
            thread::sleep(plan.computing);
            plan.number * plan.number
        });
        Outcome { result: square.join().ok() }
    })
}
