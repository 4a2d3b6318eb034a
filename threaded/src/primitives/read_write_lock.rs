//! The notebook's read–write lock: many readers or one writer, and readers may overtake.
//!
//! Invariant: while somebody writes, nobody else is inside.
//!
//! In cell 27 readers count themselves in under a condition's lock, and a writer holds that very lock while it writes:
//! so nobody can be counted in beside it, and giving the lock back is all it takes to let the others in. While it
//! *waits* for the readers to be gone it has to give the lock up, and more readers come in. If each comes before the
//! last has left, the writer waits for ever; a [fair lock](super::fair_read_write_lock) makes them wait behind it.
//!
//! Here a flag stands for the lock that the writer holds. `std`'s mutex itself is the choice not taken: there is no
//! waiting for it for a limited time, and while somebody writes, nobody could even ask how many read.
//!
//! A reader can't become a writer without leaving first: of two who tried, each would wait for the other to leave.

use std::fmt::{self, Debug};
use std::ops::{Deref, DerefMut};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Duration;

/// A value that many read or one writes; readers may starve a writer.
///
/// ```
/// use threaded::primitives::read_write_lock::ReadWriteLock;
///
/// let lock = ReadWriteLock::new(0);
/// {
///     let (one, other) = (lock.read(), lock.read());
///     assert_eq!(*one + *other, 0);
///     assert!(lock.try_write().is_none(), "two are reading");
/// }
/// *lock.write() += 42;
/// assert_eq!(lock.into_inner(), 42);
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
    pub fn read(&self) -> ReadGuard<'_, T> {
        self.read_timeout(Duration::MAX).expect("that time is never over")
    }

    /// Reads if nobody writes, also if somebody waits to.
    pub fn try_read(&self) -> Option<ReadGuard<'_, T>> {
        self.read_timeout(Duration::ZERO)
    }

    /// Waits for at most this long until nobody writes, and reads.
    pub fn read_timeout(&self, timeout: Duration) -> Option<ReadGuard<'_, T>> {
        let place = self.door.enter(Access::Read, timeout)?;
        let value = self.value.read().unwrap_or_else(PoisonError::into_inner);
        Some(ReadGuard { value, _place: place })
    }

    /// Waits until nobody is inside, and writes.
    pub fn write(&self) -> WriteGuard<'_, T> {
        self.write_timeout(Duration::MAX).expect("that time is never over")
    }

    /// Writes if nobody is inside.
    pub fn try_write(&self) -> Option<WriteGuard<'_, T>> {
        self.write_timeout(Duration::ZERO)
    }

    /// Waits for at most this long until nobody is inside, and writes.
    pub fn write_timeout(&self, timeout: Duration) -> Option<WriteGuard<'_, T>> {
        let place = self.door.enter(Access::Write, timeout)?;
        let value = self.value.write().unwrap_or_else(PoisonError::into_inner);
        Some(WriteGuard { value, _place: place })
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
        self.value.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Debug for ReadWriteLock<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let State { readers, writing, .. } = *self.door.state();
        f.debug_struct("ReadWriteLock")
            .field("readers", &readers)
            .field("writing", &writing)
            .finish_non_exhaustive()
    }
}

/// Reads until it is dropped, also by a panic.
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

/// Writes until it is dropped, also by a panic; what it has written until then stays.
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
    nobody_writes: Condvar,
    nobody_inside: Condvar,
}

#[derive(Debug, Default)]
struct State {
    readers: usize,
    writing: bool,
    /// How many wait, so that who leaves without being waited for doesn't call the system.
    waiting_to_read: usize,
    waiting_to_write: usize,
}

/// What somebody comes for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Access {
    Read,
    Write,
}

impl Door {
    fn enter(&self, access: Access, timeout: Duration) -> Option<Place<'_>> {
        let mut state = self.state();
        if !state.admits(access) && !timeout.is_zero() {
            let admitted = match access {
                Access::Read => &self.nobody_writes,
                Access::Write => &self.nobody_inside,
            };
            *state.waiting(access) += 1;
            let waited = admitted.wait_timeout_while(state, timeout, |state| !state.admits(access));
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
            *state.waiting(access) -= 1;
        }
        state.let_in(access).then(|| Place { door: self, access })
    }

    /// Nobody panics between two changes of the state, so there is no poison to heed.
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

    fn waiting(&mut self, access: Access) -> &mut usize {
        match access {
            Access::Read => &mut self.waiting_to_read,
            Access::Write => &mut self.waiting_to_write,
        }
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
        let wakes_readers = state.waiting_to_read > 0;
        let wakes_a_writer = state.waiting_to_write > 0 && state.admits(Access::Write);
        drop(state);
        if wakes_readers {
            self.door.nobody_writes.notify_all();
        }
        // One is enough, if others come first too: the last of those who are inside then wakes it again.
        if wakes_a_writer {
            self.door.nobody_inside.notify_one();
        }
    }
}

#[cfg(test)]
mod tests;
