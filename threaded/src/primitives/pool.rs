//! A pool: a few workers, to which jobs go in turn.
//!
//! Invariant: every job that was accepted is run once or cancelled once, and its handle says which.
//!
//! The jobs go through a channel, so that their order, the waiting for the next one and the end are the channel's: a
//! pool that is shut down has dropped its sender. `std`'s channel has a single receiver, which the workers share
//! behind a mutex: one of them waits in the channel, the others for the mutex. A queue of our own, with a condition
//! `not_empty`, is the choice not taken: it would say the same at greater length.
//!
//! The threads are not the pool's own secret. Whoever makes the pool may spawn them, and have each do something around
//! its work, with something that its jobs then get to see: that is how a worker here can be an actor.

use std::fmt::{self, Debug};
use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, SendError, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::thread::{self, JoinHandle, ThreadId};

use shared::Actor;

use super::handle::{Handle, JobError, Promise, Tally};
use crate::Perform as _;

pub use shared::misuse::ShutDown;

/// Workers that run jobs. Each job gets a clone of its worker's context, which is nothing unless
/// [made otherwise](Pool::with).
///
/// Dropping a pool is [`shutdown(true)`](Pool::shutdown), as leaving a `with` block is in the notebook: what was
/// submitted is run, and nothing outlives the block, also when a panic leaves it.
///
/// ```
/// use threaded::primitives::pool::{Pool, ShutDown};
///
/// let pool = Pool::new(3);
/// let handle = pool.submit(|()| 2 + 2).unwrap();
/// let squares = pool.map(1..=4, |(), n| n * n).unwrap();
/// assert_eq!(squares, [1, 4, 9, 16].map(Ok));
///
/// pool.shutdown(true);
/// assert_eq!(handle.result(), Ok(4));
/// assert_eq!(pool.submit(|()| 2 + 2).unwrap_err(), ShutDown);
/// ```
///
/// A job that waits for a job of the same pool keeps a worker from it. If all workers do that they wait for ever, so
/// with a single one this must not be [`result`](Handle::result):
///
/// ```
/// use std::sync::Arc;
/// use std::time::Duration;
/// use threaded::primitives::pool::Pool;
///
/// let pool = Arc::new(Pool::new(1));
/// let outer = pool.submit({
///     let pool = Arc::clone(&pool);
///     move |()| pool.submit(|()| 1).unwrap().result_timeout(Duration::from_millis(1))
/// });
/// assert_eq!(outer.unwrap().result(), Ok(None));
/// ```
pub struct Pool<C = ()> {
    /// Where the jobs go in; nowhere, once the pool is shut down.
    entrance: Mutex<Option<Sender<Job<C>>>>,
    /// Where they come out, as long as there is a worker. When the last has gone, what is left in it is dropped.
    queue: Weak<Queue<C>>,
    workers: Mutex<Vec<JoinHandle<()>>>,
    ids: Vec<ThreadId>,
    submitted: AtomicUsize,
    tally: Tally,
}

type Queue<C> = Mutex<Receiver<Job<C>>>;

/// A job with its promise: dropped instead of called, it is cancelled.
type Job<C> = Box<dyn FnOnce(C) + Send>;

impl Pool {
    /// A pool of so many workers.
    ///
    /// # Panics
    /// With no worker at all.
    pub fn new(workers: usize) -> Self {
        Self::with(workers, |_, work| thread::spawn(move || work.run(())))
    }
}

impl Pool<Arc<Actor>> {
    /// A pool whose workers are these actors. Each job gets the one that runs it, and speaks as that.
    ///
    /// ```
    /// use shared::creating::daemon::Step;
    /// use shared::{Pace, Setting, Side, Stage};
    /// use std::time::Duration;
    /// use threaded::primitives::pool::Pool;
    /// use threaded::pause;
    ///
    /// let stage = Stage::new(Setting { pace: Pace::ZERO, ..Setting::new("pool", Side::Threaded) });
    /// let pool = Pool::of_actors((0..3).map(|number| stage.actor("pool-worker", number)));
    /// let answers = pool.map(0..5, move |worker, index| {
    ///     worker.says(Step::Normal { index });
    ///     pause(&worker, Duration::from_millis(200));
    ///     index * index
    /// });
    /// assert_eq!(answers.unwrap(), [0, 1, 4, 9, 16].map(Ok));
    /// ```
    ///
    /// # Panics
    /// With no worker at all.
    pub fn of_actors(actors: impl IntoIterator<Item = Actor>) -> Self {
        let actors: Vec<_> = actors.into_iter().collect();
        let (workers, mut actors) = (actors.len(), actors.into_iter());
        Self::with(workers, |_, work| {
            let actor = actors.next().expect("there are as many as workers");
            thread::spawn(actor.perform(move |worker| work.run(Arc::new(worker))))
        })
    }
}

