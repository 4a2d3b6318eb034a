//! The notebook's read–write lock: many readers or one writer, and readers may overtake.
//!
//! Invariant: while somebody writes, nobody else is inside.
//!
//! In cell 27 readers count themselves in under a condition's lock, and a writer holds that very lock while it writes:
//! so nobody can be counted in beside it, and giving the lock back is all it takes to let the others in. While it
//! *waits* for the readers to be gone it has to give the lock up, and more readers come in. If each comes before the
//! last has left, the writer waits for ever; a [fair lock](super::fair_read_write_lock) makes them wait behind it.
//!
//! Here a flag stands for the lock that the writer holds. tokio's mutex itself is the choice not taken: a reader would
//! need it to count itself out, and a guard that is dropped can't wait for it.
//!
//! A reader can't become a writer without leaving first: of two who tried, each would wait for the other to leave.

use std::fmt::{self, Debug};
use std::ops::{Deref, DerefMut};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, RwLock, RwLockReadGuard, RwLockWriteGuard};
use tokio::time;

/// A value that many read or one writes; readers may starve a writer.
///
/// ```
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// use asynchronous::primitives::read_write_lock::ReadWriteLock;
///
/// let lock = ReadWriteLock::new(0);
/// {
///     let (one, other) = (lock.read().await, lock.read().await);
///     assert_eq!(*one + *other, 0);
///     assert!(lock.try_write().is_none(), "two are reading");
/// }
/// *lock.write().await += 42;
/// assert_eq!(lock.into_inner(), 42);
/// # });
/// ```
pub struct ReadWriteLock<T> {
    door: Door,
    /// Nobody ever waits for it: whoever is inside may have it. It is what lends the value out without `unsafe`.
    value: RwLock<T>,
}

impl<T> ReadWriteLock<T> {
    /// A lock over this value, with nobody inside.
    pub fn new(value: T) -> Self {
        Self { door: Door::default(), value: RwLock::new(value) }
    }

    /// Waits until nobody writes, and reads. Who reads already may do so again.
    ///
    /// # Cancel safety
    /// Dropping the future only gives up waiting.
    pub async fn read(&self) -> ReadGuard<'_, T> {
        self.lend(self.door.enter(Access::Read).await)
    }

    /// Reads if nobody writes, also if somebody waits to.
    pub fn try_read(&self) -> Option<ReadGuard<'_, T>> {
        Some(self.lend(self.door.try_enter(Access::Read)?))
    }

    /// Waits for at most this long until nobody writes, and reads.
    ///
    /// # Cancel safety
    /// As [`read`](Self::read).
    pub async fn read_timeout(&self, timeout: Duration) -> Option<ReadGuard<'_, T>> {
        match self.try_read() {
            // A timer of zero would still let a millisecond pass.
            None if !timeout.is_zero() => time::timeout(timeout, self.read()).await.ok(),
            at_once => at_once,
        }
    }

    /// Waits until nobody is inside, and writes.
    ///
    /// # Cancel safety
    /// Dropping the future only gives up waiting. If it was the one woken to write, the next is.
    pub async fn write(&self) -> WriteGuard<'_, T> {
        self.lend_mut(self.door.enter(Access::Write).await)
    }

    /// Writes if nobody is inside.
    pub fn try_write(&self) -> Option<WriteGuard<'_, T>> {
        Some(self.lend_mut(self.door.try_enter(Access::Write)?))
    }

    /// Waits for at most this long until nobody is inside, and writes.
    ///
    /// # Cancel safety
    /// As [`write`](Self::write).
    pub async fn write_timeout(&self, timeout: Duration) -> Option<WriteGuard<'_, T>> {
        match self.try_write() {
            None if !timeout.is_zero() => time::timeout(timeout, self.write()).await.ok(),
            at_once => at_once,
        }
    }

    /// How many read.
    pub fn readers(&self) -> usize {
        self.door.state().readers
    }

    /// Whether somebody writes.
    pub fn is_writing(&self) -> bool {
        self.door.state().writing
    }

    /// The value, when nobody needs the lock any more.
    pub fn into_inner(self) -> T {
        self.value.into_inner()
    }

    fn lend<'a>(&'a self, place: Place<'a>) -> ReadGuard<'a, T> {
        let value = self.value.try_read().expect("nobody writes while somebody reads");
        ReadGuard { value, _place: place }
    }

    fn lend_mut<'a>(&'a self, place: Place<'a>) -> WriteGuard<'a, T> {
        let value = self.value.try_write().expect("nobody else is inside");
        WriteGuard { value, _place: place }
    }
}

