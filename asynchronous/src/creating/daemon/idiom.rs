//! A worker in the background: it belongs to a set that aborts its tasks when it is dropped, wherever they wait.

use shared::creating::daemon::{Outcome, Plan};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time;

/// Works beside a task that goes on for ever.
pub async fn idiom(plan: &Plan) -> Outcome {
    let (report, mut reports) = mpsc::channel(plan.rounds);
    let interval = plan.daemon_interval;
    let mut background = JoinSet::new();
    background.spawn(async move {
        while report.send(()).await.is_ok() {
            time::sleep(interval).await;
        }
    });
    for _line in 0..plan.count {
        time::sleep(plan.normal_interval).await;
    }
    let mut rounds = 0;
    while rounds < plan.rounds_after() && reports.recv().await.is_some() {
        rounds += 1;
    }
    // Dropped, it would abort too; this waits until nothing of the daemon is left.
    background.shutdown().await;
    Outcome { normal: plan.count, rounds }
}
