//! What is to be done with a result stands behind the place where it is received; and who waits for it says for how long.

use std::sync::mpsc;
use std::thread;

use shared::pools::callbacks::{Outcome, PATIENCE, Plan};

/// Lets a thread compute.
pub fn idiom(plan: &Plan) -> Outcome {
    let (send, square) = mpsc::channel();
    thread::scope(|scope| {
        scope.spawn(move || {
            thread::sleep(plan.computing);
            // If nobody waits for it any more, nobody wants it.
            let _ = send.send(plan.number * plan.number);
        });
        // Here is room for other work.
        Outcome { result: square.recv_timeout(plan.computing + PATIENCE).ok() }
    })
}
