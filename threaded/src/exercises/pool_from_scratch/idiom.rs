//! A pool: threads that take jobs from one channel, until nobody has its other end. A job that fails says so with a `Result`.

use std::sync::Barrier;
use std::thread;

use crossbeam_channel::unbounded;
use shared::exercises::pool_from_scratch::{FAILURE, Outcome, Plan};
use shared::misuse::JobError;

/// Lets one pool run jobs of which one fails, and empties the queue of another.
pub fn idiom(plan: &Plan) -> Outcome {
    Outcome { errors: errors(plan), cancelled: cancelled(plan) }
}

fn errors(plan: &Plan) -> Vec<String> {
    let (submit, jobs) = unbounded();
    let (fail, failed) = unbounded();
    thread::scope(|scope| {
        for _worker in 0..plan.workers {
            let (jobs, fail) = (jobs.clone(), fail.clone());
            scope.spawn(move || {
                for job in jobs {
                    if job == plan.jobs {
                        fail.send(JobError::Panicked(FAILURE.into()).to_string()).expect("it is received");
                    }
                }
            });
        }
        (0..=plan.jobs).for_each(|job| submit.send(job).expect("the workers listen"));
        drop(submit);
    });
    drop(fail);
    failed.into_iter().collect()
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
        (0..plan.workers + plan.queued).for_each(|job| submit.send(job).expect("the workers listen"));
        all_busy.wait();
        let cancelled = jobs.try_iter().collect();
        drop(submit);
        emptied.wait();
        cancelled
    })
}
