//! A worker in the background: nothing kills a thread, so it looks whether it is wanted any more. A channel that is closed
//! says so, and wakes it from its pause.

use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;

use shared::creating::daemon::{Outcome, Plan};

/// Works beside a thread that goes on until it is stopped.
pub fn idiom(plan: &Plan) -> Outcome {
    let (report, reports) = mpsc::sync_channel(plan.rounds);
    let (stop, stopped) = mpsc::channel::<()>();
    thread::scope(|scope| {
        scope.spawn(move || {
            // It reports until nobody listens, and pauses until it is stopped.
            while report.send(()).is_ok() {
                if stopped.recv_timeout(plan.daemon_interval) != Err(RecvTimeoutError::Timeout) {
                    break;
                }
            }
        });
        let normal = scope.spawn(|| {
            for _line in 0..plan.count {
                thread::sleep(plan.normal_interval);
            }
            plan.count
        });
        let normal = normal.join().expect("it doesn't panic");
        let rounds = reports.iter().take(plan.rounds_after()).count();
        // The scope waits for it, so it must be told.
        drop((stop, reports));
        Outcome { normal, rounds }
    })
}
