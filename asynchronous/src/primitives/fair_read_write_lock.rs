//! A fair read–write lock: many readers or one writer, first come, first served.
//!
//! Invariant: while somebody writes, nobody else is inside; and while somebody waits, whoever comes waits behind it.
//!
//! It is made as `tokio::sync::RwLock` is, which is fair too: a semaphore with a queue, of which a reader takes one
//! permit and a writer all. The semaphore doesn't show who is inside, because the first in the queue gathers permits
//! while it waits; so those who have all that they need are counted beside it.
//!
//! The lock is the [notebook's](super::read_write_lock) with another policy; only the policy is here.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::{Semaphore, SemaphorePermit};

use super::read_write_lock::{Access, Inside, Policy, PolicyLock};

/// A value that many read or one writes; nobody starves.
///
/// ```
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// use asynchronous::primitives::fair_read_write_lock::FairReadWriteLock;
///
/// let lock = FairReadWriteLock::new(0);
/// {
///     let (one, other) = (lock.read().await, lock.read().await);
///     assert_eq!(*one + *other, 0);
///     assert!(lock.try_write().is_none(), "two are reading");
/// }
/// *lock.write().await += 42;
/// assert_eq!(lock.into_inner(), 42);
/// # });
/// ```
pub type FairReadWriteLock<T> = PolicyLock<T, Fair>;

/// A policy with a queue: whoever finds room comes in if nobody waits, and else in its turn.
///
/// Who reads already must not ask again: if a writer waits, it waits for the first guard, and the second for it.
#[derive(Debug)]
pub struct Fair {
    permits: Semaphore,
    state: Mutex<Inside>,
}

/// All permits there are: more than there will ever be readers. tokio's lock has as many.
const ALL: u32 = u32::MAX >> 3;

impl Default for Fair {
    fn default() -> Self {
        Self { permits: Semaphore::new(ALL as usize), state: Mutex::default() }
    }
}

impl Policy for Fair {
    const NAME: &'static str = "FairReadWriteLock";

    // Dropped, the future gives up its place in the queue, and the permits that it has gathered go to the next.
    async fn enter(&self, access: Access) {
        let permits = self.permits.acquire_many(Self::needed(access)).await;
        permits.expect("the semaphore is never closed").forget();
        self.state().count_in(access);
    }

    fn try_enter(&self, access: Access) -> bool {
        let permits = self.permits.try_acquire_many(Self::needed(access));
        let admitted = permits.map(SemaphorePermit::forget).is_ok();
        if admitted {
            self.state().count_in(access);
        }
        admitted
    }

    fn leave(&self, access: Access) {
        // Before its permits are free: else the next might be counted beside it.
        self.state().count_out(access);
        self.permits.add_permits(Self::needed(access) as usize);
    }

    fn inside(&self) -> Inside {
        *self.state()
    }
}

impl Fair {
    /// How many permits it takes to come in.
    fn needed(access: Access) -> u32 {
        match access {
            Access::Read => 1,
            Access::Write => ALL,
        }
    }

    /// Nobody panics between two changes of the state, so poisoning can be ignored. The guard is gone before any
    /// `.await`.
    fn state(&self) -> MutexGuard<'_, Inside> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
