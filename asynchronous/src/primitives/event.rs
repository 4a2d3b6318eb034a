//! An event: a flag that can be waited for.
//!
//! Invariant: whoever waits when the event is set returns, even if it is cleared before the waiter runs.
//!
//! So a waiter waits not for the flag but for its setting: `sets` counts how often it was set, and a waiter that sees
//! another count than at its start was there. A `watch` channel is the choice not taken: it shows only its latest
//! value, so a clear that follows at once would hide the setting. Nor does a waiter trust the notification itself,
//! which may come late, from a setting before its time.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::task::coop;
use tokio::time;

/// A flag, at first not set.
///
/// ```
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// use asynchronous::primitives::event::Event;
/// use std::sync::Arc;
/// use tokio::task;
///
/// let event = Arc::new(Event::new());
/// let waiter = task::spawn({
///     let event = Arc::clone(&event);
///     async move { event.wait().await }
/// });
/// event.set();
/// waiter.await.unwrap();
/// assert!(event.is_set());
/// # });
/// ```
#[derive(Debug, Default)]
pub struct Event {
    state: Mutex<State>,
    was_set: Notify,
}

#[derive(Debug, Default)]
struct State {
    set: bool,
    /// How often it was set.
    sets: u64,
}

impl Event {
    /// An event that is not set.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the flag, and wakes all who wait.
    pub fn set(&self) {
        let mut state = self.state();
        state.set = true;
        state.sets += 1;
        // A waker may run anything, also what asks for the state.
        drop(state);
        self.was_set.notify_waiters();
    }

    /// Clears the flag: from now on, waiting waits.
    pub fn clear(&self) {
        self.state().set = false;
    }

    /// Whether the flag is set.
    pub fn is_set(&self) -> bool {
        self.state().set
    }

    /// Waits until the flag is set, if it isn't.
    ///
    /// # Cancel safety
    /// Dropping the future only gives up waiting.
    pub async fn wait(&self) {
        coop::consume_budget().await;
        let Some(sets) = self.sets_unless_set() else { return };
        loop {
            // Made before the count is read, so that it hears of a setting in between.
            let was_set = self.was_set.notified();
            if self.state().sets != sets {
                return;
            }
            was_set.await;
        }
    }

    /// Waits for at most this long until the flag is set, if it isn't; says whether it was.
    ///
    /// # Cancel safety
    /// As [`wait`](Self::wait).
    pub async fn wait_timeout(&self, timeout: Duration) -> bool {
        coop::consume_budget().await;
        // A timer of zero would still let a millisecond pass.
        self.is_set() || !timeout.is_zero() && time::timeout(timeout, self.wait()).await.is_ok()
    }

    fn sets_unless_set(&self) -> Option<u64> {
        let state = self.state();
        (!state.set).then_some(state.sets)
    }

    /// Nobody panics between two changes of the state, so poisoning can be ignored. The guard is gone before any
    /// `.await`.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
