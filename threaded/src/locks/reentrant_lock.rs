//! A lock that its owner, a thread, may acquire again.

pub mod idiom;

use shared::locks::reentrant_lock::{Outcome, Plan, Step};
use shared::{Actor, Stage};

use crate::primitives::lock::Lock;
use crate::primitives::reentrant_lock::ReentrantLock;

/// Calls a function that holds the lock and calls itself; then shows what an ordinary lock does.
pub fn run(stage: Stage, plan: Plan) -> Outcome {
    let main = stage.main();
    let lock = ReentrantLock::new();
    let deepest = recursive_function(main, &lock, plan.levels);
    main.says(Step::Completed);

    let ordinary = Lock::new();
    let _guard = ordinary.guard();
    // Not `acquire`: that would wait for its own guard, for ever.
    let ordinary_let_in = ordinary.try_acquire();
    if !ordinary_let_in {
        main.says(Step::OrdinaryRefused);
    }
    Outcome { deepest, left: lock.recursion_count(), ordinary_let_in }
}

/// Returns how often the lock is held in the innermost call.
fn recursive_function(main: &Actor, lock: &ReentrantLock, level: usize) -> usize {
    let _guard = lock.guard();
    let count = lock.recursion_count();
    main.says(Step::Acquired { count });
    let deepest = if level > 0 {
        main.says(Step::Level { level });
        recursive_function(main, lock, level - 1)
    } else {
        count
    };
    main.says(Step::Releasing { count: lock.recursion_count() });
    deepest
}
