//! A semaphore: so many permits, each of which somebody holds or nobody.
//!
//! Invariant: the permits that are held and the `value` together are what the semaphore began with, plus what was
//! released beyond that.
//!
//! `std` has no semaphore. This one counts its waiters and wakes only as many as there are permits for: notifying a
//! condition variable on which nobody waits is what makes the plain form several times slower. A newcomer may
//! overtake those who wait (*barging*); a queue would be fair, and slower, because every permit handed over is then a
//! change of threads.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// A number of permits.
///
/// ```
/// use threaded::primitives::semaphore::Semaphore;
///
/// let semaphore = Semaphore::new(2);
/// {
///     let _permit = semaphore.guard();
///     assert_eq!(semaphore.value(), 1);
/// }
/// semaphore.acquire();
/// semaphore.acquire();
/// assert!(!semaphore.try_acquire(), "no permit is left");
/// semaphore.release_n(2);
/// assert_eq!(semaphore.value(), 2);
/// ```
#[derive(Debug)]
pub struct Semaphore {
    state: Mutex<State>,
    available: Condvar,
}

#[derive(Debug)]
struct State {
    value: usize,
    /// How many wait, so that a release without waiters doesn't call the system.
    waiting: usize,
}

impl Semaphore {
    /// A semaphore of so many permits.
    pub fn new(permits: usize) -> Self {
        Self { state: Mutex::new(State { value: permits, waiting: 0 }), available: Condvar::new() }
    }

    /// Waits for a permit, and takes it.
    pub fn acquire(&self) {
        self.acquire_timeout(Duration::MAX);
    }

    /// Takes a permit if there is one.
    pub fn try_acquire(&self) -> bool {
        self.state().take()
    }

    /// Waits for at most this long for a permit, and takes it; says whether it did.
    pub fn acquire_timeout(&self, timeout: Duration) -> bool {
        let mut state = self.state();
        if state.value == 0 {
            state.waiting += 1;
            let waited = self.available.wait_timeout_while(state, timeout, |state| state.value == 0);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
            state.waiting -= 1;
        }
        state.take()
    }

    /// Gives a permit back, or adds one.
    ///
    /// # Panics
    /// Beyond `usize::MAX` permits.
    pub fn release(&self) {
        self.release_n(1);
    }

    /// Gives back, or adds, so many permits.
    ///
    /// # Panics
    /// Beyond `usize::MAX` permits.
    pub fn release_n(&self, permits: usize) {
        let mut state = self.state();
        state.value = state.value.checked_add(permits).expect("there are fewer permits than numbers");
        let wake = state.waiting.min(permits);
        drop(state);
        for _ in 0..wake {
            self.available.notify_one();
        }
    }

    /// How many permits are left.
    pub fn value(&self) -> usize {
        self.state().value
    }

    /// Waits for a permit, and takes it until the guard is dropped.
    pub fn guard(&self) -> Permit<'_> {
        self.acquire();
        Permit { semaphore: self }
    }

    /// Nobody panics between two changes of the state, so poisoning can be ignored.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn take(&mut self) -> bool {
        let taken = self.value > 0;
        self.value -= usize::from(taken);
        taken
    }
}

/// A permit, which goes back when dropped, also by a panic.
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
