//! Four ways to acquire a lock, between tasks.

pub mod idiom;

use std::sync::Arc;

use shared::locks::lock::{Outcome, Plan, Step};
use shared::{Actor, Stage};
use tokio::task;

use crate::primitives::event::Event;
use crate::primitives::lock::Lock;
use crate::{Perform as _, join};

/// Takes a free lock in four ways, then tries two of them on one that is held.
pub async fn run(stage: Stage, plan: Plan) -> Outcome {
    let main = stage.main();
    let lock = Arc::new(Lock::new());

    lock.acquire().await;
    main.says(Step::Held);
    main.says(Step::Releasing);
    lock.release().expect("it is held");
    {
        let _guard = lock.guard().await;
        main.says(Step::HeldByGuard { locked: lock.locked() });
        main.says(Step::Releasing);
    }
    let got_at_once = lock.try_acquire();
    visit(main, &lock, got_at_once, Step::GotAtOnce, Step::Busy);
    let got_in_time = lock.acquire_timeout(plan.guard).await;
    visit(main, &lock, got_in_time, Step::GotInTime, Step::TimedOut);

    let (held, enough) = (Arc::new(Event::new()), Arc::new(Event::new()));
    let holder = {
        let (lock, held, enough) = (Arc::clone(&lock), Arc::clone(&held), Arc::clone(&enough));
        task::spawn(stage.actor("holder", 1).perform(async move |holder| {
            lock.acquire().await;
            holder.says(Step::Holding);
            held.set();
            enough.wait().await;
            holder.says(Step::Releasing);
            lock.release().expect("the holder holds it");
        }))
    };
    held.wait().await;
    let got_while_held = lock.try_acquire();
    visit(main, &lock, got_while_held, Step::GotAtOnce, Step::Busy);
    let patience = main.waits(plan.patience).unwrap_or_default();
    let got_late = lock.acquire_timeout(patience).await;
    visit(main, &lock, got_late, Step::GotInTime, Step::TimedOut);
    enough.set();
    join(holder).await;

    let (got_free, got_held) = ([got_at_once, got_in_time], [got_while_held, got_late]);
    Outcome { got_free, got_held, locked: lock.locked() }
}

/// The critical section if the lock was got, and the other branch if not; recorded as from where it is called.
#[track_caller]
fn visit(main: &Actor, lock: &Lock, got: bool, inside: Step, outside: Step) {
    if got {
        main.says(inside);
        main.says(Step::Releasing);
        lock.release().expect("it was got");
    } else {
        main.says(outside);
    }
}
