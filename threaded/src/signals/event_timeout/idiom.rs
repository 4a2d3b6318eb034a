//! Waiting for something, but not for ever: a channel's receiver has a timeout.

use std::sync::mpsc;

use shared::signals::event_timeout::{Outcome, Plan};

/// Waits for what doesn't happen.
pub fn idiom(plan: &Plan) -> Outcome {
    let (_event, happens) = mpsc::channel::<()>();
    let was_set = happens.recv_timeout(plan.timeout).is_ok();
    Outcome { was_set, set: happens.try_recv().is_ok() }
}
