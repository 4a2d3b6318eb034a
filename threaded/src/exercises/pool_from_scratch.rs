//! A pool of threads as workers, from a queue.

pub mod idiom;

use std::mem;
use std::panic::{self, AssertUnwindSafe};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use shared::exercises::pool_from_scratch::{FAILURE, Outcome, Plan, Step};
use shared::misuse::{JobError, ShutDown};
use shared::{Actor, Stage};

use crate::primitives::barrier::Barrier;
use crate::primitives::event::Event;
use crate::primitives::queue::Queue;
use crate::{Perform as _, join};

/// Runs all jobs of one pool, and cancels those that are queued in another.
pub fn run(stage: Stage, plan: Plan) -> Outcome {
    let errors = run_all(&stage, &plan);
    let cancelled = cancel_queued(&stage, &plan);
    Outcome { errors, cancelled }
}

fn run_all(stage: &Stage, plan: &Plan) -> Vec<String> {
    let main = stage.main();
    let mut pool = SimplePool::new((0..plan.workers).map(|number| stage.actor("worker", number)));
    main.says(Step::SubmittingFailure);
    let failing = |worker: Arc<Actor>| {
        worker.says(Step::Failing);
        panic!("{FAILURE}")
    };
    pool.submit(failing).expect("the pool is open");
    for number in 0..plan.jobs {
        main.says(Step::Submitting { number });
        let job = move |worker: Arc<Actor>| worker.says(Step::Task { number });
        pool.submit(job).expect("the pool is open");
    }
    pool.shutdown(true);
    main.says(Step::ShutDown);
    refuse(main, &mut pool);
    pool.errors().iter().map(JobError::to_string).collect()
}

fn cancel_queued(stage: &Stage, plan: &Plan) -> Vec<usize> {
    let main = stage.main();
    let mut pool = SimplePool::new((0..plan.workers).map(|number| stage.actor("held-worker", number)));
    let (all_held, release) = (Arc::new(Barrier::new(plan.workers + 1)), Arc::new(Event::new()));
    for number in 0..plan.workers + plan.queued {
        let (all_held, release) = (Arc::clone(&all_held), Arc::clone(&release));
        let job = move |worker: Arc<Actor>| {
            worker.says(Step::Held { number });
            all_held.wait().expect("nobody breaks the barrier");
            release.wait();
            worker.says(Step::Released { number });
        };
        pool.submit(job).expect("the pool is open");
    }
    all_held.wait().expect("nobody breaks the barrier");
    let cancelled = pool.shutdown(false);
    for &number in &cancelled {
        main.says(Step::Cancelled { number });
    }
    refuse(main, &mut pool);
    release.set();
    pool.shutdown(true);
    cancelled
}

fn refuse(main: &Actor, pool: &mut SimplePool) {
    if pool.submit(|_| {}) == Err(ShutDown) {
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

type Job = Box<dyn FnOnce(Arc<Actor>) + Send>;

impl SimplePool {
    fn new(workers: impl Iterator<Item = Actor>) -> Self {
        let (queue, errors) = (Arc::new(Queue::new(0)), Arc::default());
        let spawn = |worker: Actor| {
            let (queue, errors) = (Arc::clone(&queue), Arc::clone(&errors));
            thread::spawn(worker.perform(move |worker| work(&Arc::new(worker), &queue, &errors)))
        };
        let workers = workers.map(spawn).collect();
        Self { queue, errors, workers, submitted: 0, open: true }
    }

    /// Queues a job.
    fn submit(&mut self, job: impl FnOnce(Arc<Actor>) + Send + 'static) -> Result<(), ShutDown> {
        if !self.open {
            return Err(ShutDown);
        }
        self.queue.put(Some((self.submitted, Box::new(job))));
        self.submitted += 1;
        Ok(())
    }

    /// Accepts no more jobs. To `wait` is to have those that are queued run, and the workers end; not to wait is to
    /// cancel them and to return at once, with their numbers.
    fn shutdown(&mut self, wait: bool) -> Vec<usize> {
        let mut cancelled = Vec::new();
        if mem::replace(&mut self.open, false) {
            while !wait && let Ok(Some((number, _))) = self.queue.try_get() {
                cancelled.push(number);
            }
            // Behind whatever is queued still, so that nothing is left when a worker gets it.
            for _ in &self.workers {
                self.queue.put(None);
            }
        }
        if wait {
            while let Some(worker) = self.workers.pop() {
                join(worker);
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
fn work(worker: &Arc<Actor>, queue: &Queue<Option<(usize, Job)>>, errors: &Mutex<Vec<JobError>>) {
    while let Some((_, job)) = queue.get() {
        let run = || job(Arc::clone(worker));
        if let Err(payload) = panic::catch_unwind(AssertUnwindSafe(run)) {
            worker.says(Step::TaskError);
            errors.lock().unwrap_or_else(PoisonError::into_inner).push(JobError::panicked(&*payload));
        }
    }
}

#[cfg(test)]
mod tests;
