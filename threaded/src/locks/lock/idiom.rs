//! A lock that is asked for without waiting, or for a while: std's has no timeout, `parking_lot`'s has.

use parking_lot::Mutex;
use shared::locks::lock::{Outcome, Plan};

/// Tries a lock that is free, and one that is held.
pub fn idiom(plan: &Plan) -> Outcome {
    let lock = Mutex::new(());
    // Each in a statement of its own, at the end of which the guard is gone.
    let at_once = lock.try_lock().is_some();
    let in_time = lock.try_lock_for(plan.guard).is_some();
    let held = lock.lock();
    let got_held = [lock.try_lock().is_some(), lock.try_lock_for(plan.patience).is_some()];
    drop(held);
    Outcome { got_free: [at_once, in_time], got_held, locked: lock.is_locked() }
}
