//! A worker whose result is asked for: a handle that aborts the task when it is dropped, so that nobody works on for nobody.

use shared::creating::worker_struct::{Outcome, Plan};
use tokio::{task, time};
use tokio_util::task::AbortOnDropHandle;

/// Lets a task sum.
pub async fn idiom(plan: &Plan) -> Outcome {
    let Plan { count, interval } = *plan;
    let worker = AbortOnDropHandle::new(task::spawn(async move {
        let mut total = 0;
        for number in 0..count {
            time::sleep(interval).await;
            total += number;
        }
        total
    }));
    // Before the join there is nothing that could be read too early.
    Outcome { before: None, after: Some(worker.await.expect("it doesn't panic")) }
}
