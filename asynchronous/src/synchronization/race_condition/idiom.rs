//! No update is lost where nothing is shared: each task counts for itself, and gives back what it has counted.

use std::time::Duration;

use shared::synchronization::race_condition::{Outcome, Plan};
use tokio::task::JoinSet;
use tokio::time;

/// Lets all tasks count, and adds up.
pub async fn idiom(plan: &Plan) -> Outcome {
    let Plan { workers, times, processing } = *plan;
    let tasks: JoinSet<usize> = (0..workers).map(|_worker| count(times, processing)).collect();
    Outcome { expected: workers * times, actual: tasks.join_all().await.into_iter().sum() }
}

async fn count(times: usize, processing: Duration) -> usize {
    let mut counted = 0;
    for _time in 0..times {
        time::sleep(processing).await;
        counted += 1;
    }
    counted
}
