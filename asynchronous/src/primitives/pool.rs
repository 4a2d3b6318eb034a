//! A pool: a few workers, to which jobs go in turn.
//!
//! Invariant: every job that was accepted is run once or cancelled once, and its handle says which.
//!
//! The jobs go through a channel, so that their order, the waiting for the next one and the end are the channel's: a
//! pool that is shut down has closed it. A task for each job, with a semaphore for as many as may run at once, is the
//! choice not taken. It would be shorter, and no pool: a task is cheap enough to be made anew, so tasks need workers
//! only where jobs share what a worker keeps, as a connection, or where their number is the point.
//!
//! The tasks are not the pool's own secret. Whoever makes the pool may spawn them, and have each do something around
//! its work, with something that its jobs then get to see: that is how a worker here is an actor.

use std::fmt::{self, Debug};
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Weak};

use async_channel::{Receiver, Sender};
use futures::FutureExt as _;
use futures::future::{BoxFuture, join_all};
use shared::Actor;
use tokio::sync::Mutex;
use tokio::task::{self, JoinHandle};

use super::handle::{Handle, JobError, Promise, Tally};
use crate::Perform as _;

pub use shared::misuse::ShutDown;

/// Workers that run jobs. Each job gets a clone of its worker's context, which is nothing unless
/// [made otherwise](Pool::with).
///
/// Dropping a pool is as much of [`shutdown(true)`](Pool::shutdown) as a destructor can do, which can't wait: what was
/// submitted is run, but may outlive the block. So leaving a `with` block, as in the notebook, is to await
/// `shutdown(true)` at the end of the block.
///
/// ```
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// use asynchronous::primitives::pool::{Pool, ShutDown};
///
/// let pool = Pool::new(3);
/// let handle = pool.submit(async |()| 2 + 2).unwrap();
/// let squares = pool.map(1..=4, async |(), n| n * n).await.unwrap();
/// assert_eq!(squares, [1, 4, 9, 16].map(Ok));
///
/// pool.shutdown(true).await;
/// assert_eq!(handle.result().await, Ok(4));
/// assert_eq!(pool.submit(async |()| 2 + 2).unwrap_err(), ShutDown);
/// # });
/// ```
///
/// A job that waits for a job of the same pool keeps a worker from it. If all workers do that they wait for ever, so
/// with a single one this must not be [`result`](Handle::result):
///
/// ```
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// use asynchronous::primitives::pool::Pool;
/// use std::sync::Arc;
/// use std::time::Duration;
///
/// let pool = Arc::new(Pool::new(1));
/// let outer = pool.submit({
///     let pool = Arc::clone(&pool);
///     async move |()| pool.submit(async |()| 1).unwrap().result_timeout(Duration::from_millis(1)).await
/// });
/// assert_eq!(outer.unwrap().result().await, Ok(None));
/// # });
/// ```
pub struct Pool<C = ()> {
    /// Where the jobs go in.
    entrance: Sender<Job<C>>,
    /// Where they come out, as long as there is a worker.
    queue: Weak<Queue<C>>,
    workers: Mutex<Vec<JoinHandle<()>>>,
    ids: Vec<task::Id>,
    submitted: AtomicUsize,
    tally: Tally,
}

/// What comes out is the workers': when the last of them has gone, what is left in it is dropped.
struct Queue<C>(Receiver<Job<C>>);

/// A job with its promise: dropped instead of called, or before its future is ready, it is cancelled.
type Job<C> = Box<dyn FnOnce(C) -> BoxFuture<'static, ()> + Send>;

impl Pool {
    /// A pool of so many workers.
    ///
    /// # Panics
    /// With no worker at all, or outside of a runtime.
    pub fn new(workers: usize) -> Self {
        Self::with(workers, |_, work| task::spawn(work.run(())))
    }
}

impl Pool<Arc<Actor>> {
    /// A pool whose workers are these actors. Each job gets the one that runs it, and speaks as that.
    ///
    /// ```
    /// # tokio::runtime::Runtime::new().unwrap().block_on(async {
    /// use asynchronous::primitives::pool::Pool;
    /// use asynchronous::pause;
    /// use shared::creating::daemon::Step;
    /// use shared::{Pace, Setting, Side, Stage};
    /// use std::time::Duration;
    ///
    /// let stage = Stage::new(Setting { pace: Pace::ZERO, ..Setting::new("pool", Side::Asynchronous) });
    /// let pool = Pool::of_actors((0..3).map(|number| stage.actor("pool-worker", number)));
    /// let answers = pool.map(0..5, async move |worker, index| {
    ///     worker.says(Step::Normal { index });
    ///     pause(&worker, Duration::from_millis(200)).await;
    ///     index * index
    /// });
    /// assert_eq!(answers.await.unwrap(), [0, 1, 4, 9, 16].map(Ok));
    /// # });
    /// ```
    ///
    /// # Panics
    /// With no worker at all, or outside of a runtime.
    pub fn of_actors(actors: impl IntoIterator<Item = Actor>) -> Self {
        let actors: Vec<_> = actors.into_iter().collect();
        let (workers, mut actors) = (actors.len(), actors.into_iter());
        Self::with(workers, |_, work| {
            let actor = actors.next().expect("there are as many as workers");
            task::spawn(actor.perform(async move |worker| work.run(Arc::new(worker)).await))
        })
    }
}

