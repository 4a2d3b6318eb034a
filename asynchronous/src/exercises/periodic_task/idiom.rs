//! Something every so often: tokio's interval keeps to the times that were due first, and says what becomes of those that
//! were missed. (What is less than 5 ms late, it makes up for in any case.)

use std::time::Duration;

use shared::exercises::periodic_task::{LIVES, Outcome, Plan};
use tokio::sync::mpsc;
use tokio::time::{self, MissedTickBehavior};
use tokio::{select, task};
use tokio_util::sync::CancellationToken;

/// Starts and stops a ticker, again and again.
pub async fn idiom(plan: &Plan) -> Outcome {
    let mut ticks = Vec::new();
    for _life in 0..LIVES {
        let (tick, mut seen) = mpsc::channel(1);
        let token = CancellationToken::new();
        let ticker = task::spawn(work(plan.interval, tick, token.clone()));
        let stop = token.drop_guard();
        let mut count = 0;
        while count < plan.ticks && seen.recv().await.is_some() {
            count += 1;
        }
        drop(stop);
        ticker.await.expect("it doesn't panic");
        ticks.push(count);
    }
    Outcome { ticks }
}

async fn work(every: Duration, tick: mpsc::Sender<()>, token: CancellationToken) {
    // tokio refuses an interval of nothing.
    let mut interval = time::interval(every.max(Duration::from_nanos(1)));
    interval.set_missed_tick_behavior(MissedTickBehavior::Skip);
    loop {
        select! {
            () = token.cancelled() => return,
            _now = interval.tick() => {}
        }
        if let Err(mpsc::error::TrySendError::Closed(())) = tick.try_send(()) {
            return;
        }
    }
}
