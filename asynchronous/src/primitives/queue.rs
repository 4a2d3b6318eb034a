//! A queue: who puts an item waits while there is no room, who gets one waits while there is none.
//!
//! Invariant: items come out in the order in which they went in, each of them once. `unfinished` is how many went in
//! less how many were said to be done, and counts an item from the moment that it is in.
//!
//! It is built as CPython's `queue.py`: one mutex, and a notification for each thing that is waited for. A future
//! tries, waits, and tries again: an item goes in or comes out within one poll, so a future that is dropped has done
//! nothing. Two choices not taken: beside an `async_channel`, what is unfinished can't be counted in the same step in
//! which an item goes in; and with one semaphore for the items and one for the room, somebody could learn that the
//! queue is empty while an item is in it, whose permit is on its way.
//!
//! Who has waited longest is woken first, but a newcomer that comes before it runs takes the item (*barging*). A `join`
//! returns when all was done while it waited, even if a put follows at once (see `event.rs`).

use std::collections::VecDeque;
use std::fmt::{self, Debug};
use std::pin::pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::task::coop;
use tokio::time;

pub use shared::misuse::{Empty, Full, TooManyDone};

/// Items on their way from those who put them to those who get them, first in, first out.
///
/// ```
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// use asynchronous::primitives::queue::{Empty, Full, Queue};
/// use std::sync::Arc;
/// use tokio::task;
///
/// let queue = Arc::new(Queue::new(1));
/// let producer = task::spawn({
///     let queue = Arc::clone(&queue);
///     async move {
///         for item in 1..=3 {
///             queue.put(item).await;
///         }
///     }
/// });
/// for item in 1..=3 {
///     assert_eq!(queue.get().await, item);
///     queue.task_done().unwrap();
/// }
/// producer.await.unwrap();
/// queue.join().await;
/// assert_eq!(queue.try_get(), Err(Empty));
/// queue.put(4).await;
/// assert_eq!(queue.try_put(5), Err(Full(5)), "there is room for one");
/// # });
/// ```
pub struct Queue<T> {
    /// Zero is no bound.
    maxsize: usize,
    state: Mutex<State<T>>,
    not_full: Notify,
    not_empty: Notify,
    all_done: Notify,
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
            not_full: Notify::new(),
            not_empty: Notify::new(),
            all_done: Notify::new(),
        }
    }

    /// Waits for room, and puts the item in.
    ///
    /// # Cancel safety
    /// Dropping the future gives up waiting, and drops the item, which was not put in.
    pub async fn put(&self, item: T) {
        let mut item = Some(item);
        retry(&self.not_full, || self.push(&mut item)).await;
    }

    /// Puts the item in if there is room.
    ///
    /// # Errors
    /// If there is none; the item comes back.
    pub fn try_put(&self, item: T) -> Result<(), Full<T>> {
        let mut item = Some(item);
        self.push(&mut item);
        item.map_or(Ok(()), |item| Err(Full(item)))
    }

    /// Waits for at most this long for room, and puts the item in.
    ///
    /// # Errors
    /// If there was none in time; the item comes back.
    ///
    /// # Cancel safety
    /// As [`put`](Self::put).
    pub async fn put_timeout(&self, item: T, timeout: Duration) -> Result<(), Full<T>> {
        // A timer of zero would still let a millisecond pass.
        if timeout.is_zero() {
            coop::consume_budget().await;
            return self.try_put(item);
        }
        let mut item = Some(item);
        // Whether it went in, the item shows.
        let _ = time::timeout(timeout, retry(&self.not_full, || self.push(&mut item))).await;
        item.map_or(Ok(()), |item| Err(Full(item)))
    }

    /// Waits for an item, and takes it out.
    ///
    /// # Cancel safety
    /// Dropping the future gives up waiting and takes nothing; a notification that it had got goes to the next.
    pub async fn get(&self) -> T {
        retry(&self.not_empty, || self.pop()).await
    }

    /// Takes an item out if there is one.
    ///
    /// # Errors
    /// If there is none.
    pub fn try_get(&self) -> Result<T, Empty> {
        self.pop().ok_or(Empty)
    }

    /// Waits for at most this long for an item, and takes it out.
    ///
    /// # Errors
    /// If there was none in time.
    ///
    /// # Cancel safety
    /// As [`get`](Self::get).
    pub async fn get_timeout(&self, timeout: Duration) -> Result<T, Empty> {
        // A timer of zero would still let a millisecond pass.
        if timeout.is_zero() {
            coop::consume_budget().await;
            return self.try_get();
        }
        time::timeout(timeout, self.get()).await.map_err(|_| Empty)
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
            // A waker may run anything, also what asks for the state.
            drop(state);
            self.all_done.notify_waiters();
        }
        Ok(())
    }

    /// Waits until every item that was put is done.
    ///
    /// # Cancel safety
    /// Dropping the future only gives up waiting.
    pub async fn join(&self) {
        let completions = self.state().completions;
        let was_done = || {
            let state = self.state();
            (state.unfinished == 0 || state.completions != completions).then_some(())
        };
        retry(&self.all_done, was_done).await;
    }

    /// Waits for at most this long until every item that was put is done; says whether it was so.
    ///
    /// # Cancel safety
    /// As [`join`](Self::join).
    pub async fn join_timeout(&self, timeout: Duration) -> bool {
        // A timer of zero would still let a millisecond pass.
        if timeout.is_zero() {
            coop::consume_budget().await;
            return self.state().unfinished == 0;
        }
        time::timeout(timeout, self.join()).await.is_ok()
    }

    fn has_room(&self, state: &State<T>) -> bool {
        self.maxsize == 0 || state.items.len() < self.maxsize
    }

    /// Puts the item in, and leaves none behind, if there is room.
    fn push(&self, item: &mut Option<T>) -> Option<()> {
        let mut state = self.state();
        if !self.has_room(&state) {
            return None;
        }
        state.items.push_back(item.take()?);
        // Not a moment later: as soon as the state is unlocked, somebody may get the item and be done with it.
        state.unfinished += 1;
        drop(state);
        self.not_empty.notify_one();
        Some(())
    }

    fn pop(&self) -> Option<T> {
        let item = self.state().items.pop_front()?;
        self.not_full.notify_one();
        Some(item)
    }

    /// No item is dropped or shown with the state locked, so nothing of the caller's can panic there, and there is no
    /// poisoning to handle. The guard is gone before any `.await`.
    fn state(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Tries until it succeeds, and waits in between until it may be worth it: the loop that the documentation of tokio's
/// `Notified::enable` has for a channel with many receivers.
async fn retry<R>(changed: &Notify, mut attempt: impl FnMut() -> Option<R>) -> R {
    coop::consume_budget().await;
    // To stand in line costs, and whoever needn't wait needn't stand there.
    if let Some(result) = attempt() {
        return result;
    }
    loop {
        let mut changed = pin!(changed.notified());
        // It stands in line before it tries, so that it hears of a change in between.
        changed.as_mut().enable();
        if let Some(result) = attempt() {
            return result;
        }
        changed.await;
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
