//! No lock need be taken again by who has it: what it guards is handed down, as `&mut`, which proves that it is held.

use shared::locks::reentrant_lock::{Outcome, Plan};
use tokio::sync::Mutex;

/// Descends with the lock held.
pub async fn idiom(plan: &Plan) -> Outcome {
    let calls = Mutex::new(0);
    let mut held = calls.lock().await;
    let deepest = descend(&mut held, plan.levels).await;
    let ordinary_let_in = calls.try_lock().is_ok();
    Outcome { deepest, left: *held, ordinary_let_in }
}

/// How many calls there are in the innermost.
async fn descend(calls: &mut usize, level: usize) -> usize {
    *calls += 1;
    // A future that holds one of its own kind has no size but in a box.
    let deepest = if level == 0 { *calls } else { Box::pin(descend(calls, level - 1)).await };
    *calls -= 1;
    deepest
}
