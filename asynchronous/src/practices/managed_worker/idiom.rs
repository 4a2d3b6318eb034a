//! A worker that is started and stopped: it works until its token is cancelled, whatever it waits for then, and knows
//! nothing of it. The guard cancels it too where this future is dropped.

use std::time::Duration;

use shared::practices::managed_worker::{LIVES, Outcome, Plan};
use tokio::sync::mpsc;
use tokio::{task, time};
use tokio_util::sync::CancellationToken;

/// Starts and stops a worker, again and again.
pub async fn idiom(plan: &Plan) -> Outcome {
    let mut rounds = Vec::new();
    for _life in 0..LIVES {
        let (report, mut reports) = mpsc::channel(1);
        let token = CancellationToken::new();
        let work = work(plan.interval, report);
        let worker = task::spawn(token.clone().run_until_cancelled_owned(work));
        let stop = token.drop_guard();
        // How many rounds somebody saw: it may have begun one more.
        let mut seen = 0;
        while seen < plan.rounds && reports.recv().await.is_some() {
            seen += 1;
        }
        drop(stop);
        worker.await.expect("it doesn't panic");
        rounds.push(seen);
    }
    Outcome { rounds }
}

async fn work(interval: Duration, report: mpsc::Sender<()>) {
    while report.send(()).await.is_ok() {
        time::sleep(interval).await;
    }
}
