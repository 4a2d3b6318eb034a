//! Work that waits, in tasks.

pub mod idiom;

use std::time::Duration;

use shared::gil::io_bound::{Outcome, Plan, Step};
use shared::{Actor, Stage};
use tokio::task;

use crate::{Perform as _, join, pause};

/// Waits twice one after the other, then twice at once.
pub async fn run(stage: Stage, plan: Plan) -> Outcome {
    let main = stage.main();
    main.says(Step::SequenceStarted);
    let in_sequence = [io_bound(main, plan.wait).await, io_bound(main, plan.wait).await];
    main.says(Step::SequenceFinished);

    main.says(Step::AtOnceStarted);
    let sleepers = [1, 2].map(|number| {
        task::spawn(
            stage.actor("sleeper", number).perform(async move |sleeper| io_bound(&sleeper, plan.wait).await),
        )
    });
    let [first, second] = sleepers;
    let at_once = [join(first).await, join(second).await];
    main.says(Step::AtOnceFinished);

    Outcome { in_sequence, at_once }
}

async fn io_bound(actor: &Actor, wait: Duration) -> String {
    pause(actor, wait).await;
    actor.says(Step::Slept);
    format!("Slept for {}s", wait.as_secs_f64())
}
