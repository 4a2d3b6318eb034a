//! A condition: waiting, with a lock released, until somebody says that something has changed.
//!
//! Invariant: whoever begins to wait before a notification may be woken by it, and nobody who begins later is.
//!
//! tokio has none. Its `Notify` is the choice not taken: `notify_one` without a waiter is remembered, and would wake
//! somebody who begins to wait later. Here each waiter is a one-shot channel in a queue, so that a notification wakes
//! exactly as many as it says, first come, first served.
//!
//! There are no spurious wakeups here, and what is waited for is checked in a loop all the same: between a notification and
//! the waiter's next poll, another task may take the lock and what was there.
//!
//! Waiting takes the guard by value and gives it back. A future that kept it would have to take the lock again when it
//! is dropped, and a destructor can't wait.

use std::collections::VecDeque;
use std::sync::{self, PoisonError};
use std::time::Duration;

use tokio::sync::{MutexGuard, oneshot};
use tokio::time::{self, Instant};

/// Something that may change while a lock is released.
///
/// ```
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// use asynchronous::primitives::condition::Condition;
/// use std::sync::Arc;
/// use tokio::sync::Mutex;
/// use tokio::task;
///
/// let shared = Arc::new((Mutex::new(false), Condition::new()));
/// let waiter = task::spawn({
///     let shared = Arc::clone(&shared);
///     async move {
///         let (ready, condition) = &*shared;
///         *condition.wait_for(ready.lock().await, |ready| *ready).await
///     }
/// });
/// let (ready, condition) = &*shared;
/// *ready.lock().await = true;
/// condition.notify_all();
/// assert!(waiter.await.unwrap());
/// # });
/// ```
#[derive(Debug, Default)]
pub struct Condition {
    queue: sync::Mutex<Queue>,
}

#[derive(Debug, Default)]
struct Queue {
    /// How many have ever begun to wait, which is the number of the next.
    begun: u64,
    /// Who waits, by number, the first at the front. It learns how many had begun when it was notified.
    waiting: VecDeque<(u64, oneshot::Sender<u64>)>,
}

impl Condition {
    /// A condition on which nobody waits.
    pub fn new() -> Self {
        Self::default()
    }

