//! Something that happens once: a cell that is set once, for which any number of tasks may wait. What can be cleared again
//! is a `watch` of a `bool`.

use std::sync::Arc;

use shared::signals::event::{Outcome, Plan};
use tokio::sync::SetOnce;
use tokio::task::JoinSet;
use tokio::time;

/// Lets the waiters wait until the event is set.
pub async fn idiom(plan: &Plan) -> Outcome {
    let event = Arc::new(SetOnce::new());
    let mut waiters = JoinSet::new();
    for _waiter in 0..plan.waiters {
        let event = Arc::clone(&event);
        waiters.spawn(async move {
            event.wait().await;
        });
    }
    time::sleep(plan.delay).await;
    event.set(()).expect("nobody else sets it");
    waiters.join_all().await;
    Outcome { set: event.initialized() }
}
