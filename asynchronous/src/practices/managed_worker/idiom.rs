//! A worker that is started and stopped: it works until its token is cancelled, whatever it waits for then. The guard cancels
//! it too where this future is dropped.

use std::time::Duration;

use shared::practices::managed_worker::{LIVES, Outcome, Plan};
use tokio::sync::mpsc;
use tokio::{select, task, time};
use tokio_util::sync::CancellationToken;

/// Starts and stops a worker, again and again.
pub async fn idiom(plan: &Plan) -> Outcome {
    let mut rounds = Vec::new();
    for _life in 0..LIVES {
        let (report, mut reports) = mpsc::channel(1);
        let token = CancellationToken::new();
        let worker = task::spawn(work(plan.interval, report, token.clone()));
        let stop = token.drop_guard();
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

async fn work(interval: Duration, report: mpsc::Sender<()>, token: CancellationToken) {
    loop {
        let round = async {
            let heard = report.send(()).await;
            time::sleep(interval).await;
            heard
        };
        select! {
            () = token.cancelled() => return,
            heard = round => if heard.is_err() { return },
        }
    }
}
