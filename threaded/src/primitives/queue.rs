//! A queue: who puts an item waits while there is no room, who gets one waits while there is none.
//!
//! Invariant: items come out in the order in which they went in, each of them once. `unfinished` is how many went in
//! less how many were said to be done, and counts an item from the moment that it is in.
//!
//! It is built as CPython's `queue.py`: one mutex, and on it one condition variable for each thing that is waited for.
//! One difference is on purpose: there, a `join` that is woken looks again whether all is done, so that a put which
//! follows at once keeps it waiting. Here it returns, because all *was* done (see `event.rs`). The choice not taken is
//! `std::sync::mpsc`: it has only one receiver, and can't say how many items are in it or which are done.
//!
//! Who has waited longest doesn't always come first: a newcomer that finds an item takes it (*barging*).

use std::collections::VecDeque;
use std::fmt::{self, Debug};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::condition::Condition;

pub use shared::misuse::{Empty, Full, TooManyDone};

/// Items on their way from those who put them to those who get them, first in, first out.
///
/// ```
/// use std::sync::Arc;
/// use std::thread;
/// use threaded::primitives::queue::{Empty, Full, Queue};
///
/// let queue = Arc::new(Queue::new(1));
/// let producer = thread::spawn({
///     let queue = Arc::clone(&queue);
///     move || (1..=3).for_each(|item| queue.put(item))
/// });
/// for item in 1..=3 {
///     assert_eq!(queue.get(), item);
///     queue.task_done().unwrap();
/// }
/// producer.join().unwrap();
/// queue.join();
/// assert_eq!(queue.try_get(), Err(Empty));
/// queue.put(4);
/// assert_eq!(queue.try_put(5), Err(Full(5)), "there is room for one");
/// ```
pub struct Queue<T> {
    /// Zero is no bound.
    maxsize: usize,
    state: Mutex<State<T>>,
    not_full: Condition,
    not_empty: Condition,
    all_done: Condition,
}

struct State<T> {
    items: VecDeque<T>,
    unfinished: usize,
    /// How often the last unfinished item was done.
    completions: u64,
}

impl<T> Queue<T> {
    /// A queue with room for so many items; with zero, for any number.
    pub fn new(maxsize: usize) -> Self {
        let state = State { items: VecDeque::new(), unfinished: 0, completions: 0 };
        Self {
            maxsize,
            state: Mutex::new(state),
            not_full: Condition::new(),
            not_empty: Condition::new(),
            all_done: Condition::new(),
        }
    }

    /// Waits for room, and puts the item in.
    pub fn put(&self, item: T) {
        let state = self.not_full.wait_for(self.state(), |state| self.has_room(state));
        self.push(state, item);
    }

    /// Puts the item in if there is room.
    ///
    /// # Errors
    /// If there is none; the item comes back.
    pub fn try_put(&self, item: T) -> Result<(), Full<T>> {
        self.put_timeout(item, Duration::ZERO)
    }

    /// Waits for at most this long for room, and puts the item in.
    ///
    /// # Errors
    /// If there was none in time; the item comes back.
    pub fn put_timeout(&self, item: T, timeout: Duration) -> Result<(), Full<T>> {
        let has_room = |state: &mut State<T>| self.has_room(state);
        let (state, in_time) = self.not_full.wait_for_timeout(self.state(), timeout, has_room);
        if !in_time {
            return Err(Full(item));
        }
        self.push(state, item);
        Ok(())
    }

    /// Waits for an item, and takes it out.
    pub fn get(&self) -> T {
        let state = self.not_empty.wait_for(self.state(), |state| !state.items.is_empty());
        self.pop(state)
    }

    /// Takes an item out if there is one.
    ///
    /// # Errors
    /// If there is none.
    pub fn try_get(&self) -> Result<T, Empty> {
        self.get_timeout(Duration::ZERO)
    }

    /// Waits for at most this long for an item, and takes it out.
    ///
    /// # Errors
    /// If there was none in time.
    pub fn get_timeout(&self, timeout: Duration) -> Result<T, Empty> {
        let has_item = |state: &mut State<T>| !state.items.is_empty();
        let (state, in_time) = self.not_empty.wait_for_timeout(self.state(), timeout, has_item);
        if !in_time {
            return Err(Empty);
        }
        Ok(self.pop(state))
    }

    /// How many items are in it. Others may change that at any time.
    pub fn len(&self) -> usize {
        self.state().items.len()
    }

    /// Whether no item is in it. Others may change that at any time.
    pub fn is_empty(&self) -> bool {
        self.state().items.is_empty()
    }

    /// Whether there is no room in it. Others may change that at any time.
    pub fn is_full(&self) -> bool {
        !self.has_room(&self.state())
    }

    /// Says that one of the items is done: whoever got it has done what was to be done with it.
    ///
    /// # Errors
    /// If as many are done as were put; then nothing changes.
    pub fn task_done(&self) -> Result<(), TooManyDone> {
        let mut state = self.state();
        state.unfinished = state.unfinished.checked_sub(1).ok_or(TooManyDone)?;
        if state.unfinished == 0 {
            state.completions += 1;
            // Else who is woken would run into the state's own lock.
            drop(state);
            self.all_done.notify_all();
        }
        Ok(())
    }

    /// Waits until every item that was put is done.
    pub fn join(&self) {
        self.join_timeout(Duration::MAX);
    }

    /// Waits for at most this long until every item that was put is done; says whether it was so.
    pub fn join_timeout(&self, timeout: Duration) -> bool {
        let state = self.state();
        let completions = state.completions;
        let was_done = |state: &mut State<T>| state.unfinished == 0 || state.completions != completions;
        self.all_done.wait_for_timeout(state, timeout, was_done).1
    }

    fn has_room(&self, state: &State<T>) -> bool {
        self.maxsize == 0 || state.items.len() < self.maxsize
    }

    fn push(&self, mut state: MutexGuard<'_, State<T>>, item: T) {
        state.items.push_back(item);
        // Not a moment later: as soon as the state is unlocked, somebody may get the item and be done with it.
        state.unfinished += 1;
        drop(state);
        self.not_empty.notify(1);
    }

    fn pop(&self, mut state: MutexGuard<'_, State<T>>) -> T {
        let item = state.items.pop_front().expect("whoever takes an item out has seen it");
        drop(state);
        self.not_full.notify(1);
        item
    }

    /// No item is dropped or shown with the state locked, so nothing of the caller's can panic there, and there is no
    /// poisoning to handle.
    fn state(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Debug for Queue<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (len, unfinished) = {
            let state = self.state();
            (state.items.len(), state.unfinished)
        };
        f.debug_struct("Queue")
            .field("maxsize", &self.maxsize)
            .field("len", &len)
            .field("unfinished", &unfinished)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
