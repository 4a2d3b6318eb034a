//! A pool: threads that take jobs from one channel, until nobody has its other end. A job that may fail returns a `Result`;
//! one that panics ends its worker, and the scope passes that on. Where jobs compute, rayon's `ThreadPool` is all this.

use std::sync::Barrier;
use std::thread;

use crossbeam_channel::unbounded;
use shared::exercises::pool_from_scratch::{FAILURE, Outcome, Plan};
use shared::misuse::JobError;

/// What a worker does, once.
type Job = Box<dyn FnOnce() -> Result<(), JobError> + Send>;

/// Lets one pool run jobs of which one fails, and empties the queue of another.
pub fn idiom(plan: &Plan) -> Outcome {
    Outcome { errors: errors(plan), cancelled: cancelled(plan) }
}

fn errors(plan: &Plan) -> Vec<String> {
    let (submit, jobs) = unbounded::<Job>();
    let work = || jobs.iter().filter_map(|job| job().err()).collect::<Vec<_>>();
    let errors: Vec<JobError> = thread::scope(|scope| {
        let workers: Vec<_> = (0..plan.workers).map(|_| scope.spawn(work)).collect();
        submit.send(Box::new(|| Err(JobError::Panicked(FAILURE.into())))).expect("both ends are here");
        for _job in 0..plan.jobs {
            submit.send(Box::new(|| Ok(()))).expect("both ends are here");
        }
        // The workers' loops end when they have done what is there.
        drop(submit);
        workers.into_iter().flat_map(|worker| worker.join().expect("it doesn't panic")).collect()
    });
    errors.iter().map(JobError::to_string).collect()
}

fn cancelled(plan: &Plan) -> Vec<usize> {
    let (submit, jobs) = unbounded();
    let (all_busy, emptied) = (Barrier::new(plan.workers + 1), Barrier::new(plan.workers + 1));
    thread::scope(|scope| {
        for _worker in 0..plan.workers {
            scope.spawn(|| {
                for _job in &jobs {
                    all_busy.wait();
                    emptied.wait();
                }
            });
        }
        for job in 0..plan.workers + plan.queued {
            submit.send(job).expect("both ends are here");
        }
        all_busy.wait();
        let cancelled = jobs.try_iter().collect();
        drop(submit);
        emptied.wait();
        cancelled
    })
}
