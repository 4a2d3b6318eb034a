//! A pool of tasks as workers, from a queue.

pub mod idiom;

use std::mem;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};

use futures::FutureExt as _;
use futures::future::BoxFuture;
use shared::exercises::pool_from_scratch::{FAILURE, Outcome, Plan, Step};
use shared::misuse::{JobError, ShutDown};
use shared::{Actor, Stage};
use tokio::task::{self, JoinHandle};

use crate::Perform as _;
use crate::primitives::barrier::Barrier;
use crate::primitives::event::Event;
use crate::primitives::queue::Queue;

/// Runs all jobs of one pool, and cancels those that are queued in another.
pub async fn run(stage: Stage, plan: Plan) -> Outcome {
    let errors = run_all(&stage, &plan).await;
    let cancelled = cancel_queued(&stage, &plan).await;
    Outcome { errors, cancelled }
}

async fn run_all(stage: &Stage, plan: &Plan) -> Vec<String> {
    let main = stage.main();
    let mut pool = SimplePool::new((0..plan.workers).map(|number| stage.actor("worker", number)));
    main.says(Step::SubmittingFailure);
    let failing = async |worker: Arc<Actor>| {
        worker.says(Step::Failing);
        panic!("{FAILURE}")
    };
    pool.submit(failing).await.expect("the pool is open");
    for number in 0..plan.jobs {
        main.says(Step::Submitting { number });
        let job = async move |worker: Arc<Actor>| worker.says(Step::Task { number });
        pool.submit(job).await.expect("the pool is open");
    }
    pool.shutdown(true).await;
    main.says(Step::ShutDown);
    refuse(main, &mut pool).await;
    pool.errors().iter().map(JobError::to_string).collect()
}

async fn cancel_queued(stage: &Stage, plan: &Plan) -> Vec<usize> {
    let main = stage.main();
    let mut pool = SimplePool::new((0..plan.workers).map(|number| stage.actor("held-worker", number)));
    let (all_held, release) = (Arc::new(Barrier::new(plan.workers + 1)), Arc::new(Event::new()));
    for number in 0..plan.workers + plan.queued {
        let (all_held, release) = (Arc::clone(&all_held), Arc::clone(&release));
        let job = async move |worker: Arc<Actor>| {
            worker.says(Step::Held { number });
            all_held.wait().await.expect("nobody breaks the barrier");
            release.wait().await;
            worker.says(Step::Released { number });
        };
        pool.submit(job).await.expect("the pool is open");
    }
    all_held.wait().await.expect("nobody breaks the barrier");
    let cancelled = pool.shutdown(false).await;
    for &number in &cancelled {
        main.says(Step::Cancelled { number });
    }
    refuse(main, &mut pool).await;
    release.set();
    pool.shutdown(true).await;
    cancelled
}

async fn refuse(main: &Actor, pool: &mut SimplePool) {
    if pool.submit(async |_| {}).await == Err(ShutDown) {
        main.says(Step::Refused);
    }
}

/// A pool with one owner, who submits jobs and shuts it down.
struct SimplePool {
    /// The jobs with their numbers, and after the last of them nothing, for each worker.
    queue: Arc<Queue<Option<(usize, Job)>>>,
    errors: Arc<Mutex<Vec<JobError>>>,
    workers: Vec<JoinHandle<()>>,
    submitted: usize,
    open: bool,
}

type Job = Box<dyn FnOnce(Arc<Actor>) -> BoxFuture<'static, ()> + Send>;

impl SimplePool {
    fn new(workers: impl Iterator<Item = Actor>) -> Self {
        let (queue, errors) = (Arc::new(Queue::new(0)), Arc::default());
        let spawn = |worker: Actor| {
            let (queue, errors) = (Arc::clone(&queue), Arc::clone(&errors));
            task::spawn(worker.perform(async move |worker| work(&Arc::new(worker), &queue, &errors).await))
        };
        let workers = workers.map(spawn).collect();
        Self { queue, errors, workers, submitted: 0, open: true }
    }

    /// Queues a job.
    ///
    /// # Cancel safety
    /// The queue has no bound, so the first poll is the last.
    async fn submit<F>(&mut self, job: impl FnOnce(Arc<Actor>) -> F + Send + 'static) -> Result<(), ShutDown>
    where
        F: Future<Output = ()> + Send,
    {
        if !self.open {
            return Err(ShutDown);
        }
        let job: Job = Box::new(move |worker| async move { job(worker).await }.boxed());
        self.queue.put(Some((self.submitted, job))).await;
        self.submitted += 1;
        Ok(())
    }

    /// Accepts no more jobs. To `wait` is to have those that are queued run, and the workers end; not to wait is to
    /// cancel them and to return at once, with their numbers.
    ///
    /// # Cancel safety
    /// Nothing happens before the first poll. Dropping the future later only gives up waiting.
    async fn shutdown(&mut self, wait: bool) -> Vec<usize> {
        let mut cancelled = Vec::new();
        if mem::replace(&mut self.open, false) {
            while !wait && let Ok(Some((number, _))) = self.queue.try_get() {
                cancelled.push(number);
            }
            // Behind whatever is queued still, so that nothing is left when a worker gets it.
            for _ in &self.workers {
                self.queue.put(None).await;
            }
        }
        if wait {
            while let Some(worker) = self.workers.last_mut() {
                let ended = worker.await;
                // Only now: dropped while it waits, this leaves nobody out.
                self.workers.pop();
                ended.expect("a worker catches what its jobs panic with");
            }
        }
        cancelled
    }

    /// The errors of the jobs that failed.
    fn errors(&self) -> Vec<JobError> {
        self.errors.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Runs one job after another. One that fails is reported, and ends nothing.
async fn work(worker: &Arc<Actor>, queue: &Queue<Option<(usize, Job)>>, errors: &Mutex<Vec<JobError>>) {
    while let Some((_, job)) = queue.get().await {
        let run = async { job(Arc::clone(worker)).await };
        if let Err(payload) = AssertUnwindSafe(run).catch_unwind().await {
            worker.says(Step::TaskError);
            errors.lock().unwrap_or_else(PoisonError::into_inner).push(JobError::panicked(&*payload));
        }
    }
}

#[cfg(test)]
mod tests;
