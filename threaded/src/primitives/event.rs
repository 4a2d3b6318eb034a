//! An event: a flag that can be waited for.
//!
//! Invariant: whoever waits when the event is set returns, even if it is cleared before the waiter runs.
//!
//! So a waiter waits not for the flag but for its setting: `sets` counts how often it was set, and a waiter that sees
//! another count than at its start was there. Waiting `while !set` is the choice not taken: a clear that follows at
//! once would put the waiter back to sleep.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// A flag, at first not set.
///
/// ```
/// use std::sync::Arc;
/// use std::thread;
/// use threaded::primitives::event::Event;
///
/// let event = Arc::new(Event::new());
/// let waiter = thread::spawn({
///     let event = Arc::clone(&event);
///     move || event.wait()
/// });
/// event.set();
/// waiter.join().unwrap();
/// assert!(event.is_set());
/// ```
#[derive(Debug, Default)]
pub struct Event {
    state: Mutex<State>,
    was_set: Condvar,
}

#[derive(Debug, Default)]
struct State {
    set: bool,
    /// How often it was set.
    sets: u64,
    /// How many wait, so that a set without waiters doesn't call the system.
    waiting: usize,
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
        let is_waited_for = state.waiting > 0;
        // Else who is woken would run into the state's own lock.
        drop(state);
        if is_waited_for {
            self.was_set.notify_all();
        }
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
    pub fn wait(&self) {
        self.wait_timeout(Duration::MAX);
    }

    /// Waits for at most this long until the flag is set, if it isn't; says whether it was.
    pub fn wait_timeout(&self, timeout: Duration) -> bool {
        let mut state = self.state();
        if !state.set {
            let sets = state.sets;
            state.waiting += 1;
            let waited = self.was_set.wait_timeout_while(state, timeout, |state| state.sets == sets);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
            state.waiting -= 1;
            return state.sets != sets;
        }
        true
    }

    /// Nobody panics between two changes of the state, so poisoning can be ignored.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
