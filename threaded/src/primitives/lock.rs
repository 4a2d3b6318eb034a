//! A lock without a value: who holds it is known only to those who use it.
//!
//! Invariant: at most one acquire is not yet released, and `held` says whether one is.
//!
//! `std::sync::Mutex` is the better lock in nearly every program: it owns what it protects, and only its guard can
//! release it. The notebook's lock is this one; it can be released from anywhere, as Python's can, and so be misused.
//! Whoever waits is woken in no promised order, and a newcomer may overtake (*barging*): that is faster than a
//! queue, and a guarantee that `std` doesn't give either.

use std::mem;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

pub use shared::misuse::NotHeld;

/// A lock, at first free.
///
/// ```
/// use threaded::primitives::lock::{Lock, NotHeld};
///
/// let lock = Lock::new();
/// {
///     let _guard = lock.guard();
///     assert!(!lock.try_acquire(), "somebody holds it");
/// }
/// assert!(lock.try_acquire());
/// assert_eq!(lock.release(), Ok(()));
/// assert_eq!(lock.release(), Err(NotHeld));
/// ```
#[derive(Debug, Default)]
pub struct Lock {
    state: Mutex<State>,
    released: Condvar,
}

#[derive(Debug, Default)]
struct State {
    held: bool,
    /// How many wait, so that a release without waiters doesn't call the system.
    waiting: usize,
}

impl Lock {
    /// A lock that nobody holds.
    pub fn new() -> Self {
        Self::default()
    }

    /// Waits until the lock is free, and takes it.
    pub fn acquire(&self) {
        self.acquire_timeout(Duration::MAX);
    }

    /// Takes the lock if it is free.
    pub fn try_acquire(&self) -> bool {
        !mem::replace(&mut self.state().held, true)
    }

    /// Waits for at most this long until the lock is free, and takes it; says whether it did.
    pub fn acquire_timeout(&self, timeout: Duration) -> bool {
        let mut state = self.state();
        if state.held {
            state.waiting += 1;
            let waited = self.released.wait_timeout_while(state, timeout, |state| state.held);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
            state.waiting -= 1;
        }
        !mem::replace(&mut state.held, true)
    }

    /// Gives the lock back, whoever took it.
    ///
    /// # Errors
    /// If nobody holds it.
    pub fn release(&self) -> Result<(), NotHeld> {
        let mut state = self.state();
        if !mem::replace(&mut state.held, false) {
            return Err(NotHeld);
        }
        let is_waited_for = state.waiting > 0;
        // Else who is woken would run into the state's own lock.
        drop(state);
        if is_waited_for {
            self.released.notify_one();
        }
        Ok(())
    }

    /// Whether somebody holds the lock.
    pub fn locked(&self) -> bool {
        self.state().held
    }

    /// Waits until the lock is free, and takes it until the guard is dropped.
    pub fn guard(&self) -> Guard<'_> {
        self.acquire();
        Guard { lock: self }
    }

    /// Nobody panics with the state in hand, so poisoning can be ignored.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Holds a lock, and releases it when dropped, also by a panic.
#[must_use = "a guard that is dropped at once protects nothing"]
#[derive(Debug)]
pub struct Guard<'a> {
    lock: &'a Lock,
}

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        // Somebody else may have released it by hand; then there is nothing left to do.
        let _ = self.lock.release();
    }
}

#[cfg(test)]
mod tests;
