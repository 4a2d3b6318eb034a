//! A fair read–write lock: many readers or one writer, first come, first served.
//!
//! Invariant: while somebody writes, nobody else is inside; and while somebody waits, whoever comes waits behind it.
//!
//! It is `tokio::sync::RwLock` under the notebook's names. That one is fair: it is a semaphore with a queue, of which a
//! reader takes one permit and a writer all. It doesn't tell how many of them are taken, so the guards count
//! themselves: in when they have the value, out before they give it back.
//!
//! A reader can't become a writer without leaving first: of two who tried, each would wait for the other to leave.

use std::fmt::{self, Debug};
use std::ops::{Deref, DerefMut};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::{RwLock, RwLockReadGuard, RwLockWriteGuard};
use tokio::time;

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
pub struct FairReadWriteLock<T> {
    value: RwLock<T>,
    readers: AtomicUsize,
    writing: AtomicBool,
}

impl<T> FairReadWriteLock<T> {
    /// A lock over this value, with nobody inside.
    pub fn new(value: T) -> Self {
        Self { value: RwLock::new(value), readers: AtomicUsize::new(0), writing: AtomicBool::new(false) }
    }

    /// Waits until nobody writes, nor waits before this one, and reads.
    ///
    /// Who reads already must not ask again: if a writer waits, it waits for the first guard, and the second for it.
    ///
    /// # Cancel safety
    /// Dropping the future gives up the place in the queue; who waits behind it moves up.
    pub async fn read(&self) -> ReadGuard<'_, T> {
        ReadGuard::new(self.value.read().await, &self.readers)
    }

    /// Reads if nobody writes or waits.
    pub fn try_read(&self) -> Option<ReadGuard<'_, T>> {
        Some(ReadGuard::new(self.value.try_read().ok()?, &self.readers))
    }

    /// Waits for at most this long until nobody writes, nor waits before this one, and reads.
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

    /// Waits until nobody is inside, nor waits before this one, and writes.
    ///
    /// # Cancel safety
    /// As [`read`](Self::read).
    pub async fn write(&self) -> WriteGuard<'_, T> {
        WriteGuard::new(self.value.write().await, &self.writing)
    }

    /// Writes if nobody is inside or waits.
    pub fn try_write(&self) -> Option<WriteGuard<'_, T>> {
        Some(WriteGuard::new(self.value.try_write().ok()?, &self.writing))
    }

    /// Waits for at most this long until nobody is inside, nor waits before this one, and writes.
    ///
    /// # Cancel safety
    /// As [`read`](Self::read).
    pub async fn write_timeout(&self, timeout: Duration) -> Option<WriteGuard<'_, T>> {
        match self.try_write() {
            None if !timeout.is_zero() => time::timeout(timeout, self.write()).await.ok(),
            at_once => at_once,
        }
    }

    /// How many read.
    pub fn readers(&self) -> usize {
        self.readers.load(Ordering::Acquire)
    }

    /// Whether somebody writes.
    pub fn is_writing(&self) -> bool {
        self.writing.load(Ordering::Acquire)
    }

    /// The value, when nobody needs the lock any more.
    pub fn into_inner(self) -> T {
        self.value.into_inner()
    }
}

impl<T> Debug for FairReadWriteLock<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FairReadWriteLock")
            .field("readers", &self.readers())
            .field("writing", &self.is_writing())
            .finish_non_exhaustive()
    }
}

/// Reads until it is dropped, also by a panic or an abort.
#[must_use = "a guard that is dropped at once protects nothing"]
#[derive(Debug)]
pub struct ReadGuard<'a, T> {
    value: RwLockReadGuard<'a, T>,
    readers: &'a AtomicUsize,
}

impl<'a, T> ReadGuard<'a, T> {
    fn new(value: RwLockReadGuard<'a, T>, readers: &'a AtomicUsize) -> Self {
        readers.fetch_add(1, Ordering::AcqRel);
        Self { value, readers }
    }
}

impl<T> Deref for ReadGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> Drop for ReadGuard<'_, T> {
    fn drop(&mut self) {
        self.readers.fetch_sub(1, Ordering::AcqRel);
    }
}

/// Writes until it is dropped, also by a panic or an abort; what it has written until then stays.
#[must_use = "a guard that is dropped at once protects nothing"]
#[derive(Debug)]
pub struct WriteGuard<'a, T> {
    value: RwLockWriteGuard<'a, T>,
    writing: &'a AtomicBool,
}

impl<'a, T> WriteGuard<'a, T> {
    fn new(value: RwLockWriteGuard<'a, T>, writing: &'a AtomicBool) -> Self {
        writing.store(true, Ordering::Release);
        Self { value, writing }
    }
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

impl<T> Drop for WriteGuard<'_, T> {
    fn drop(&mut self) {
        self.writing.store(false, Ordering::Release);
    }
}

#[cfg(test)]
mod tests;
