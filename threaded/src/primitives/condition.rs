//! A condition: waiting, with a lock released, until somebody says that something has changed.
//!
//! Invariant: whoever begins to wait before a notification may be woken by it, and nobody who begins later is, as long
//! as notifications are made with the lock held.
//!
//! It is `std::sync::Condvar` under the notebook's names. A waiter may also wake without a notification (a *spurious
//! wakeup*), so what is waited for is checked in a loop: that is what `wait_for` is there for.
//!
//! Waiting takes the guard by value and gives it back: the lock is not held in between, and so nothing that it
//! protects can be touched. A lock that a panic has poisoned is taken all the same.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Something that may change while a lock is released.
///
/// ```
/// use std::sync::{Arc, Mutex};
/// use std::thread;
/// use threaded::primitives::condition::Condition;
///
/// let shared = Arc::new((Mutex::new(false), Condition::new()));
/// let waiter = thread::spawn({
///     let shared = Arc::clone(&shared);
///     move || {
///         let (ready, condition) = &*shared;
///         *condition.wait_for(ready.lock().unwrap(), |ready| *ready)
///     }
/// });
/// let (ready, condition) = &*shared;
/// *ready.lock().unwrap() = true;
/// condition.notify_all();
/// assert!(waiter.join().unwrap());
/// ```
#[derive(Debug, Default)]
pub struct Condition {
    changed: Condvar,
    /// How many wait, so that a notification for more of them doesn't call the system in vain.
    pub(crate) waiting: AtomicUsize,
}

impl Condition {
    /// A condition on which nobody waits.
    pub fn new() -> Self {
        Self::default()
    }

    /// Releases the lock, waits for a notification, and takes the lock again.
    ///
    /// Nobody can wait without the lock (CPython: `test_unacquired_wait`):
    ///
    /// ```compile_fail,E0061
    /// use threaded::primitives::condition::Condition;
    ///
    /// let _ = Condition::new().wait();
    /// ```
    pub fn wait<'a, T>(&self, guard: MutexGuard<'a, T>) -> MutexGuard<'a, T> {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        let guard = self.changed.wait(guard).unwrap_or_else(PoisonError::into_inner);
        self.waiting.fetch_sub(1, Ordering::Relaxed);
        guard
    }

    /// Releases the lock, waits for at most this long for a notification, and takes the lock again; says whether it
    /// returned before the time was over.
    pub fn wait_timeout<'a, T>(
        &self,
        guard: MutexGuard<'a, T>,
        timeout: Duration,
    ) -> (MutexGuard<'a, T>, bool) {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        let waited = self.changed.wait_timeout(guard, timeout);
        let (guard, waited) = waited.unwrap_or_else(PoisonError::into_inner);
        self.waiting.fetch_sub(1, Ordering::Relaxed);
        (guard, !waited.timed_out())
    }

    /// Waits until the predicate holds, which is asked with the lock held: before the first wait, and after each.
    pub fn wait_for<'a, T>(
        &self,
        mut guard: MutexGuard<'a, T>,
        mut predicate: impl FnMut(&mut T) -> bool,
    ) -> MutexGuard<'a, T> {
        while !predicate(&mut guard) {
            guard = self.wait(guard);
        }
        guard
    }

    /// Waits for at most this long, over all waits together, until the predicate holds; says whether it does.
    pub fn wait_for_timeout<'a, T>(
        &self,
        mut guard: MutexGuard<'a, T>,
        timeout: Duration,
        mut predicate: impl FnMut(&mut T) -> bool,
    ) -> (MutexGuard<'a, T>, bool) {
        // Beyond the end of the clock there is no deadline.
        let deadline = Instant::now().checked_add(timeout);
        while !predicate(&mut guard) {
            let left =
                deadline.map_or(Duration::MAX, |deadline| deadline.saturating_duration_since(Instant::now()));
            if left.is_zero() {
                return (guard, false);
            }
            (guard, _) = self.wait_timeout(guard, left);
        }
        (guard, true)
    }

    /// Wakes so many of those who wait, or all if they are fewer.
    ///
    /// It may be called without the lock; then somebody may begin to wait meanwhile and be woken in another's place.
    pub fn notify(&self, count: usize) {
        // Who waits has counted itself with the lock held, so whoever has held it since sees that.
        for _ in 0..count.min(self.waiting.load(Ordering::Relaxed)) {
            self.changed.notify_one();
        }
    }

    /// Wakes all who wait.
    pub fn notify_all(&self) {
        if self.waiting.load(Ordering::Relaxed) > 0 {
            self.changed.notify_all();
        }
    }
}

#[cfg(test)]
mod tests;
