//! A flag that is never set, in a thread.

pub mod idiom;

use std::sync::Arc;
use std::thread;

use shared::Stage;
use shared::signals::event_timeout::{Outcome, Plan, Step};

use crate::primitives::event::Event;
use crate::{Perform as _, join};

/// Lets a waiter wait for an event that nobody sets.
pub fn run(stage: Stage, plan: Plan) -> Outcome {
    let event = Arc::new(Event::new());
    let waiter = {
        let event = Arc::clone(&event);
        thread::spawn(stage.actor("waiter", 1).perform(move |waiter| {
            waiter.says(Step::Waiting);
            let timeout = waiter.waits(plan.timeout).unwrap_or_default();
            let was_set = event.wait_timeout(timeout);
            waiter.says(if was_set { Step::WasSet } else { Step::TimedOut });
            was_set
        }))
    };
    let was_set = join(waiter);
    Outcome { was_set, set: event.is_set() }
}
