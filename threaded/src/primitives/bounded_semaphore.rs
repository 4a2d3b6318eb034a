//! A semaphore that knows its bound: more releases than acquires are an error.
//!
//! Invariant: `held` is the number of acquires that are not yet released, and never more than the permits.
//!
//! It is a [`Semaphore`] and a count of what is held. The choice not taken is to compare the semaphore's value with the
//! bound before a release: between the two, somebody else may release. Here one atomic step both checks and counts.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use super::semaphore::Semaphore;

pub use shared::misuse::OverRelease;

/// A number of permits that never becomes greater.
///
/// ```
/// use threaded::primitives::bounded_semaphore::{BoundedSemaphore, OverRelease};
///
/// let semaphore = BoundedSemaphore::new(2);
/// semaphore.acquire();
/// assert_eq!(semaphore.release(), Ok(()));
/// assert_eq!(semaphore.release(), Err(OverRelease));
/// assert_eq!(semaphore.value(), 2, "the error changes nothing");
/// ```
#[derive(Debug)]
pub struct BoundedSemaphore {
    semaphore: Semaphore,
    held: AtomicUsize,
}

impl BoundedSemaphore {
    /// A semaphore of so many permits.
    pub fn new(permits: usize) -> Self {
        Self { semaphore: Semaphore::new(permits), held: AtomicUsize::new(0) }
    }

    /// Waits for a permit, and takes it.
    pub fn acquire(&self) {
        self.semaphore.acquire();
        self.held.fetch_add(1, Ordering::Relaxed);
    }

    /// Takes a permit if there is one.
    pub fn try_acquire(&self) -> bool {
        self.note(self.semaphore.try_acquire())
    }

    /// Waits for at most this long for a permit, and takes it; says whether it did.
    pub fn acquire_timeout(&self, timeout: Duration) -> bool {
        self.note(self.semaphore.acquire_timeout(timeout))
    }

    /// Gives a permit back.
    ///
    /// # Errors
    /// If none is held; then nothing changes.
    pub fn release(&self) -> Result<(), OverRelease> {
        self.release_n(1)
    }

    /// Gives back so many permits.
    ///
    /// # Errors
    /// If fewer are held; then nothing changes.
    pub fn release_n(&self, permits: usize) -> Result<(), OverRelease> {
        let less = |held: usize| held.checked_sub(permits);
        self.held.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less).map_err(|_| OverRelease)?;
        self.semaphore.release_n(permits);
        Ok(())
    }

    /// How many permits are left.
    pub fn value(&self) -> usize {
        self.semaphore.value()
    }

    /// Waits for a permit, and takes it until the guard is dropped.
    pub fn guard(&self) -> Permit<'_> {
        self.acquire();
        Permit { semaphore: self }
    }

    fn note(&self, acquired: bool) -> bool {
        // Relaxed is enough: the semaphore orders what its holders do; this only counts them.
        self.held.fetch_add(usize::from(acquired), Ordering::Relaxed);
        acquired
    }
}

/// A permit, which goes back when dropped, also by a panic.
#[must_use = "a permit that is dropped at once permits nothing"]
#[derive(Debug)]
pub struct Permit<'a> {
    semaphore: &'a BoundedSemaphore,
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        // Somebody else may have released it by hand; then there is nothing left to do.
        let _ = self.semaphore.release();
    }
}

#[cfg(test)]
mod tests;
