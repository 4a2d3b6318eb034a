//! What a pool and a handle have in common: the jobs of a test, and who runs them.

use std::fmt::Debug;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::until;
use crate::misuse::{JobError, ShutDown};

/// The handle of a job that returns a number, whoever waits for that.
pub trait Handle: Debug + Send + Sync + 'static {
    /// The number of the job.
    fn number(&self) -> usize;
    /// Waits until the job is done.
    ///
    /// # Errors
    /// If the job panicked, or was cancelled.
    fn result(&self) -> Result<usize, JobError>;
    /// Waits for at most so long.
    fn result_timeout(&self, timeout: Duration) -> Option<Result<usize, JobError>>;
    /// Whether the job is done.
    fn is_done(&self) -> bool;
    /// Whether the job runs.
    fn is_running(&self) -> bool;
    /// Cancels the job; says whether it did.
    fn cancel(&self) -> bool;
    /// Has this called when the job is done.
    fn on_done(&self, callback: impl FnOnce(&Result<usize, JobError>) + Send + 'static);
}

/// A pool whose jobs return numbers and may block, whoever runs them.
pub trait Pool: Debug + Send + Sync + 'static {
    /// The handle of such a job.
    type Handle: Handle;
    /// One of so many workers.
    fn new(workers: usize) -> Self;
    /// How many workers it has.
    fn workers(&self) -> usize;
    /// Queues a job.
    ///
    /// # Errors
    /// If it is shut down.
    fn submit(&self, job: impl FnOnce() -> usize + Send + 'static) -> Result<Self::Handle, ShutDown>;
    /// Runs this for each of so many numbers.
    ///
    /// # Errors
    /// If it is shut down.
    fn map(
        &self,
        items: usize,
        f: impl FnOnce(usize) -> usize + Clone + Send + 'static,
    ) -> Result<Vec<Result<usize, JobError>>, ShutDown>;
    /// Accepts no more jobs, and runs those that are queued, or cancels them.
    fn shutdown(&self, wait: bool);
    /// The handles in the order in which their jobs are done.
    fn as_completed(handles: Vec<Self::Handle>) -> impl Iterator<Item = Self::Handle>;
}

/// Keeps a job waiting until it is opened.
#[derive(Debug, Clone, Default)]
pub struct Gate(Arc<AtomicBool>);

impl Gate {
    /// Lets everybody through.
    pub fn open(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    /// Waits until it is open.
    pub fn pass(&self) {
        until("the gate is opened", || self.0.load(Ordering::SeqCst));
    }

    /// The handle of a job, already running, that returns this number once it is through.
    pub fn guards<P: Pool>(&self, pool: &P, number: usize) -> P::Handle {
        let gate = self.clone();
        let job = move || {
            gate.pass();
            number
        };
        let handle = pool.submit(job).expect("the pool is open");
        until("it runs", || handle.is_running());
        handle
    }
}
