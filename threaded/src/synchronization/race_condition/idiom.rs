//! No update is lost where reading and writing are one: an atomic's `fetch_add`. To load and then store would lose some.
//!
//! A race on plain memory doesn't compile: only one may have it as `&mut`.
//!
//! ```compile_fail,E0499
//! let mut counter = 0;
//! std::thread::scope(|scope| {
//!     scope.spawn(|| counter += 1);
//!     scope.spawn(|| counter += 1); // cannot borrow `counter` as mutable more than once at a time
//! });
//! ```

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use shared::synchronization::race_condition::{Outcome, Plan};

/// Lets all threads increment one counter.
pub fn idiom(plan: &Plan) -> Outcome {
    let counter = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _worker in 0..plan.workers {
            scope.spawn(|| {
                for _time in 0..plan.times {
                    thread::sleep(plan.processing);
                    // Only the count matters, and the scope's end orders it before it is read.
                    counter.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
    });
    Outcome { expected: plan.workers * plan.times, actual: counter.into_inner() }
}
