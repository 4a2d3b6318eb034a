//! A lock that its owner may acquire again.
//!
//! Invariant: while `owner` is a thread, that thread holds `lock`, and has acquired `count` times more than released.
//!
//! The owner is the thread, known by its id, so nothing is handed around. Who asks for the lock may read the state
//! without holding the lock: if it says that the owner is me, it stays so until I release, and if it says anything
//! else, it can't become me while I look. So one look decides. That there are two mutexes, one in the lock and one for
//! the state, makes it about four times as dear as a plain lock when nobody else wants it; one would do, but would
//! write the lock again. (`std`'s own `ReentrantLock` is built on the same
//! thought, but not stable.)

use std::marker::PhantomData;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::{self, ThreadId};
use std::time::Duration;

use super::lock::Lock;

pub use shared::misuse::NotOwner;

/// A lock that counts how often its owner has acquired it.
///
/// ```
/// use threaded::primitives::reentrant_lock::{NotOwner, ReentrantLock};
///
/// let lock = ReentrantLock::new();
/// lock.acquire();
/// lock.acquire();
/// assert_eq!(lock.recursion_count(), 2);
/// assert_eq!((lock.release(), lock.release()), (Ok(()), Ok(())));
/// assert_eq!(lock.release(), Err(NotOwner));
/// ```
#[derive(Debug, Default)]
pub struct ReentrantLock {
    lock: Lock,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    owner: Option<ThreadId>,
    count: usize,
}

impl ReentrantLock {
    /// A lock that nobody owns.
    pub fn new() -> Self {
        Self::default()
    }

    /// Waits until the lock is free or this thread's own, and takes it once more.
    pub fn acquire(&self) {
        self.acquire_timeout(Duration::MAX);
    }

    /// Takes the lock if it is free or this thread's own.
    pub fn try_acquire(&self) -> bool {
        self.acquire_again() || self.note(self.lock.try_acquire())
    }

    /// Waits for at most this long until the lock is free or this thread's own, and takes it once more; says whether
    /// it did.
    pub fn acquire_timeout(&self, timeout: Duration) -> bool {
        self.acquire_again() || self.note(self.lock.acquire_timeout(timeout))
    }

    /// Gives the lock back once; with the last of as many releases as acquires it is free.
    ///
    /// # Errors
    /// If this thread doesn't own it; then nothing changes.
    pub fn release(&self) -> Result<(), NotOwner> {
        let mut state = self.state();
        if state.owner != Some(thread::current().id()) {
            return Err(NotOwner);
        }
        state.count -= 1;
        if state.count == 0 {
            state.owner = None;
            self.lock.release().expect("the owner holds it");
        }
        Ok(())
    }

    /// Whether somebody owns the lock.
    pub fn locked(&self) -> bool {
        self.lock.locked()
    }

    /// Whether this thread owns the lock.
    pub fn is_owned(&self) -> bool {
        self.state().owner == Some(thread::current().id())
    }

    /// How often this thread has acquired the lock and not yet released it.
    pub fn recursion_count(&self) -> usize {
        let state = self.state();
        if state.owner == Some(thread::current().id()) { state.count } else { 0 }
    }

    /// Waits until the lock is free or this thread's own, and takes it once more until the guard is dropped.
    pub fn guard(&self) -> Guard<'_> {
        self.acquire();
        Guard { lock: self, _of_this_thread: PhantomData }
    }

    /// Takes the lock once more if it is this thread's own.
    fn acquire_again(&self) -> bool {
        let mut state = self.state();
        let again = state.owner == Some(thread::current().id());
        state.count += usize::from(again);
        again
    }

    /// Notes that this thread has acquired the inner lock, if it has.
    fn note(&self, acquired: bool) -> bool {
        if acquired {
            *self.state() = State { owner: Some(thread::current().id()), count: 1 };
        }
        acquired
    }

    /// Nobody panics between two changes of the state, so poisoning can be ignored.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Holds a lock once, and releases it when dropped, also by a panic.
///
/// It stays on the thread of its owner, because nobody else may release:
///
/// ```compile_fail,E0277
/// use threaded::primitives::reentrant_lock::ReentrantLock;
///
/// let lock = ReentrantLock::new();
/// let guard = lock.guard();
/// std::thread::scope(|scope| {
///     scope.spawn(move || drop(guard));
/// });
/// ```
#[must_use = "a guard that is dropped at once protects nothing"]
#[derive(Debug)]
pub struct Guard<'a> {
    lock: &'a ReentrantLock,
    /// A mutex's guard is bound to its thread, and so is whatever might hold one.
    _of_this_thread: PhantomData<MutexGuard<'static, ()>>,
}

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        // Released by hand before, it has nothing left to release.
        let _ = self.lock.release();
    }
}

#[cfg(test)]
mod tests;
