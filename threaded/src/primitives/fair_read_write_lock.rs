//! A fair read–write lock: many readers or one writer, first come, first served.
//!
//! Invariant: while somebody writes, nobody else is inside; and while somebody waits, whoever comes waits behind it.
//!
//! `std::sync::RwLock` is the choice not taken: which of readers and writers it prefers is left to the system, and it
//! has no timeouts. Here whoever can't come in at once is put in a queue, with a condition variable of its own, so that
//! only the one whose turn it is needs to wake. Readers that stand behind each other come in together: each who comes
//! in lets the next one look. Fairness costs throughput: a place that is free stays empty until the first in the queue
//! has woken up.
//!
//! A reader can't become a writer without leaving first: of two who tried, each would wait for the other to leave.

use std::collections::VecDeque;
use std::fmt::{self, Debug};
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Duration;

/// A value that many read or one writes; nobody starves.
///
/// ```
/// use threaded::primitives::fair_read_write_lock::FairReadWriteLock;
///
/// let lock = FairReadWriteLock::new(0);
/// {
///     let (one, other) = (lock.read(), lock.read());
///     assert_eq!(*one + *other, 0);
///     assert!(lock.try_write().is_none(), "two are reading");
/// }
/// *lock.write() += 42;
/// assert_eq!(lock.into_inner(), 42);
/// ```
pub struct FairReadWriteLock<T> {
    door: Door,
    /// Nobody ever waits for it: whoever is inside may have it. It is what lends the value out without `unsafe`.
    value: RwLock<T>,
}

impl<T> FairReadWriteLock<T> {
    /// A lock over this value, with nobody inside.
    pub fn new(value: T) -> Self {
        Self { door: Door::default(), value: RwLock::new(value) }
    }

    /// Waits until nobody writes, nor waits before this one, and reads.
    ///
    /// Who reads already must not ask again: if a writer waits, it waits for the first guard, and the second for it.
    pub fn read(&self) -> ReadGuard<'_, T> {
        self.read_timeout(Duration::MAX).expect("that time is never over")
    }

    /// Reads if nobody writes or waits.
    pub fn try_read(&self) -> Option<ReadGuard<'_, T>> {
        self.read_timeout(Duration::ZERO)
    }

    /// Waits for at most this long until nobody writes, nor waits before this one, and reads.
    pub fn read_timeout(&self, timeout: Duration) -> Option<ReadGuard<'_, T>> {
        let place = self.door.enter(Access::Read, timeout)?;
        let value = self.value.read().unwrap_or_else(PoisonError::into_inner);
        Some(ReadGuard { value, _place: place })
    }

    /// Waits until nobody is inside, nor waits before this one, and writes.
    pub fn write(&self) -> WriteGuard<'_, T> {
        self.write_timeout(Duration::MAX).expect("that time is never over")
    }

    /// Writes if nobody is inside or waits.
    pub fn try_write(&self) -> Option<WriteGuard<'_, T>> {
        self.write_timeout(Duration::ZERO)
    }

    /// Waits for at most this long until nobody is inside, nor waits before this one, and writes.
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

impl<T> Debug for FairReadWriteLock<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.door.state();
        f.debug_struct("FairReadWriteLock")
            .field("readers", &state.readers)
            .field("writing", &state.writing)
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
}

#[derive(Debug, Default)]
struct State {
    readers: usize,
    writing: bool,
    /// Who waits, the first at the front: what it comes for, and the condition that its turn may have come.
    queue: VecDeque<(Access, Arc<Condvar>)>,
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
        if !state.queue.is_empty() || !state.admits(access) {
            // Not even for a moment does a try make others wait behind it.
            if timeout.is_zero() {
                return None;
            }
            let my_turn = Arc::new(Condvar::new());
            state.queue.push_back((access, Arc::clone(&my_turn)));
            let not_yet = |state: &mut State| state.before(&my_turn) > 0 || !state.admits(access);
            let waited = my_turn.wait_timeout_while(state, timeout, not_yet);
            let waited = waited.unwrap_or_else(PoisonError::into_inner);
            state = waited.0;
            let before = state.before(&my_turn);
            state.queue.remove(before);
            if waited.1.timed_out() {
                State::wake_next(state);
                return None;
            }
        }
        state.let_in(access);
        State::wake_next(state);
        Some(Place { door: self, access })
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

    fn let_in(&mut self, access: Access) {
        match access {
            Access::Read => self.readers += 1,
            Access::Write => self.writing = true,
        }
    }

    /// How many wait before the one with this condition.
    fn before(&self, turn: &Arc<Condvar>) -> usize {
        let mut queue = self.queue.iter();
        queue
            .position(|(_, other)| Arc::ptr_eq(other, turn))
            .expect("who waits is in the queue until it leaves")
    }

    /// Wakes the first in the queue if it can come in.
    fn wake_next(state: MutexGuard<'_, Self>) {
        let next = state.queue.front().filter(|(access, _)| state.admits(*access));
        let turn = next.map(|(_, turn)| Arc::clone(turn));
        // Else who is woken would run into the state's own lock.
        drop(state);
        if let Some(turn) = turn {
            turn.notify_one();
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
        State::wake_next(state);
    }
}

#[cfg(test)]
mod tests;
