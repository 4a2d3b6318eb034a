//! A lock that is asked for without waiting, or for a while: std's has no timeout, `parking_lot`'s has.

use std::thread;

use parking_lot::Mutex;
use shared::locks::lock::{Outcome, Plan};

/// Tries a lock that is free, and one that another holds.
pub fn idiom(plan: &Plan) -> Outcome {
    let lock = Mutex::new(());
    // In statements of their own, at whose ends the guards are gone: in an array, the first would keep the second out.
    let at_once = lock.try_lock().is_some();
    let in_time = lock.try_lock_for(plan.guard).is_some();
    let held = lock.lock();
    let other = || [lock.try_lock().is_some(), lock.try_lock_for(plan.patience).is_some()];
    let got_held = thread::scope(|scope| scope.spawn(other).join().expect("it doesn't panic"));
    drop(held);
    Outcome { got_free: [at_once, in_time], got_held, locked: lock.is_locked() }
}
