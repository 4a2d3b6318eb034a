//! Work that waits: a closure that only borrows can be called here and in any number of threads of a scope.

use std::thread;

use shared::gil::io_bound::{Outcome, Plan};

/// Waits twice, one after the other, and twice at once; says that it slept for so many seconds.
pub fn idiom(plan: &Plan, seconds: f64) -> Outcome {
    let sleep = || {
        thread::sleep(plan.wait);
        format!("Slept for {seconds}s")
    };
    let in_sequence = [sleep(), sleep()];
    let at_once = thread::scope(|scope| {
        [scope.spawn(sleep), scope.spawn(sleep)].map(|thread| thread.join().expect("it doesn't panic"))
    });
    Outcome { in_sequence, at_once }
}
