//! How an actor is a thread: it performs, it pauses, it is joined.

use std::panic::{self, AssertUnwindSafe};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use shared::{Actor, Part};

/// Makes a part, an actor or a stage's main line, into what a thread can run.
pub trait Perform: Part {
    /// The body as this part performs it: within the part's span, from where it begins to where it ends, recorded in
    /// the trace.
    ///
    /// A body that is dropped before it was run is cancelled.
    ///
    /// # Panics
    /// What it returns panics as the body does.
    fn perform<T>(self, body: impl FnOnce(Self) -> T + Send) -> impl FnOnce() -> T + Send {
        let performance = self.performance();
        move || {
            performance.span().in_scope(|| {
                performance.begin().wait();
                let result = panic::catch_unwind(AssertUnwindSafe(|| body(self)));
                performance.lingering().wait();
                performance.end(result)
            })
        }
    }
}

impl<P: Part> Perform for P {}

/// Pauses the actor for so much notebook time; at a pace of 0 it only gives way: to other threads, of
/// other processes too, by a call of the system.
#[track_caller]
pub fn pause(actor: &Actor, duration: Duration) {
    match actor.pauses(duration) {
        Some(scaled) => thread::sleep(scaled),
        None => thread::yield_now(),
    }
    actor.meeting().wait();
}

/// Waits for a thread, an actor's or a helper's, and gives back its value.
///
/// # Panics
/// With its own panic.
pub fn join<T>(handle: JoinHandle<T>) -> T {
    handle.join().unwrap_or_else(|panic| panic::resume_unwind(panic))
}
