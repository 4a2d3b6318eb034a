//! Waiting for something, but not for ever: any future may be given a timeout, which drops it.

use shared::signals::event_timeout::{Outcome, Plan};
use tokio::sync::SetOnce;
use tokio::time::timeout;

/// Waits for what doesn't happen.
pub async fn idiom(plan: &Plan) -> Outcome {
    let event = SetOnce::<()>::new();
    let was_set = timeout(plan.timeout, event.wait()).await.is_ok();
    Outcome { was_set, set: event.initialized() }
}
