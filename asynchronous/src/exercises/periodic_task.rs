//! The same again at intervals, in a task.

pub mod idiom;

use std::sync::Arc;
use std::time::Duration;

use shared::exercises::periodic_task::{LAST_WAIT, LIVES, Outcome, Plan, Step, next_tick};
use shared::{Actor, Stage};
use tokio::task;
use tokio::time::Instant;

use crate::Perform as _;
use crate::primitives::event::Event;
use crate::primitives::managed_worker::ManagedWorker;

/// Starts a task, lets it tick, and stops it; and once more.
pub async fn run(stage: Stage, plan: Plan) -> Outcome {
    let main = stage.main();
    let mut ticker = ManagedWorker::new();
    let mut ticks = Vec::new();
    for life in 1..=LIVES {
        // Set when the ticker has ticked as often as planned.
        let all_done = Arc::new(Event::new());
        let spawn = |stop: Arc<Event>| {
            let (plan, all_done) = (plan.clone(), Arc::clone(&all_done));
            task::spawn(
                stage
                    .actor("ticker", life)
                    .perform(async move |ticker| tick(&ticker, &plan, &stop, &all_done).await),
            )
        };
        if ticker.start(spawn) {
            main.says(Step::Started { life });
        }
        if !ticker.start(spawn) {
            main.says(Step::StartIgnored);
        }
        all_done.wait().await;
        main.says(Step::Stopping { life });
        ticker.ask_to_stop();
        ticks.extend(ticker.join().await);
        main.says(Step::Stopped { life });
    }
    Outcome { ticks }
}

/// Ticks until it is stopped, each time at its start plus a whole number of intervals.
async fn tick(ticker: &Actor, plan: &Plan, stop: &Event, all_done: &Event) -> usize {
    let start = Instant::now();
    let (mut number, mut ticks) = (0, 0);
    loop {
        ticker.says(Step::Tick { number });
        ticks += 1;
        let wait = if ticks == plan.ticks {
            all_done.set();
            LAST_WAIT
        } else if let Some(interval) = ticker.waits(plan.interval) {
            let (next, left) = next_tick(start.elapsed(), interval);
            number = next;
            left
        } else {
            number += 1;
            Duration::ZERO
        };
        if stop.wait_timeout(wait).await {
            ticker.says(Step::Stops);
            return ticks;
        }
    }
}
