//! A worker with arguments: it borrows them, because its scope outlives it. A name, the size of a stack, or an error where
//! there is no room takes a `Builder`.
//!
//! A thread that is not of a scope may outlive what it would borrow, so it may not borrow.
//!
//! ```compile_fail,E0373
//! let label = String::from("Thread-A");
//! std::thread::spawn(|| println!("{label}")); // closure may outlive the current function
//! ```

use std::sync::mpsc;
use std::thread::{self, Builder};

use shared::creating::arguments::{NAME, Outcome, Plan};

/// Lets a named thread count, and asks whether it still does.
pub fn idiom(plan: &Plan) -> Outcome {
    let (ask, asked) = mpsc::channel::<()>();
    thread::scope(|scope| {
        let worker = Builder::new().name(NAME.into()).spawn_scoped(scope, move || {
            let count = |index| {
                thread::sleep(plan.interval);
                format!("{}: {index}", plan.label)
            };
            let lines = (0..plan.count).map(count).collect();
            // Until it was asked for: the channel is closed then.
            let _closed = asked.recv();
            (thread::current().name().map(str::to_owned), lines)
        });
        let worker = worker.expect("there is room for a thread");
        let while_running = !worker.is_finished();
        drop(ask);
        let (name, lines) = worker.join().expect("it doesn't panic");
        // Before it starts there is no handle to ask, and the join takes it: so nobody is told that it lives.
        Outcome { name, lines, before_start: Some(false), while_running, after_join: false }
    })
}
