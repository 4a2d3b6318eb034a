//! What is to be done with a result stands behind the join, in the next line. Who would rather give up after a while
//! receives from a channel, with `recv_timeout`: a join has no timeout. But nothing ends a thread that nobody waits for any
//! more.

use std::thread;

use shared::pools::callbacks::{Outcome, Plan};

/// Lets a thread compute.
pub fn idiom(plan: &Plan) -> Outcome {
    thread::scope(|scope| {
        let square = scope.spawn(|| {
            thread::sleep(plan.computing);
            plan.number * plan.number
        });
        // Here is room for other work.
        Outcome { result: Some(square.join().expect("it doesn't panic")) }
    })
}
