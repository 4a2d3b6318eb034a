//! A worker with arguments: a task moves what it is given in, because nobody knows what it will outlive. The handle aborts
//! it where this future is dropped, so that nobody counts on for nobody.

use shared::creating::arguments::{Outcome, Plan};
use tokio::sync::oneshot;
use tokio::{task, time};
use tokio_util::task::AbortOnDropHandle;

/// Lets a task count, and asks whether it still does.
pub async fn idiom(plan: &Plan) -> Outcome {
    let (ask, asked) = oneshot::channel::<()>();
    let Plan { label, count, interval } = plan.clone();
    let worker = AbortOnDropHandle::new(task::spawn(async move {
        let mut lines = Vec::new();
        for index in 0..count {
            time::sleep(interval).await;
            lines.push(format!("{label}: {index}"));
        }
        // Until it was asked for: the channel is closed then.
        let _closed = asked.await;
        lines
    }));
    let while_running = !worker.is_finished();
    drop(ask);
    let lines = worker.await.expect("it doesn't panic");
    // A future that is not spawned is just a value, and the join takes the handle.
    Outcome { name: None, lines, before_start: None, while_running, after_join: false }
}
