//! Read–write locks, and the notebook's: many readers or one writer, with *reader preference*: readers may overtake.
//!
//! Invariant: while somebody writes, nobody else is inside.
//!
//! A lock is a [`PolicyLock`], which holds the value, and its [`Policy`]. The lock lends the value to whoever is
//! inside; the policy decides who may come in, and when (`lock_api` calls the like a raw lock). So one more policy is
//! one more lock: the notebook's stands here, and a [fair one](super::fair_read_write_lock) in a file of its own.
//!
//! In cell 27 readers count themselves in under a condition's lock, and a writer holds that very lock while it writes:
//! so nobody can be counted in beside it, and giving the lock back is all it takes to let the others in. While it
//! *waits* for the readers to be gone it has to give the lock up, and more readers come in. If each comes before the
//! last has left, the writer waits for ever; the fair policy makes them wait behind it.
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
use tokio::task::coop;
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
pub type ReadWriteLock<T> = PolicyLock<T, ReaderPreference>;

/// A value that many read or one writes, with a policy that decides who may come in, and when.
// `ReadWriteLock<T, P = ReaderPreference>` is the name not taken: a default is not inferred, so `ReadWriteLock::new(0)`
// would have to name its policy.
pub struct PolicyLock<T, P: Policy> {
    policy: P,
    /// Nobody ever waits for it: whoever is inside may have it. It is what lends the value out without `unsafe`.
    value: RwLock<T>,
}

impl<T, P: Policy> PolicyLock<T, P> {
    /// A lock over this value, with nobody inside.
    pub fn new(value: T) -> Self {
        Self { policy: P::default(), value: RwLock::new(value) }
    }

    /// Waits until the policy admits this one, and reads.
    ///
    /// Who reads already should know the policy before asking again: a [fair](super::fair_read_write_lock::Fair) one
    /// may make it wait for a writer who waits for it.
    ///
    /// # Cancel safety
    /// Dropping the future only gives up waiting.
    pub async fn read(&self) -> ReadGuard<'_, T, P> {
        self.policy.enter(Access::Read).await;
        self.lend()
    }

    /// Reads if the policy admits this one at once.
    pub fn try_read(&self) -> Option<ReadGuard<'_, T, P>> {
        self.policy.try_enter(Access::Read).then(|| self.lend())
    }

    /// Waits for at most this long until the policy admits this one, and reads.
    ///
    /// # Cancel safety
    /// As [`read`](Self::read).
    pub async fn read_timeout(&self, timeout: Duration) -> Option<ReadGuard<'_, T, P>> {
        coop::consume_budget().await;
        match self.try_read() {
            // A timer of zero would still let a millisecond pass.
            None if !timeout.is_zero() => time::timeout(timeout, self.read()).await.ok(),
            at_once => at_once,
        }
    }

    /// Waits until the policy admits this one, and writes.
    ///
    /// # Cancel safety
    /// As [`read`](Self::read).
    pub async fn write(&self) -> WriteGuard<'_, T, P> {
        self.policy.enter(Access::Write).await;
        self.lend_mut()
    }

    /// Writes if the policy admits this one at once.
    pub fn try_write(&self) -> Option<WriteGuard<'_, T, P>> {
        self.policy.try_enter(Access::Write).then(|| self.lend_mut())
    }

    /// Waits for at most this long until the policy admits this one, and writes.
    ///
    /// # Cancel safety
    /// As [`read`](Self::read).
    pub async fn write_timeout(&self, timeout: Duration) -> Option<WriteGuard<'_, T, P>> {
        coop::consume_budget().await;
        match self.try_write() {
            None if !timeout.is_zero() => time::timeout(timeout, self.write()).await.ok(),
            at_once => at_once,
        }
    }

    /// How many read.
    pub fn readers(&self) -> usize {
        self.policy.inside().readers
    }

    /// Whether somebody writes.
    pub fn is_writing(&self) -> bool {
        self.policy.inside().writing
    }

    /// The value, when nobody needs the lock any more.
    pub fn into_inner(self) -> T {
        self.value.into_inner()
    }

    /// The value, for one who has come in to read.
    fn lend(&self) -> ReadGuard<'_, T, P> {
        let place = Place { policy: &self.policy, access: Access::Read };
        let value = self.value.try_read().expect("nobody writes while somebody reads");
        ReadGuard { value, _place: place }
    }

    /// The value, for one who has come in to write.
    fn lend_mut(&self) -> WriteGuard<'_, T, P> {
        let place = Place { policy: &self.policy, access: Access::Write };
        let value = self.value.try_write().expect("nobody else is inside");
        WriteGuard { value, _place: place }
    }
}

impl<T, P: Policy> Debug for PolicyLock<T, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inside { readers, writing } = self.policy.inside();
        f.debug_struct(P::NAME).field("readers", &readers).field("writing", &writing).finish_non_exhaustive()
    }
}

