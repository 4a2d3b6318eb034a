//! No lock need be taken again by who has it: what it guards is handed down, as `&mut`, which proves that it is held. Where
//! that can't be, as when a callback comes back to its owner, `parking_lot` has a `ReentrantMutex`, which hands out a `&`.
//!
//! ```compile_fail,E0499
//! fn descend(calls: &mut usize, again: &mut usize) {}
//! let calls = std::sync::Mutex::new(0);
//! let mut held = calls.lock().unwrap();
//! descend(&mut held, &mut held); // cannot borrow `held` as mutable more than once at a time
//! ```

use std::sync::Mutex;

use shared::locks::reentrant_lock::{Outcome, Plan};

/// Descends with the lock held.
pub fn idiom(plan: &Plan) -> Outcome {
    let calls = Mutex::new(0);
    let mut held = calls.lock().expect("no holder panics");
    let deepest = descend(&mut held, plan.levels);
    let ordinary_let_in = calls.try_lock().is_ok();
    Outcome { deepest, left: *held, ordinary_let_in }
}

/// How many calls there are in the innermost.
fn descend(calls: &mut usize, level: usize) -> usize {
    *calls += 1;
    let deepest = if level == 0 { *calls } else { descend(calls, level - 1) };
    *calls -= 1;
    deepest
}
