//! A lock that its owner, an explicit one, may acquire again.

pub mod idiom;

use shared::locks::reentrant_lock::{Outcome, Plan, Step};
use shared::{Actor, Stage};

use crate::primitives::lock::Lock;
use crate::primitives::reentrant_lock::{Owner, ReentrantLock};

/// Calls a function that holds the lock and calls itself; then shows what an ordinary lock does.
pub async fn run(stage: Stage, plan: Plan) -> Outcome {
    let main = stage.main();
    let (lock, owner) = (ReentrantLock::new(), Owner::new());
    let deepest = recursive_function(main, &lock, &owner, plan.levels).await;
    main.says(Step::Completed);

    let ordinary = Lock::new();
    let _guard = ordinary.guard().await;
    // Not `acquire`: that would wait for its own guard, for ever.
    let ordinary_let_in = ordinary.try_acquire();
    if !ordinary_let_in {
        main.says(Step::OrdinaryRefused);
    }
    Outcome { deepest, left: lock.recursion_count(&owner), ordinary_let_in }
}

/// Returns how often the lock is held in the innermost call.
async fn recursive_function(main: &Actor, lock: &ReentrantLock, owner: &Owner, level: usize) -> usize {
    let _guard = lock.guard(owner).await;
    let count = lock.recursion_count(owner);
    main.says(Step::Acquired { count });
    let deepest = if level > 0 {
        main.says(Step::Level { level });
        // A future holds all that it awaits: one that awaits its like must do so through a pointer.
        Box::pin(recursive_function(main, lock, owner, level - 1)).await
    } else {
        count
    };
    main.says(Step::Releasing { count: lock.recursion_count(owner) });
    deepest
}
