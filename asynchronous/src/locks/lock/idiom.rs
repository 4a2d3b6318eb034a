//! A lock that is asked for without waiting, or for a while: any future may be given a timeout, and so may this one.

use shared::locks::lock::{Outcome, Plan};
use tokio::sync::Mutex;
use tokio::time::timeout;

/// Tries a lock that is free, and one that is held.
pub async fn idiom(plan: &Plan) -> Outcome {
    let lock = Mutex::new(());
    // In statements of their own, at whose ends the guards are gone: in an array, the first would keep the second out.
    let at_once = lock.try_lock().is_ok();
    let in_time = timeout(plan.guard, lock.lock()).await.is_ok();
    let held = lock.lock().await;
    let got_held = [lock.try_lock().is_ok(), timeout(plan.patience, lock.lock()).await.is_ok()];
    drop(held);
    Outcome { got_free: [at_once, in_time], got_held, locked: lock.try_lock().is_err() }
}
