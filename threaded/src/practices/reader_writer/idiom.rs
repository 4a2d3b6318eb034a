//! Many readers or one writer: std's lock promises no order among those who wait. Where one matters, who comes later is
//! started later: here by the writer, while it has the lock. In `parking_lot`'s, a reader waits behind a writer that waits.

use std::sync::{Barrier, RwLock};
use std::thread;

use shared::practices::reader_writer::{EARLY, Outcome, Plan};

/// Lets a writer in after the first readers, and one more reader after it.
pub fn idiom(plan: &Plan) -> Outcome {
    let (value, entered) = (RwLock::new(0), Barrier::new(EARLY + 1));
    let read = || {
        let value = value.read().expect("no writer panics");
        entered.wait();
        thread::sleep(plan.inside);
        *value
    };
    let read = thread::scope(|scope| {
        let early = [(); EARLY].map(|()| scope.spawn(read));
        entered.wait();
        let mut writing = value.write().expect("no writer panics");
        let late = scope.spawn(|| *value.read().expect("no writer panics"));
        thread::sleep(plan.inside);
        *writing = plan.written;
        drop(writing);
        early
            .into_iter()
            .chain([late])
            .map(|reader| reader.join().expect("it doesn't panic"))
            .collect::<Vec<_>>()
    });
    // The cell plays it twice, with two locks. Here is one, and what was read is the answer for both.
    Outcome { overtaking: read.clone(), fair: read }
}