impl<C> Pool<C> {
    /// A pool of so many workers, each of which is spawned by the caller, who gets its number, from 0 up. The thread
    /// must do the work, with a context that is its own.
    ///
    /// # Panics
    /// With no worker at all.
    pub fn with(workers: usize, mut spawn: impl FnMut(usize, Work<C>) -> JoinHandle<()>) -> Self {
        assert!(workers > 0, "a pool needs at least one worker");
        let (entrance, queue) = mpsc::channel();
        let queue = Arc::new(Mutex::new(queue));
        let spawn = |number| spawn(number, Work { queue: Arc::clone(&queue) });
        let workers: Vec<_> = (0..workers).map(spawn).collect();
        Self {
            entrance: Mutex::new(Some(entrance)),
            queue: Arc::downgrade(&queue),
            ids: workers.iter().map(|worker| worker.thread().id()).collect(),
            workers: Mutex::new(workers),
            submitted: AtomicUsize::new(0),
            tally: Tally::default(),
        }
    }

    /// How many workers the pool was made with.
    pub fn workers(&self) -> usize {
        self.ids.len()
    }

    /// Queues a job, which is run by the first worker that is free.
    ///
    /// # Errors
    /// If the pool is shut down, or none of its workers is left.
    pub fn submit<T>(&self, job: impl FnOnce(C) -> T + Send + 'static) -> Result<Handle<T>, ShutDown>
    where
        T: Send + Sync + 'static,
    {
        let number = self.submitted.fetch_add(1, Ordering::Relaxed);
        let (promise, handle) = Promise::new(number, Arc::clone(&self.tally));
        let job: Job<C> = Box::new(move |context| promise.keep(|| job(context)));
        // A job that is refused comes back, and is dropped when nothing is locked: it may own anything.
        let sent = match &*self.entrance() {
            Some(entrance) => entrance.send(job),
            None => Err(SendError(job)),
        };
        sent.map(|()| handle).map_err(|_| ShutDown)
    }

    /// Runs this for each item, and waits for all; the results are in the order of the items.
    ///
    /// # Errors
    /// If the pool is, or meanwhile was, shut down. What had been submitted is run nevertheless.
    pub fn map<I, T>(
        &self,
        items: impl IntoIterator<Item = I>,
        f: impl FnOnce(C, I) -> T + Clone + Send + 'static,
    ) -> Result<Vec<Result<T, JobError>>, ShutDown>
    where
        I: Send + 'static,
        T: Clone + Send + Sync + 'static,
    {
        let submit = |item| {
            let f = f.clone();
            self.submit(move |context| f(context, item))
        };
        let handles = items.into_iter().map(submit).collect::<Result<Vec<_>, _>>()?;
        Ok(handles.iter().map(Handle::result).collect())
    }

    /// Accepts no more jobs. To `wait` is to have those that are queued run first, until the last worker has ended; not
    /// to wait is to cancel them and to return at once, while those that run go on to their end. (In Python,
    /// `shutdown(wait=False)` has them run; this is `shutdown(wait=False, cancel_futures=True)`, because what nobody
    /// waits for had better not go on behind everybody's back.)
    ///
    /// It may be called again, also with the other choice. A job of the pool itself can't wait for its worker's end:
    /// called from there, or dropped there, the pool only accepts no more.
    pub fn shutdown(&self, wait: bool) {
        drop(self.entrance().take());
        if !wait {
            self.cancel_queued();
        } else if !self.ids.contains(&thread::current().id()) {
            // Who comes second waits here for the first.
            let mut workers = self.workers.lock().unwrap_or_else(PoisonError::into_inner);
            for worker in workers.drain(..) {
                // A job's panic is its handle's; what else a worker panicked with, the panic hook has reported.
                let _ = worker.join();
            }
        }
    }

    fn cancel_queued(&self) {
        let Some(queue) = self.queue.upgrade() else { return };
        let queued: Vec<_> = queue.lock().unwrap_or_else(PoisonError::into_inner).try_iter().collect();
        // Only now, with nothing locked: callbacks are called.
        drop(queued);
    }

    /// Nobody panics with the entrance locked, so poisoning can be ignored.
    fn entrance(&self) -> MutexGuard<'_, Option<Sender<Job<C>>>> {
        self.entrance.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<C> Drop for Pool<C> {
    fn drop(&mut self) {
        self.shutdown(true);
    }
}

impl<C> Debug for Pool<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool")
            .field("workers", &self.workers())
            .field("submitted", &self.submitted)
            .field("shut_down", &self.entrance().is_none())
            .finish_non_exhaustive()
    }
}

/// What a worker does: one job after another, until the pool is shut down and no job is left.
#[must_use = "a pool whose workers don't work is shut down"]
pub struct Work<C> {
    queue: Arc<Queue<C>>,
}

impl<C: Clone> Work<C> {
    /// Works, with this context for each job.
    pub fn run(self, context: C) {
        while let Some(job) = self.next() {
            // A job's own panic is caught already. What it leaves behind may still panic, when it is dropped.
            let _ = panic::catch_unwind(AssertUnwindSafe(|| job(context.clone())));
        }
    }

    /// Not in the loop's head: there the queue would stay locked as long as the job runs.
    fn next(&self) -> Option<Job<C>> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
    }
}

impl<C> Debug for Work<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Work").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
