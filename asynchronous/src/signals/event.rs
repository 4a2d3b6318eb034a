//! A flag to wait for, in tasks.

pub mod idiom;

use std::sync::Arc;

use shared::Stage;
use shared::signals::event::{Outcome, Plan, Step};
use tokio::task;

use crate::primitives::event::Event;
use crate::{Perform as _, join, pause};

/// Lets the waiters wait until the setter sets the event.
pub async fn run(stage: Stage, plan: Plan) -> Outcome {
    let main = stage.main();
    let event = Arc::new(Event::new());
    event.clear();
    main.says(Step::Cleared { set: event.is_set() });

    let spawn = |number| {
        let event = Arc::clone(&event);
        task::spawn(stage.actor("waiter", number).perform(async move |waiter| {
            waiter.says(Step::Waiting);
            event.wait().await;
            waiter.says(Step::Received);
        }))
    };
    let waiters: Vec<_> = (1..=plan.waiters).map(spawn).collect();
    let setter = {
        let event = Arc::clone(&event);
        task::spawn(stage.actor("setter", 1).perform(async move |setter| {
            pause(&setter, plan.delay).await;
            setter.says(Step::Setting);
            event.set();
        }))
    };
    for waiter in waiters {
        join(waiter).await;
    }
    join(setter).await;

    let set = event.is_set();
    main.says(Step::Finished { set });
    Outcome { set }
}
