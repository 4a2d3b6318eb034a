//! A semaphore: so many permits, each of which somebody holds or nobody.
//!
//! Invariant: the permits that are held, those on their way to a waiter, and the `value` together are what the
//! semaphore began with, plus what was released beyond that.
//!
//! It is `tokio::sync::Semaphore` under the notebook's names. That one is fair: who waits is a queue, and a released
//! permit goes to its head, so that nobody overtakes. Its own guards are not used, because the raw calls release
//! permits that no guard stands for.

use std::time::Duration;

use tokio::sync;
use tokio::task::coop;
use tokio::time;

/// A number of permits.
///
/// ```
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// use asynchronous::primitives::semaphore::Semaphore;
///
/// let semaphore = Semaphore::new(2);
/// {
///     let _permit = semaphore.guard().await;
///     assert_eq!(semaphore.value(), 1);
/// }
/// semaphore.acquire().await;
/// semaphore.acquire().await;
/// assert!(!semaphore.try_acquire(), "no permit is left");
/// semaphore.release_n(2);
/// assert_eq!(semaphore.value(), 2);
/// # });
/// ```
#[derive(Debug)]
pub struct Semaphore {
    permits: sync::Semaphore,
}

impl Semaphore {
    /// A semaphore of so many permits.
    ///
    /// # Panics
    /// With more than `tokio::sync::Semaphore::MAX_PERMITS`, which is `usize::MAX / 8`.
    pub fn new(permits: usize) -> Self {
        Self { permits: sync::Semaphore::new(permits) }
    }

    /// Waits for a permit, and takes it.
    ///
    /// # Cancel safety
    /// Dropping the future gives up the place in the queue and takes nothing: a permit that was on its way to it, and that
    /// its next poll would have taken, goes to the next in the queue, or back.
    pub async fn acquire(&self) {
        self.permits.acquire().await.expect("the semaphore is never closed").forget();
    }

    /// Takes a permit if there is one.
    pub fn try_acquire(&self) -> bool {
        self.permits.try_acquire().map(sync::SemaphorePermit::forget).is_ok()
    }

    /// Waits for at most this long for a permit, and takes it; says whether it did.
    ///
    /// # Cancel safety
    /// As [`acquire`](Self::acquire).
    pub async fn acquire_timeout(&self, timeout: Duration) -> bool {
        coop::consume_budget().await;
        // A timer of zero would still let a millisecond pass.
        self.try_acquire() || !timeout.is_zero() && time::timeout(timeout, self.acquire()).await.is_ok()
    }

    /// Gives a permit back, or adds one.
    ///
    /// # Panics
    /// Beyond `tokio::sync::Semaphore::MAX_PERMITS`.
    pub fn release(&self) {
        self.release_n(1);
    }

    /// Gives back, or adds, so many permits.
    ///
    /// # Panics
    /// Beyond `tokio::sync::Semaphore::MAX_PERMITS`.
    pub fn release_n(&self, permits: usize) {
        // tokio checks this too, but only when it has added them.
        let room = sync::Semaphore::MAX_PERMITS.saturating_sub(self.value());
        assert!(permits <= room, "there are fewer permits than tokio can count");
        self.permits.add_permits(permits);
    }

    /// How many permits are left.
    pub fn value(&self) -> usize {
        self.permits.available_permits()
    }

    /// Waits for a permit, and takes it until the guard is dropped.
    ///
    /// # Cancel safety
    /// As [`acquire`](Self::acquire).
    pub async fn guard(&self) -> Permit<'_> {
        self.acquire().await;
        Permit { semaphore: self }
    }
}

/// A permit, which goes back when dropped, also by a panic or an abort.
#[must_use = "a permit that is dropped at once permits nothing"]
#[derive(Debug)]
pub struct Permit<'a> {
    semaphore: &'a Semaphore,
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        self.semaphore.release();
    }
}

#[cfg(test)]
mod tests;
