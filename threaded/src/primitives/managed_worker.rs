//! A managed worker: its owner starts it, asks it to stop, and waits until it has ended.
//!
//! Invariant: at most one thread is started and not yet joined.
//!
//! Nobody can stop a thread from outside, so it has to ask now and then whether it is to stop, or better, to wait on
//! that instead of sleeping. Each life has an event of its own; one event that is cleared at each start is the choice
//! not taken: the next start would take back a stop of which the thread before has not heard.

use std::fmt::{self, Debug};
use std::sync::Arc;
use std::thread::JoinHandle;

use super::event::Event;
use crate::join;

/// A thread that can be started and stopped, again and again.
///
/// Dropping it asks the thread to stop, and doesn't wait for that.
///
/// ```
/// use std::thread;
/// use std::time::Duration;
/// use threaded::primitives::managed_worker::ManagedWorker;
///
/// let mut worker = ManagedWorker::new();
/// assert!(worker.start(|stop| {
///     thread::spawn(move || {
///         let mut rounds = 1;
///         while !stop.wait_timeout(Duration::from_millis(1)) {
///             rounds += 1;
///         }
///         rounds
///     })
/// }));
/// assert!(worker.stop().is_some_and(|rounds| rounds >= 1));
/// assert_eq!(worker.stop(), None, "it was not started again");
/// ```
pub struct ManagedWorker<T> {
    /// Set to ask the worker to stop.
    stop: Arc<Event>,
    handle: Option<JoinHandle<T>>,
}

impl<T> ManagedWorker<T> {
    /// A worker that is not started.
    pub fn new() -> Self {
        Self { stop: Arc::default(), handle: None }
    }

    /// Starts the worker, unless one was started and not yet joined; says whether it did. The thread is spawned by the
    /// caller, who is given the event that asks it to stop.
    pub fn start(&mut self, spawn: impl FnOnce(Arc<Event>) -> JoinHandle<T>) -> bool {
        if self.handle.is_some() {
            return false;
        }
        self.stop = Arc::default();
        self.handle = Some(spawn(Arc::clone(&self.stop)));
        true
    }

    /// Asks the worker to stop, and waits for nothing.
    pub fn ask_to_stop(&self) {
        self.stop.set();
    }

    /// Waits for the end of the worker, and gives back its value; nothing, if none was started.
    ///
    /// # Panics
    /// With the worker's own panic.
    pub fn join(&mut self) -> Option<T> {
        self.handle.take().map(join)
    }

    /// Asks the worker to stop, and waits until it has ended.
    ///
    /// # Panics
    /// With the worker's own panic.
    pub fn stop(&mut self) -> Option<T> {
        self.ask_to_stop();
        self.join()
    }
}

impl<T> Default for ManagedWorker<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> Drop for ManagedWorker<T> {
    fn drop(&mut self) {
        self.ask_to_stop();
    }
}

impl<T> Debug for ManagedWorker<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ManagedWorker").field("started", &self.handle.is_some()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
