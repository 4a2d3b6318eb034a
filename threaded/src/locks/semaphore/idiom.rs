//! At most so many at once: std has no semaphore, and a channel full of permits is one. A guard gives a permit back, however
//! its owner ends.

use std::thread;

use crossbeam_channel::{Sender, bounded};
use shared::locks::semaphore::{Outcome, Plan};

/// A permit, which goes back when it is dropped.
struct Permit<'a>(&'a Sender<()>);

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        // There is room for it, and where nobody takes permits any more, nobody needs it.
        let _ = self.0.send(());
    }
}

/// Lets the workers through, as many at once as there are permits.
pub fn idiom(plan: &Plan) -> Outcome {
    let (give, take) = bounded(plan.permits);
    for _permit in 0..plan.permits {
        give.send(()).expect("both ends are here");
    }
    thread::scope(|scope| {
        for _worker in 0..plan.workers {
            scope.spawn(|| {
                take.recv().expect("both ends are here");
                let _permit = Permit(&give);
                thread::sleep(plan.hold);
            });
        }
    });
    Outcome { value: take.len() }
}
