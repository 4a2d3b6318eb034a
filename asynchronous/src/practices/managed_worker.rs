//! A task that stops when asked.

pub mod idiom;

use std::sync::Arc;

use shared::practices::managed_worker::{LAST_WAIT, LIVES, Outcome, Plan, Step};
use shared::{Actor, Stage};
use tokio::task;

use crate::Perform as _;
use crate::primitives::event::Event;
use crate::primitives::managed_worker::ManagedWorker;

/// Starts and stops a worker, in the right order and in the wrong one.
pub async fn run(stage: Stage, plan: Plan) -> Outcome {
    let main = stage.main();
    let mut worker = ManagedWorker::new();
    if worker.stop().await.is_none() {
        main.says(Step::StopIgnored);
    }
    let mut rounds = Vec::new();
    for life in 1..=LIVES {
        // Set when the worker has worked its rounds and only waits.
        let all_done = Arc::new(Event::new());
        let spawn = |stop: Arc<Event>| {
            let (plan, all_done) = (plan.clone(), Arc::clone(&all_done));
            task::spawn(
                stage
                    .actor("worker", life)
                    .perform(async move |worker| work(&worker, &plan, &stop, &all_done).await),
            )
        };
        if worker.start(spawn) {
            main.says(Step::Started { life });
        }
        if !worker.start(spawn) {
            main.says(Step::StartIgnored);
        }
        all_done.wait().await;
        main.says(Step::Stopping { life });
        rounds.extend(worker.stop().await);
        main.says(Step::Stopped { life });
    }
    Outcome { rounds }
}

/// Works until it is stopped: the event is waited for instead of sleeping, so that a wait ends at once.
async fn work(worker: &Actor, plan: &Plan, stop: &Event, all_done: &Event) -> usize {
    let mut rounds = 0;
    loop {
        worker.says(Step::Working);
        rounds += 1;
        let wait = if rounds < plan.rounds {
            worker.waits(plan.interval).unwrap_or_default()
        } else {
            all_done.set();
            LAST_WAIT
        };
        if stop.wait_timeout(wait).await {
            worker.says(Step::StoppedCleanly);
            return rounds;
        }
    }
}
