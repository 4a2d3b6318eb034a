//! A pool: tasks need none to be cheap, only a limit, which is a semaphore. A job that may fail returns a `Result`; and who
//! waits for a permit is told when there will be none.

use std::sync::Arc;

use shared::exercises::pool_from_scratch::{FAILURE, Outcome, Plan};
use shared::misuse::JobError;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// Runs jobs of which one fails, and cancels those that have not begun.
pub async fn idiom(plan: &Plan) -> Outcome {
    Outcome { errors: errors(plan).await, cancelled: cancelled(plan).await }
}

async fn errors(plan: &Plan) -> Vec<String> {
    let (limit, mut jobs) = (Arc::new(Semaphore::new(plan.workers)), JoinSet::new());
    for job in 0..=plan.jobs {
        let permit = Arc::clone(&limit).acquire_owned().await.expect("nobody closes it");
        jobs.spawn(async move {
            let _permit = permit;
            if job > 0 { Ok(()) } else { Err(JobError::Panicked(FAILURE.into())) }
        });
    }
    jobs.join_all().await.into_iter().filter_map(Result::err).map(|error| error.to_string()).collect()
}

async fn cancelled(plan: &Plan) -> Vec<usize> {
    let limit = Arc::new(Semaphore::new(plan.workers));
    // The first have a permit each, so the others wait.
    let busy: Vec<_> =
        (0..plan.workers).map(|_job| limit.try_acquire().expect("there is one for each")).collect();
    let mut queued = JoinSet::new();
    for job in plan.workers..plan.workers + plan.queued {
        let limit = Arc::clone(&limit);
        queued.spawn(async move { limit.acquire().await.is_err().then_some(job) });
    }
    limit.close();
    let mut cancelled: Vec<usize> = queued.join_all().await.into_iter().flatten().collect();
    drop(busy);
    cancelled.sort_unstable();
    cancelled
}
