//! A lock that its owner may acquire again.
//!
//! Invariant: while `owner` is a token, whoever has that token holds `lock`, and has acquired `count` times more than
//! released.
//!
//! The owner is an explicit [`Owner`]. The task's id, which looks like a thread's, is the choice not taken: futures
//! that are joined in one task share its id, so each would get into the other's critical section, and a future under
//! `block_on` has none. But futures of one owner may ask at once, even from two threads, and one of them may get or
//! release the lock while another looks or waits. So who sees that the lock is its own counts itself in under the same
//! guard of the state, and who waits, waits for the lock to be free or its owner's, whichever comes first.

use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::future::{self, Either};
use tokio::sync::Notify;
use tokio::task::coop;
use tokio::time;

use super::lock::Lock;

pub use shared::misuse::NotOwner;

/// A lock that counts how often its owner has acquired it.
///
/// ```
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// use asynchronous::primitives::reentrant_lock::{NotOwner, Owner, ReentrantLock};
///
/// let (lock, me) = (ReentrantLock::new(), Owner::new());
/// lock.acquire(&me).await;
/// lock.acquire(&me).await;
/// assert_eq!(lock.recursion_count(&me), 2);
/// assert_eq!((lock.release(&me), lock.release(&me)), (Ok(()), Ok(())));
/// assert_eq!(lock.release(&me), Err(NotOwner));
/// # });
/// ```
#[derive(Debug, Default)]
pub struct ReentrantLock {
    lock: Lock,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    owner: Option<Arc<Notify>>,
    count: usize,
}

/// Who may acquire again what it has acquired: made once for each line of work, and not to be copied.
#[derive(Debug)]
pub struct Owner {
    /// Tells the futures of this owner that it has got a lock. Which one it is makes the owner who it is.
    acquired: Arc<Notify>,
}

impl Owner {
    /// An owner that no other is.
    pub fn new() -> Self {
        Self { acquired: Arc::default() }
    }
}

impl Default for Owner {
    fn default() -> Self {
        Self::new()
    }
}

impl ReentrantLock {
    /// A lock that nobody owns.
    pub fn new() -> Self {
        Self::default()
    }

    /// Waits until the lock is free or this owner's own, and takes it once more.
    ///
    /// # Cancel safety
    /// Dropping the future gives up the place in the queue and takes nothing.
    pub async fn acquire(&self, owner: &Owner) {
        coop::consume_budget().await;
        // Nearly always it is free or its own, and nothing needs to be set up to wait.
        if self.try_acquire(owner) {
            return;
        }
        let mut free = pin!(self.lock.acquire());
        loop {
            // Made before the look, so that it hears whatever comes after it.
            let acquired = owner.acquired.notified();
            if self.acquire_again(owner) {
                return;
            }
            if let Either::Left(_) = future::select(free.as_mut(), pin!(acquired)).await {
                self.note(owner, true);
                return;
            }
        }
    }

    /// Takes the lock if it is free or this owner's own.
    pub fn try_acquire(&self, owner: &Owner) -> bool {
        self.acquire_again(owner) || self.note(owner, self.lock.try_acquire())
    }

    /// Waits for at most this long until the lock is free or this owner's own, and takes it once more; says whether
    /// it did.
    ///
    /// # Cancel safety
    /// As [`acquire`](Self::acquire).
    pub async fn acquire_timeout(&self, owner: &Owner, timeout: Duration) -> bool {
        coop::consume_budget().await;
        // A timer of zero would still let a millisecond pass.
        self.try_acquire(owner)
            || !timeout.is_zero() && time::timeout(timeout, self.acquire(owner)).await.is_ok()
    }

    /// Gives the lock back once; with the last of as many releases as acquires it is free.
    ///
    /// # Errors
    /// If this owner doesn't own it; then nothing changes.
    pub fn release(&self, owner: &Owner) -> Result<(), NotOwner> {
        let mut state = self.state();
        if !state.is_owned_by(owner) {
            return Err(NotOwner);
        }
        state.count -= 1;
        if state.count == 0 {
            state.owner = None;
            // A waker may run anything, also what asks for the state. Until then nobody else can get the lock.
            drop(state);
            self.lock.release().expect("the owner held it");
        }
        Ok(())
    }

    /// Whether somebody owns the lock.
    pub fn locked(&self) -> bool {
        self.lock.locked()
    }

    /// Whether this owner owns the lock.
    pub fn is_owned(&self, owner: &Owner) -> bool {
        self.state().is_owned_by(owner)
    }

    /// How often this owner has acquired the lock and not yet released it.
    pub fn recursion_count(&self, owner: &Owner) -> usize {
        let state = self.state();
        if state.is_owned_by(owner) { state.count } else { 0 }
    }

    /// Waits until the lock is free or this owner's own, and takes it once more until the guard is dropped.
    ///
    /// # Cancel safety
    /// As [`acquire`](Self::acquire).
    pub async fn guard<'a>(&'a self, owner: &'a Owner) -> Guard<'a> {
        self.acquire(owner).await;
        Guard { lock: self, owner }
    }

    /// Takes the lock once more if it is this owner's own.
    fn acquire_again(&self, owner: &Owner) -> bool {
        let mut state = self.state();
        let again = state.is_owned_by(owner);
        state.count += usize::from(again);
        again
    }

    /// Notes that this owner has acquired the inner lock, if it has.
    fn note(&self, owner: &Owner, acquired: bool) -> bool {
        if acquired {
            *self.state() = State { owner: Some(Arc::clone(&owner.acquired)), count: 1 };
            owner.acquired.notify_waiters();
        }
        acquired
    }

    /// Nobody panics between two changes of the state, so poisoning can be ignored. The guard is gone before any
    /// `.await`.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn is_owned_by(&self, owner: &Owner) -> bool {
        self.owner.as_ref().is_some_and(|acquired| Arc::ptr_eq(acquired, &owner.acquired))
    }
}

/// Holds a lock once, and releases it when dropped, also by a panic or an abort.
#[must_use = "a guard that is dropped at once protects nothing"]
#[derive(Debug)]
pub struct Guard<'a> {
    lock: &'a ReentrantLock,
    owner: &'a Owner,
}

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        // Released by hand before, it has nothing left to release.
        let _ = self.lock.release(self.owner);
    }
}

#[cfg(test)]
mod tests;
