//! Something that happens once: a cell that is set once, for which any number of threads may wait. Who would wait for so
//! long at most, or clear it, takes a `bool` in a `Mutex` and a `Condvar`, as in `event_timeout`.

use std::sync::OnceLock;
use std::thread;

use shared::signals::event::{Outcome, Plan};

/// Lets the waiters wait until the event is set.
pub fn idiom(plan: &Plan) -> Outcome {
    let event = OnceLock::new();
    thread::scope(|scope| {
        for _waiter in 0..plan.waiters {
            scope.spawn(|| event.wait());
        }
        thread::sleep(plan.delay);
        event.set(()).expect("nobody else sets it");
    });
    Outcome { set: event.get().is_some() }
}
