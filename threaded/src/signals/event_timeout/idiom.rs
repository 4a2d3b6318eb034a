//! Waiting for something, but not for ever: a condition variable waits while it has not happened, and says if it gave up.
//! (Who sets it locks, writes `true`, and notifies all.)

use std::sync::{Condvar, Mutex};

use shared::signals::event_timeout::{Outcome, Plan};

/// Waits for what doesn't happen.
pub fn idiom(plan: &Plan) -> Outcome {
    let (event, happens) = (Mutex::new(false), Condvar::new());
    let set = event.lock().expect("no holder panics");
    let waited = happens.wait_timeout_while(set, plan.timeout, |set| !*set);
    let (set, waited) = waited.expect("no holder panics");
    Outcome { was_set: !waited.timed_out(), set: *set }
}
