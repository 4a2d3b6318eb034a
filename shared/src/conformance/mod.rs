//! What every primitive must survive, written once and run on both sides.
//!
//! A file for each primitive has a trait, which hides who waits, and the test bodies over it; what some patterns build
//! by hand is held to the same, in [`buffer`], [`downloads`] and [`simple_pool`]. A test calls from as many threads as
//! it likes: a primitive of threads as it is, one of tasks through [`Driven`]. The names are those of CPython's
//! `test/lock_tests.py`, and `test_concurrent_futures` for the pool, where a case is from there, retold in our own
//! words; the others are from the bug classes that such primitives are known for.
//!
//! No test sleeps to be right. Where it must know that somebody waits it asks [`until`] that is so; what must *not*
//! happen holds at every moment, so it is asserted at any.

pub mod barrier;
pub mod bounded_semaphore;
pub mod buffer;
pub mod condition;
pub mod downloads;
pub mod event;
pub mod fair_read_write_lock;
pub mod handle;
pub mod lock;
pub mod managed_worker;
pub mod polled;
pub mod pool;
pub mod queue;
pub mod read_write_lock;
pub mod reentrant_lock;
pub mod semaphore;
pub mod simple_pool;

mod driven;
mod jobs;

pub use driven::Driven;

use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// How long something that will happen may take at the most; only a broken primitive takes it.
pub const PATIENCE: Duration = Duration::from_mins(1);

/// A pause that is meant to expire.
pub const SHORT: Duration = Duration::from_millis(20);

/// Waits until the condition holds.
///
/// # Panics
/// If it never does.
pub fn until(what: &str, condition: impl Fn() -> bool) {
    let start = Instant::now();
    while !condition() {
        assert!(start.elapsed() < PATIENCE, "never: {what}");
        thread::yield_now();
    }
}

/// So many threads that all do this, each given its number.
pub fn bunch<T: Send + 'static>(
    count: usize,
    body: impl Fn(usize) -> T + Send + Sync + 'static,
) -> Vec<JoinHandle<T>> {
    let body = Arc::new(body);
    let spawn = |number| {
        let body = Arc::clone(&body);
        thread::spawn(move || body(number))
    };
    (0..count).map(spawn).collect()
}

/// What all threads of a bunch returned.
///
/// # Panics
/// If one of them panicked.
pub fn join<T>(bunch: Vec<JoinHandle<T>>) -> Vec<T> {
    bunch.into_iter().map(|handle| handle.join().expect("a thread of the test panicked")).collect()
}

/// What one other thread returns.
pub fn elsewhere<T: Send + 'static>(body: impl FnOnce() -> T + Send + 'static) -> T {
    thread::spawn(body).join().expect("a thread of the test panicked")
}

/// Whether the body panics; it is meant to, and says so on stderr.
pub fn panics(body: impl FnOnce()) -> bool {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(body)).is_err()
}

/// Makes a test of each of these bodies, for a type that has what they ask for.
#[macro_export]
macro_rules! conformance_tests {
    ($module:ident, $type:ty: $($(#[$meta:meta])* $name:ident),+ $(,)?) => {
        $(
            $(#[$meta])*
            #[test]
            fn $name() {
                $crate::conformance::$module::$name::<$type>();
            }
        )+
    };
}
