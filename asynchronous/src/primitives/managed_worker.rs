//! A managed worker: its owner starts it, asks it to stop, and waits until it has ended.
//!
//! Invariant: at most one task is started and not yet joined.
//!
//! A task could be aborted, wherever it waits; then what it has begun stays as it is. One that is asked can put it in
//! order first. So it asks now and then whether it is to stop, or better, waits on that instead of sleeping. Each life
//! has an event of its own; one event that is cleared at each start is the choice not taken: the next start would take
//! back a stop of which the task before has not heard.

use std::fmt::{self, Debug};
use std::panic;
use std::sync::Arc;

use tokio::task::JoinHandle;

use super::event::Event;

/// A task that can be started and stopped, again and again.
///
/// Dropping it asks the task to stop, and doesn't wait for that.
///
/// ```
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// use asynchronous::primitives::managed_worker::ManagedWorker;
/// use std::time::Duration;
/// use tokio::task;
///
/// let mut worker = ManagedWorker::new();
/// assert!(worker.start(|stop| {
///     task::spawn(async move {
///         let mut rounds = 1;
///         while !stop.wait_timeout(Duration::from_millis(1)).await {
///             rounds += 1;
///         }
///         rounds
///     })
/// }));
/// assert!(worker.stop().await.is_some_and(|rounds| rounds >= 1));
/// assert_eq!(worker.stop().await, None, "it was not started again");
/// # });
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

    /// Starts the worker, unless one was started and not yet joined; says whether it did. The task is spawned by the
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
    /// With the worker's own panic; and if it was aborted.
    ///
    /// # Cancel safety
    /// Dropping the future only gives up waiting: the worker is still to be joined.
    pub async fn join(&mut self) -> Option<T> {
        let result = self.handle.as_mut()?.await;
        // Only now: taken out before, it would be lost with the future.
        self.handle = None;
        Some(result.unwrap_or_else(|error| panic::resume_unwind(error.into_panic())))
    }

    /// Asks the worker to stop, and waits until it has ended.
    ///
    /// # Panics
    /// With the worker's own panic; and if it was aborted.
    ///
    /// # Cancel safety
    /// Nothing happens before the first poll. Dropping the future later only gives up waiting, as with
    /// [`join`](Self::join).
    pub async fn stop(&mut self) -> Option<T> {
        self.ask_to_stop();
        self.join().await
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
