//! A worker whose result is asked for: the handle is the right to join it, and the join the only way to the result. Dropped,
//! it lets the thread go on.
//!
//! A panic has said what it has to say where it happened. The join hands out its payload, which `panic::resume_unwind` would
//! pass on as it is; here nobody expects one.

use std::thread;

use shared::creating::worker_struct::{Outcome, Plan};

/// Lets a thread sum.
pub fn idiom(plan: &Plan) -> Outcome {
    let Plan { count, interval } = *plan;
    let worker = thread::spawn(move || {
        (0..count).fold(0, |total, number| {
            thread::sleep(interval);
            total + number
        })
    });
    // Before the join there is nothing that could be read too early.
    Outcome { before: None, after: Some(worker.join().expect("it doesn't panic")) }
}
