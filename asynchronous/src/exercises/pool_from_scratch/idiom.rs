//! A pool: tasks need none to be cheap, only a limit, which is a semaphore. What panics shows at the join, and what is queued
//! is cancelled by dropping it.

use std::sync::Arc;

use shared::exercises::pool_from_scratch::{FAILURE, Outcome, Plan};
use shared::misuse::JobError;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// Runs jobs of which one fails, and cancels those that have not begun.
pub async fn idiom(plan: &Plan) -> Outcome {
    let (limit, mut jobs) = (Arc::new(Semaphore::new(plan.workers)), JoinSet::new());
    for job in 0..=plan.jobs {
        let permit = Arc::clone(&limit).acquire_owned().await.expect("nobody closes it");
        let fails = job == plan.jobs;
        jobs.spawn(async move {
            let _permit = permit;
            if fails { Err(JobError::Panicked(FAILURE.into())) } else { Ok(()) }
        });
    }
    let errors = jobs.join_all().await.into_iter().filter_map(Result::err).map(|error| error.to_string());

    // Each has a permit, so nobody else has one, and those that wait for one are dropped where they wait.
    let busy = Arc::clone(&limit).acquire_many_owned(permits(plan)).await.expect("nobody closes it");
    let queued = (plan.workers..plan.workers + plan.queued).map(|job| (job, limit.acquire()));
    let cancelled = queued.map(|(job, _waits)| job).collect();
    drop(busy);
    Outcome { errors: errors.collect(), cancelled }
}

fn permits(plan: &Plan) -> u32 {
    u32::try_from(plan.workers).expect("there are a thousand at most")
}
