//! At most so many at once: a permit that is owned moves into the task, and goes back when the task is over, however it
//! ends. A tracker waits for tasks whose results nobody wants, of which a `JoinSet` would keep each until it is asked for;
//! but it neither aborts them when it is dropped nor passes on their panics.

use std::sync::Arc;

use shared::locks::semaphore::{Outcome, Plan};
use tokio::sync::Semaphore;
use tokio::time;
use tokio_util::task::TaskTracker;

/// Lets the workers through, as many at once as there are permits.
pub async fn idiom(plan: &Plan) -> Outcome {
    let (semaphore, hold) = (Arc::new(Semaphore::new(plan.permits)), plan.hold);
    let workers = TaskTracker::new();
    for _worker in 0..plan.workers {
        // Before it is spawned: so no more tasks are there than may work.
        let permit = Arc::clone(&semaphore).acquire_owned().await.expect("nobody closes it");
        workers.spawn(async move {
            time::sleep(hold).await;
            drop(permit);
        });
    }
    workers.close();
    workers.wait().await;
    Outcome { value: semaphore.available_permits() }
}