impl<C> Pool<C> {
    /// A pool of so many workers, each of which is spawned by the caller, who gets its number, from 0 up. The task
    /// must do the work, with a context that is its own.
    ///
    /// # Panics
    /// With no worker at all.
    pub fn with(workers: usize, mut spawn: impl FnMut(usize, Work<C>) -> JoinHandle<()>) -> Self {
        assert!(workers > 0, "a pool needs at least one worker");
        let (entrance, queue) = async_channel::unbounded();
        let queue = Arc::new(Queue(queue));
        let spawn = |number| spawn(number, Work { queue: Arc::clone(&queue) });
        let workers: Vec<_> = (0..workers).map(spawn).collect();
        Self {
            entrance,
            queue: Arc::downgrade(&queue),
            ids: workers.iter().map(JoinHandle::id).collect(),
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
    pub fn submit<T, F>(&self, job: impl FnOnce(C) -> F + Send + 'static) -> Result<Handle<T>, ShutDown>
    where
        T: Send + Sync + 'static,
        F: Future<Output = T> + Send,
        C: Send + 'static,
    {
        let number = self.submitted.fetch_add(1, Ordering::Relaxed);
        let (promise, handle) = Promise::new(number, Arc::clone(&self.tally));
        let job: Job<C> = Box::new(move |context| promise.keep(async move { job(context).await }).boxed());
        self.entrance.try_send(job).map(|()| handle).map_err(|_| ShutDown)
    }

    /// Runs this for each item, and waits for all; the results are in the order of the items.
    ///
    /// # Errors
    /// If the pool is, or meanwhile was, shut down. What had been submitted is run nevertheless.
    ///
    /// # Cancel safety
    /// The first poll submits all jobs. Dropping the future before does nothing; dropping it later gives up the
    /// results, not the jobs.
    pub async fn map<I, T, F>(
        &self,
        items: impl IntoIterator<Item = I>,
        f: impl FnOnce(C, I) -> F + Clone + Send + 'static,
    ) -> Result<Vec<Result<T, JobError>>, ShutDown>
    where
        I: Send + 'static,
        T: Clone + Send + Sync + 'static,
        F: Future<Output = T> + Send,
        C: Send + 'static,
    {
        let submit = |item| {
            let f = f.clone();
            self.submit(move |context| f(context, item))
        };
        let handles = items.into_iter().map(submit).collect::<Result<Vec<_>, _>>()?;
        Ok(join_all(handles.iter().map(Handle::result)).await)
    }

    /// Accepts no more jobs. To `wait` is to have those that are queued run first, until the last worker has ended; not
    /// to wait is to cancel them and to return at once, while those that run go on to their end. (In Python,
    /// `shutdown(wait=False)` has them run; this is `shutdown(wait=False, cancel_futures=True)`, because what nobody
    /// waits for had better not go on behind everybody's back.)
    ///
    /// It may be called again, also with the other choice. A job of the pool itself can't wait for its worker's end:
    /// called from there, by the worker's own task, the pool only accepts no more.
    ///
    /// # Cancel safety
    /// Nothing happens before the first poll. Dropping the future later only gives up waiting.
    pub async fn shutdown(&self, wait: bool) {
        self.entrance.close();
        if !wait {
            self.cancel_queued();
        } else if !task::try_id().is_some_and(|id| self.ids.contains(&id)) {
            // Who comes second waits here for the first.
            let mut workers = self.workers.lock().await;
            while let Some(worker) = workers.last_mut() {
                // A job's panic is its handle's; what else a worker panicked with, the panic hook has reported.
                let _ = worker.await;
                // Only now: dropped while it waits, this leaves nobody out.
                workers.pop();
            }
        }
    }

    fn cancel_queued(&self) {
        if let Some(queue) = self.queue.upgrade() {
            queue.cancel();
        }
    }
}

impl<C> Queue<C> {
    /// Drops what is queued.
    fn cancel(&self) {
        while let Ok(job) = self.0.try_recv() {
            drop(job);
        }
    }
}

impl<C> Drop for Queue<C> {
    fn drop(&mut self) {
        // The channel keeps what nobody received for as long as anybody could send.
        self.0.close();
        self.cancel();
    }
}

impl<C> Debug for Pool<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool")
            .field("workers", &self.workers())
            .field("submitted", &self.submitted)
            .field("shut_down", &self.entrance.is_closed())
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
    ///
    /// # Cancel safety
    /// Dropping the future cancels the job that it runs. The last worker to go cancels those that are queued.
    pub async fn run(self, context: C) {
        while let Ok(job) = self.queue.0.recv().await {
            let context = context.clone();
            let job = async move { job(context).await };
            // A job's own panic is caught already. What it leaves behind may still panic, when it is dropped.
            let _ = AssertUnwindSafe(job).catch_unwind().await;
        }
    }
}

impl<C> Debug for Work<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Work").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
