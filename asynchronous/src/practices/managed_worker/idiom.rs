//! A worker that is started and stopped: whatever it waits for, it also waits for its token.

use std::time::Duration;

use shared::practices::managed_worker::{LAST_WAIT, LIVES, Outcome, Plan};
use tokio::sync::watch;
use tokio::{select, task, time};
use tokio_util::sync::CancellationToken;

/// Starts and stops a worker, again and again.
pub async fn idiom(plan: &Plan) -> Outcome {
    let mut rounds = Vec::new();
    for _life in 0..LIVES {
        let (report, mut reports) = watch::channel(0);
        let token = CancellationToken::new();
        let worker = task::spawn(work(plan.rounds, plan.interval, report, token.clone()));
        drop(reports.wait_for(|done| *done == plan.rounds).await.expect("it works until it is stopped"));
        token.cancel();
        worker.await.expect("it doesn't panic");
        rounds.push(*reports.borrow());
    }
    Outcome { rounds }
}

async fn work(rounds: usize, interval: Duration, report: watch::Sender<usize>, token: CancellationToken) {
    for round in 1.. {
        report.send_replace(round);
        let pause = if round < rounds { interval } else { LAST_WAIT };
        select! {
            () = token.cancelled() => break,
            () = time::sleep(pause) => {}
        }
    }
}
