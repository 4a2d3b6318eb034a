//! A task in the background.

pub mod idiom;

use std::time::Duration;

use async_channel::Sender;
use shared::creating::daemon::{Outcome, Plan, Step};
use shared::{Actor, Stage};
use tokio::task;

use crate::{Perform as _, join, pause};

/// Starts a daemon and a normal worker, waits for the normal one, and finds the daemon still at work.
pub async fn run(stage: Stage, plan: Plan) -> Outcome {
    let rounds_after = plan.rounds_after();
    let (report, rounds) = async_channel::bounded(plan.rounds);
    let daemon = task::spawn(
        stage
            .actor("daemon", 1)
            .perform(async move |daemon| work_for_ever(&daemon, plan.daemon_interval, &report).await),
    );
    let normal = task::spawn(
        stage
            .actor("normal", 1)
            .perform(async move |normal| work(&normal, plan.count, plan.normal_interval).await),
    );

    let normal = join(normal).await;
    stage.main().says(Step::NormalDone);
    for _ in 0..rounds_after {
        rounds.recv().await.expect("the daemon works on");
    }
    let outcome = Outcome { normal, rounds: rounds_after };

    // A task can be aborted: it is dropped where it waits, and waited for until that is so.
    daemon.abort();
    let aborted = daemon.await.expect_err("a daemon doesn't return");
    assert!(aborted.is_cancelled(), "the daemon panicked");
    outcome
}

async fn work(normal: &Actor, count: usize, interval: Duration) -> usize {
    let mut printed = 0;
    for index in 0..count {
        normal.says(Step::Normal { index });
        pause(normal, interval).await;
        printed += 1;
    }
    printed
}

/// Works until it is aborted.
async fn work_for_ever(daemon: &Actor, interval: Duration, report: &Sender<()>) {
    loop {
        daemon.says(Step::Working);
        report.send(()).await.expect("the main line listens as long as the daemon lives");
        pause(daemon, interval).await;
    }
}
