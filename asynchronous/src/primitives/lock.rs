//! A lock without a value: who holds it is known only to those who use it.
//!
//! Invariant: at most one acquire is not yet released. `held` says whether one has returned and is not; the permit is
//! away a little longer, from when it is promised to a waiter to when it is given back.
//!
//! `tokio::sync::Mutex` is the better lock in nearly every program: it owns what it protects, and only its guard can
//! release it. The notebook's lock is this one; it can be released from anywhere, as Python's can, and so be misused.
//! Whoever waits is served in the order of asking, because tokio's semaphore is a queue: nobody overtakes.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::task::coop;
use tokio::time;

pub use shared::misuse::NotHeld;

/// A lock, at first free.
///
/// ```
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// use asynchronous::primitives::lock::{Lock, NotHeld};
///
/// let lock = Lock::new();
/// {
///     let _guard = lock.guard().await;
///     assert!(!lock.try_acquire(), "somebody holds it");
/// }
/// assert!(lock.try_acquire());
/// assert_eq!(lock.release(), Ok(()));
/// assert_eq!(lock.release(), Err(NotHeld));
/// # });
/// ```
#[derive(Debug)]
pub struct Lock {
    /// The permit is there while the lock is free.
    permit: Semaphore,
    held: AtomicBool,
}

impl Default for Lock {
    fn default() -> Self {
        Self { permit: Semaphore::new(1), held: AtomicBool::new(false) }
    }
}

impl Lock {
    /// A lock that nobody holds.
    pub fn new() -> Self {
        Self::default()
    }

    /// Waits until the lock is free, and takes it.
    ///
    /// # Cancel safety
    /// Dropping the future gives up the place in the queue and takes nothing.
    pub async fn acquire(&self) {
        self.permit.acquire().await.expect("the semaphore is never closed").forget();
        self.held.store(true, Ordering::Release);
    }

    /// Takes the lock if it is free.
    pub fn try_acquire(&self) -> bool {
        let Ok(permit) = self.permit.try_acquire() else { return false };
        permit.forget();
        self.held.store(true, Ordering::Release);
        true
    }

    /// Waits for at most this long until the lock is free, and takes it; says whether it did.
    ///
    /// # Cancel safety
    /// As [`acquire`](Self::acquire).
    pub async fn acquire_timeout(&self, timeout: Duration) -> bool {
        coop::consume_budget().await;
        // A timer of zero would still let a millisecond pass.
        self.try_acquire() || !timeout.is_zero() && time::timeout(timeout, self.acquire()).await.is_ok()
    }

    /// Gives the lock back, whoever took it.
    ///
    /// # Errors
    /// If nobody holds it.
    pub fn release(&self) -> Result<(), NotHeld> {
        // One swap decides, so that of two releases at once only one gives back the permit.
        if !self.held.swap(false, Ordering::AcqRel) {
            return Err(NotHeld);
        }
        self.permit.add_permits(1);
        Ok(())
    }

    /// Whether somebody holds the lock.
    pub fn locked(&self) -> bool {
        self.permit.available_permits() == 0
    }

    /// Waits until the lock is free, and takes it until the guard is dropped.
    ///
    /// # Cancel safety
    /// As [`acquire`](Self::acquire).
    pub async fn guard(&self) -> Guard<'_> {
        self.acquire().await;
        Guard { lock: self }
    }
}

/// Holds a lock, and releases it when dropped, also by a panic or an abort.
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