/// Reads until it is dropped, also by a panic or an abort.
#[must_use = "a guard that is dropped at once protects nothing"]
#[derive(Debug)]
pub struct ReadGuard<'a, T, P: Policy> {
    // Dropped in this order: the value is given back before another can come for it.
    value: RwLockReadGuard<'a, T>,
    _place: Place<'a, P>,
}

impl<T, P: Policy> Deref for ReadGuard<'_, T, P> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

/// Writes until it is dropped, also by a panic or an abort; what it has written until then stays.
#[must_use = "a guard that is dropped at once protects nothing"]
#[derive(Debug)]
pub struct WriteGuard<'a, T, P: Policy> {
    // Dropped in this order, as a reader's.
    value: RwLockWriteGuard<'a, T>,
    _place: Place<'a, P>,
}

impl<T, P: Policy> Deref for WriteGuard<'_, T, P> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T, P: Policy> DerefMut for WriteGuard<'_, T, P> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.value
    }
}

/// A place inside. Dropped, it is free for another.
#[derive(Debug)]
struct Place<'a, P: Policy> {
    policy: &'a P,
    access: Access,
}

impl<P: Policy> Drop for Place<'_, P> {
    fn drop(&mut self) {
        self.policy.leave(self.access);
    }
}

/// Who may come in, and when: everybody enters and leaves through it. While somebody writes, no policy admits anybody
/// else.
pub trait Policy: Debug + Default + Send + Sync {
    /// What a lock with this policy is called.
    const NAME: &'static str;

    /// Waits until one may come in, and counts it in.
    ///
    /// For how long is not the policy's affair, because whoever waits for a future may drop it.
    ///
    /// # Cancel safety
    /// Dropping the future only gives up waiting: it counts nobody in, and nobody else then waits in vain.
    fn enter(&self, access: Access) -> impl Future<Output = ()> + Send;

    /// Counts one in if it may come in at once, and says whether it did.
    fn try_enter(&self, access: Access) -> bool;

    /// Counts out one who came in for this, and wakes who may come in now.
    fn leave(&self, access: Access);

    /// Who is inside.
    fn inside(&self) -> Inside;
}

/// What somebody comes for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// To read, beside others who read.
    Read,
    /// To write, alone.
    Write,
}

/// Who is inside, as a policy counts them.
#[derive(Debug, Clone, Copy, Default)]
pub struct Inside {
    /// How many read.
    pub readers: usize,
    /// Whether somebody writes.
    pub writing: bool,
}

impl Inside {
    /// Whether there is room for one more.
    pub fn admits(&self, access: Access) -> bool {
        !self.writing && (access == Access::Read || self.readers == 0)
    }

    /// One more came in.
    pub fn count_in(&mut self, access: Access) {
        match access {
            Access::Read => self.readers += 1,
            Access::Write => self.writing = true,
        }
    }

    /// One of them left.
    pub fn count_out(&mut self, access: Access) {
        match access {
            Access::Read => self.readers -= 1,
            Access::Write => self.writing = false,
        }
    }
}

/// The notebook's policy: whoever finds room comes in, so that readers may overtake a writer who waits.
///
/// Who reads already may come in to read again.
#[derive(Debug, Default)]
pub struct ReaderPreference {
    state: Mutex<Inside>,
    nobody_writes: Notify,
    nobody_inside: Notify,
}

impl Policy for ReaderPreference {
    const NAME: &'static str = "ReadWriteLock";

    // A writer that was woken and is dropped leaves its wakeup to the next: `Notify` sees to that.
    async fn enter(&self, access: Access) {
        coop::consume_budget().await;
        let admitted = match access {
            Access::Read => &self.nobody_writes,
            Access::Write => &self.nobody_inside,
        };
        loop {
            // Made before the state is looked at, so that it hears of who leaves in between.
            let admitted = admitted.notified();
            if self.try_enter(access) {
                return;
            }
            admitted.await;
        }
    }

    fn try_enter(&self, access: Access) -> bool {
        let mut inside = self.state();
        let admitted = inside.admits(access);
        if admitted {
            inside.count_in(access);
        }
        admitted
    }

    fn leave(&self, access: Access) {
        let mut inside = self.state();
        inside.count_out(access);
        let wakes_a_writer = inside.admits(Access::Write);
        // A waker may run anything, also what asks for the state.
        drop(inside);
        self.nobody_writes.notify_waiters();
        // One is enough, if others come first too: the last of those who are inside then wakes it again. And if none
        // waits, this is kept for the next, which then looks once in vain.
        if wakes_a_writer {
            self.nobody_inside.notify_one();
        }
    }

    fn inside(&self) -> Inside {
        *self.state()
    }
}

impl ReaderPreference {
    /// Nobody panics between two changes of the state, so poisoning can be ignored. The guard is gone before any
    /// `.await`.
    fn state(&self) -> MutexGuard<'_, Inside> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
pub(super) mod tests;
