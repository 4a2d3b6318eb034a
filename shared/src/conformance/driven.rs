//! A primitive of tasks, driven from threads.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::runtime::Runtime;

/// A primitive whose futures are driven by the threads that call it, so that the same test bodies serve both sides.
#[derive(Debug, Default)]
pub struct Driven<T> {
    primitive: T,
    waiting: AtomicUsize,
}

/// The timers of all driven primitives.
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().expect("room for a runtime"));

impl<T> Driven<T> {
    /// The primitive, driven.
    pub fn new(primitive: T) -> Self {
        Self { primitive, waiting: AtomicUsize::new(0) }
    }

    /// The primitive itself, for calls that don't wait.
    pub fn primitive(&self) -> &T {
        &self.primitive
    }

    /// Drives the future of this call on this thread until it is ready.
    pub fn drive<'a, F: Future>(&'a self, call: impl FnOnce(&'a T) -> F) -> F::Output {
        let mut future = pin!(call(&self.primitive));
        let mut waits = None;
        RUNTIME.block_on(poll_fn(|context| {
            let polled = future.as_mut().poll(context);
            if polled.is_pending() && waits.is_none() {
                // It has been polled, so it stands in the primitive's queue.
                waits = Some(Waits::new(&self.waiting));
            }
            polled
        }))
    }

    /// How many calls wait.
    pub fn waiting(&self) -> usize {
        self.waiting.load(Ordering::SeqCst)
    }
}

/// One call that waits.
struct Waits<'a>(&'a AtomicUsize);

impl<'a> Waits<'a> {
    fn new(waiting: &'a AtomicUsize) -> Self {
        waiting.fetch_add(1, Ordering::SeqCst);
        Self(waiting)
    }
}

impl Drop for Waits<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}
