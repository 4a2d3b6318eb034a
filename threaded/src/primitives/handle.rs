//! A handle: what a job will have resulted in.
//!
//! Invariant: a job is queued, then it runs, then it is done, and none of that twice; one that is cancelled is done
//! without having run. What it resulted in never changes.
//!
//! A channel for each result is the choice not taken: what was received is gone, so that nobody could ask again, and
//! none of the callbacks would see it. Here the result stays where it is, whoever asks gets a clone, and a
//! callback looks at the one that all share, which is why it must be `Sync`.

use std::fmt::{self, Debug};
use std::mem;
use std::panic::{self, AssertUnwindSafe};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

pub use shared::misuse::JobError;

/// The result of a job that a [`Pool`](super::pool::Pool) was given, before there is one.
///
/// Dropping it doesn't cancel the job.
///
/// ```
/// use threaded::primitives::handle::{JobError, as_completed};
/// use threaded::primitives::pool::Pool;
///
/// let pool = Pool::new(2);
/// let handle = pool.submit(|()| 6 * 7).unwrap();
/// assert_eq!(handle.result(), Ok(42));
/// assert_eq!(handle.result(), Ok(42), "it may be asked for again");
///
/// let failing = pool.submit(|()| -> u32 { panic!("for once") }).unwrap();
/// assert_eq!(failing.result(), Err(JobError::Panicked("for once".into())));
///
/// let mut squares = Vec::new();
/// for done in as_completed([3, 4].map(|side| pool.submit(move |()| side * side).unwrap())) {
///     squares.push(done.result().unwrap());
/// }
/// squares.sort();
/// assert_eq!(squares, [9, 16]);
/// ```
pub struct Handle<T> {
    slot: Arc<Slot<T>>,
}

/// What the handle and the pool share of a job.
struct Slot<T> {
    number: usize,
    state: Mutex<State<T>>,
    /// Set once, with the state locked.
    outcome: OnceLock<Outcome<T>>,
    done: Condvar,
    tally: Tally,
}

struct State<T> {
    running: bool,
    callbacks: Vec<Callback<T>>,
}

type Callback<T> = Box<dyn FnOnce(&Result<T, JobError>) + Send>;

struct Outcome<T> {
    /// The place among the jobs of the pool, in the order in which they were done.
    place: usize,
    result: Result<T, JobError>,
}

/// How many jobs of a pool are done. A job is done with this locked: that is what makes it an order.
pub(super) type Tally = Arc<Mutex<usize>>;

impl<T> Handle<T> {
    /// The number of the job in its pool, from 0 up in the order in which they were submitted.
    pub fn number(&self) -> usize {
        self.slot.number
    }

    /// Whether the job is done: it returned, it panicked, or it was cancelled.
    pub fn is_done(&self) -> bool {
        self.slot.outcome.get().is_some()
    }

    /// Whether the job runs.
    pub fn is_running(&self) -> bool {
        let running = self.slot.state().running;
        running && !self.is_done()
    }

    /// Cancels the job if it is still queued; says whether this did it.
    ///
    /// The pool keeps the job until a worker comes to it, and drops it then.
    pub fn cancel(&self) -> bool {
        let state = self.slot.state();
        !state.running && self.slot.end(state, Err(JobError::Cancelled))
    }

    /// Has this called with the result when the job is done: once, by the worker that ran the job, or by whoever
    /// cancelled it; by the caller, here and now, if the job is done already.
    ///
    /// Callbacks are called in the order in which they were added, after those who wait have been woken. If one panics,
    /// that is reported as every panic is, and costs neither the others nor the worker anything.
    pub fn on_done(&self, callback: impl FnOnce(&Result<T, JobError>) + Send + 'static) {
        let mut state = self.slot.state();
        if let Some(outcome) = self.slot.outcome.get() {
            // A callback may do anything, also ask this handle.
            drop(state);
            outcome.report(callback);
        } else {
            state.callbacks.push(Box::new(callback));
        }
    }
}

impl<T: Clone> Handle<T> {
    /// Waits until the job is done, for what it returned.
    ///
    /// Who waits in a job for one of the same pool keeps a worker from it; if all workers do, they wait for ever.
    ///
    /// # Errors
    /// If the job panicked, or was cancelled.
    pub fn result(&self) -> Result<T, JobError> {
        self.result_timeout(Duration::MAX).expect("the longest time is never over")
    }

    /// Waits for at most this long until the job is done, for what it returned; `None` if it isn't done by then.
    pub fn result_timeout(&self, timeout: Duration) -> Option<Result<T, JobError>> {
        let not_done = |_: &mut State<T>| !self.is_done();
        let waited = self.slot.done.wait_timeout_while(self.slot.state(), timeout, not_done);
        drop(waited.unwrap_or_else(PoisonError::into_inner));
        self.slot.outcome.get().map(|outcome| outcome.result.clone())
    }
}