impl<T> Debug for ReadWriteLock<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let State { readers, writing } = *self.door.state();
        f.debug_struct("ReadWriteLock")
            .field("readers", &readers)
            .field("writing", &writing)
            .finish_non_exhaustive()
    }
}

/// Reads until it is dropped, also by a panic or an abort.
#[must_use = "a guard that is dropped at once protects nothing"]
#[derive(Debug)]
pub struct ReadGuard<'a, T> {
    // Dropped in this order: the value is given back before another can come for it.
    value: RwLockReadGuard<'a, T>,
    _place: Place<'a>,
}

impl<T> Deref for ReadGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

/// Writes until it is dropped, also by a panic or an abort; what it has written until then stays.
#[must_use = "a guard that is dropped at once protects nothing"]
#[derive(Debug)]
pub struct WriteGuard<'a, T> {
    // Dropped in this order, as a reader's.
    value: RwLockWriteGuard<'a, T>,
    _place: Place<'a>,
}

impl<T> Deref for WriteGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> DerefMut for WriteGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.value
    }
}

/// Where everybody comes in and leaves.
#[derive(Debug, Default)]
struct Door {
    state: Mutex<State>,
    nobody_writes: Notify,
    nobody_inside: Notify,
}

#[derive(Debug, Default)]
struct State {
    readers: usize,
    writing: bool,
}

/// What somebody comes for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Access {
    Read,
    Write,
}

impl Door {
    async fn enter(&self, access: Access) -> Place<'_> {
        let admitted = match access {
            Access::Read => &self.nobody_writes,
            Access::Write => &self.nobody_inside,
        };
        loop {
            // Made before the state is looked at, so that it hears of who leaves in between.
            let admitted = admitted.notified();
            if let Some(place) = self.try_enter(access) {
                return place;
            }
            admitted.await;
        }
    }

    fn try_enter(&self, access: Access) -> Option<Place<'_>> {
        self.state().let_in(access).then(|| Place { door: self, access })
    }

    /// Nobody panics between two changes of the state, so there is no poison to heed. The guard is gone before any
    /// `.await`.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn admits(&self, access: Access) -> bool {
        !self.writing && (access == Access::Read || self.readers == 0)
    }

    fn let_in(&mut self, access: Access) -> bool {
        let admitted = self.admits(access);
        match access {
            Access::Read => self.readers += usize::from(admitted),
            Access::Write => self.writing |= admitted,
        }
        admitted
    }
}

/// A place inside. Dropped, it is free for another.
#[derive(Debug)]
struct Place<'a> {
    door: &'a Door,
    access: Access,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut state = self.door.state();
        match self.access {
            Access::Read => state.readers -= 1,
            Access::Write => state.writing = false,
        }
        let wakes_a_writer = state.admits(Access::Write);
        // A waker may run anything, also what asks for the state.
        drop(state);
        self.door.nobody_writes.notify_waiters();
        // One is enough, if others come first too: the last of those who are inside then wakes it again. And if none
        // waits, this is kept for the next, which then looks once in vain.
        if wakes_a_writer {
            self.door.nobody_inside.notify_one();
        }
    }
}

#[cfg(test)]
mod tests;