    /// Releases the lock, waits for a notification, and takes the lock again.
    ///
    /// # Cancel safety
    /// Dropping the future gives up waiting, and the lock with it. A notification that it had got goes to the next.
    ///
    /// Nobody can wait without the lock (CPython: `test_unacquired_wait`):
    ///
    /// ```compile_fail,E0061
    /// use asynchronous::primitives::condition::Condition;
    ///
    /// let _ = Condition::new().wait();
    /// ```
    pub async fn wait<'a, T>(&self, guard: MutexGuard<'a, T>) -> MutexGuard<'a, T> {
        let mutex = MutexGuard::mutex(&guard);
        let mut waiter = Waiter::new(self);
        drop(guard);
        waiter.notified().await;
        let guard = mutex.lock().await;
        waiter.consume();
        guard
    }

    /// Releases the lock, waits for at most this long for a notification, and takes the lock again; says whether there
    /// was one.
    ///
    /// # Cancel safety
    /// As [`wait`](Self::wait).
    pub async fn wait_timeout<'a, T>(
        &self,
        guard: MutexGuard<'a, T>,
        timeout: Duration,
    ) -> (MutexGuard<'a, T>, bool) {
        let mutex = MutexGuard::mutex(&guard);
        let mut waiter = Waiter::new(self);
        drop(guard);
        // A timer of zero would still let a millisecond pass.
        if !timeout.is_zero() {
            // Whether it came is asked below: it may still come while the lock is waited for.
            let _ = time::timeout(timeout, waiter.notified()).await;
        }
        let guard = mutex.lock().await;
        (guard, waiter.consume())
    }

    /// Waits until the predicate holds, which is asked with the lock held: before the first wait, and after each.
    ///
    /// # Cancel safety
    /// As [`wait`](Self::wait).
    pub async fn wait_for<'a, T>(
        &self,
        mut guard: MutexGuard<'a, T>,
        mut predicate: impl FnMut(&mut T) -> bool,
    ) -> MutexGuard<'a, T> {
        while !predicate(&mut guard) {
            guard = self.wait(guard).await;
        }
        guard
    }

    /// Waits for at most this long, over all waits together, until the predicate holds; says whether it does.
    ///
    /// # Cancel safety
    /// As [`wait`](Self::wait).
    pub async fn wait_for_timeout<'a, T>(
        &self,
        mut guard: MutexGuard<'a, T>,
        timeout: Duration,
        mut predicate: impl FnMut(&mut T) -> bool,
    ) -> (MutexGuard<'a, T>, bool) {
        // Beyond the end of the clock there is no deadline.
        let deadline = Instant::now().checked_add(timeout);
        while !predicate(&mut guard) {
            let left =
                deadline.map_or(Duration::MAX, |deadline| deadline.saturating_duration_since(Instant::now()));
            if left.is_zero() {
                return (guard, false);
            }
            (guard, _) = self.wait_timeout(guard, left).await;
        }
        (guard, true)
    }

    /// Wakes so many of those who wait, or all if they are fewer.
    ///
    /// It may be called without the lock.
    pub fn notify(&self, count: usize) {
        let begun = self.queue().begun;
        self.notify_before(begun, count);
    }

    /// Wakes all who wait.
    pub fn notify_all(&self) {
        self.notify(usize::MAX);
    }

    /// Wakes so many of those who wait and have a number below this.
    fn notify_before(&self, begun: u64, count: usize) {
        let mut notified = 0;
        // The queue is not locked while somebody is woken: a waker may run anything, also what drops a waiter.
        while notified < count
            && let Some(waiter) = self.leave_before(begun)
        {
            // Who has given up is unknown, and doesn't count.
            notified += usize::from(waiter.send(begun).is_ok());
        }
    }

    /// Takes the first out of the queue, if its number is below this.
    fn leave_before(&self, begun: u64) -> Option<oneshot::Sender<u64>> {
        let first = self.queue().waiting.pop_front_if(|(number, _)| *number < begun);
        first.map(|(_, waiter)| waiter)
    }

    /// Nobody panics between two changes of the queue, so poisoning can be ignored.
    fn queue(&self) -> sync::MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One who waits. Dropped with a notification that it did not consume, it passes that on to the next of those who
/// waited when it was made.
#[derive(Debug)]
struct Waiter<'a> {
    condition: &'a Condition,
    number: u64,
    notification: oneshot::Receiver<u64>,
    /// The notification, once it has been taken out of its channel.
    notified: Option<u64>,
    consumed: bool,
}

impl<'a> Waiter<'a> {
    fn new(condition: &'a Condition) -> Self {
        let (sender, notification) = oneshot::channel();
        let mut queue = condition.queue();
        let number = queue.begun;
        queue.begun += 1;
        queue.waiting.push_back((number, sender));
        Self { condition, number, notification, notified: None, consumed: false }
    }

    async fn notified(&mut self) {
        let notification = (&mut self.notification).await;
        self.notified = Some(notification.expect("a sender leaves the queue only to send"));
    }

    /// The notification, if it has come; from now on, it can't any more.
    fn close(&mut self) -> Option<u64> {
        self.notification.close();
        self.notified = self.notified.or_else(|| self.notification.try_recv().ok());
        self.notified
    }

    /// Returns from the wait; says whether it was notified.
    fn consume(&mut self) -> bool {
        self.consumed = true;
        self.close().is_some()
    }

    /// Takes itself out of the queue.
    fn leave(&self) {
        let mut queue = self.condition.queue();
        let place = queue.waiting.binary_search_by_key(&self.number, |(number, _)| *number);
        let sender = place.ok().and_then(|place| queue.waiting.remove(place));
        // The sender may be the last to own a waker, and that may own anything: the queue is unlocked first.
        drop(queue);
        drop(sender);
    }
}

impl Drop for Waiter<'_> {
    fn drop(&mut self) {
        match self.close() {
            None => self.leave(),
            Some(begun) if !self.consumed => self.condition.notify_before(begun, 1),
            Some(_) => {}
        }
    }
}

#[cfg(test)]
mod tests;