impl<T> Debug for Handle<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match self.slot.outcome.get().map(|outcome| &outcome.result) {
            Some(Ok(_)) => "returned",
            Some(Err(JobError::Panicked(_))) => "panicked",
            Some(Err(JobError::Cancelled)) => "cancelled",
            None if self.is_running() => "running",
            None => "queued",
        };
        f.debug_struct("Handle")
            .field("number", &self.number())
            .field("state", &state)
            .finish_non_exhaustive()
    }
}

/// The handles of these jobs, in the order in which the jobs are done, each as soon as it is.
///
/// That is an order within one pool: the jobs of several are done in no common order.
pub fn as_completed<T>(handles: impl IntoIterator<Item = Handle<T>>) -> AsCompleted<T> {
    let handles: Vec<_> = handles.into_iter().collect();
    let (announce, announced) = mpsc::channel();
    for handle in &handles {
        let announce = announce.clone();
        handle.on_done(move |_| {
            // Nobody listens any more if the iterator was dropped.
            let _ = announce.send(());
        });
    }
    AsCompleted { handles, announced }
}

/// Handles in the order in which their jobs are done: an iterator that waits for the next.
#[must_use = "nobody waits before the first is asked for"]
#[derive(Debug)]
pub struct AsCompleted<T> {
    handles: Vec<Handle<T>>,
    /// As many messages as jobs were done. Not which: between being done and saying so, another may be quicker.
    announced: Receiver<()>,
}

impl<T> Iterator for AsCompleted<T> {
    type Item = Handle<T>;

    fn next(&mut self) -> Option<Handle<T>> {
        if self.handles.is_empty() {
            return None;
        }
        self.announced.recv().expect("every job is done once, and says so");
        Some(self.take_first())
    }
}

impl<T> AsCompleted<T> {
    /// Takes the handle of the job that was done first. At least one that was announced is left here; whatever was done
    /// before that one was so before this looks, so it can't be missed.
    fn take_first(&mut self) -> Handle<T> {
        let place = |handle: &Handle<T>| handle.slot.outcome.get().map(|outcome| outcome.place);
        let done =
            self.handles.iter().enumerate().filter_map(|(index, handle)| Some((place(handle)?, index)));
        let (_, index) = done.min().expect("a job that was announced is done");
        self.handles.remove(index)
    }
}

/// The pool's end of a job. Dropped before the job is done, it cancels it.
pub(super) struct Promise<T> {
    slot: Arc<Slot<T>>,
}

impl<T> Promise<T> {
    /// The two ends of a job.
    pub(super) fn new(number: usize, tally: Tally) -> (Self, Handle<T>) {
        let state = Mutex::new(State { running: false, callbacks: Vec::new() });
        let slot = Arc::new(Slot { number, state, outcome: OnceLock::new(), done: Condvar::new(), tally });
        (Self { slot: Arc::clone(&slot) }, Handle { slot })
    }

    /// Runs the job, unless it was cancelled.
    pub(super) fn keep(self, job: impl FnOnce() -> T) {
        if self.slot.begin() {
            let result = panic::catch_unwind(AssertUnwindSafe(job));
            let result = result.map_err(|payload| JobError::panicked(&*payload));
            self.slot.end(self.slot.state(), result);
        }
    }
}

impl<T> Drop for Promise<T> {
    fn drop(&mut self) {
        if self.slot.outcome.get().is_none() {
            self.slot.end(self.slot.state(), Err(JobError::Cancelled));
        }
    }
}

impl<T> Slot<T> {
    /// The job runs, if it isn't done already; says whether it does.
    fn begin(&self) -> bool {
        let mut state = self.state();
        state.running = self.outcome.get().is_none();
        state.running
    }

    /// The job is done, if it wasn't already; says whether this did it.
    fn end(&self, mut state: MutexGuard<'_, State<T>>, result: Result<T, JobError>) -> bool {
        let mut tally = self.tally.lock().unwrap_or_else(PoisonError::into_inner);
        let ended = self.outcome.set(Outcome { place: *tally, result }).is_ok();
        *tally += usize::from(ended);
        drop(tally);
        let callbacks = mem::take(&mut state.callbacks);
        drop(state);
        self.done.notify_all();
        let outcome = self.outcome.get().expect("this has set it, or somebody before");
        for callback in callbacks {
            outcome.report(callback);
        }
        ended
    }

    /// Nobody panics between two changes of the state, so poisoning can be ignored.
    fn state(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Outcome<T> {
    /// Calls back. The panic hook has reported a panic by the time that it is caught.
    fn report(&self, callback: impl FnOnce(&Result<T, JobError>)) {
        let _ = panic::catch_unwind(AssertUnwindSafe(|| callback(&self.result)));
    }
}

#[cfg(test)]
mod tests;
