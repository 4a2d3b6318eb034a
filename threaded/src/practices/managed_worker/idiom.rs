//! A worker that is started and stopped: it pauses on a channel, whose end stops it at once.

use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;

use shared::practices::managed_worker::{LIVES, Outcome, Plan};

/// Starts and stops a worker, again and again.
pub fn idiom(plan: &Plan) -> Outcome {
    Outcome { rounds: (0..LIVES).map(|_life| live(plan)).collect() }
}

/// How many rounds it works in a life.
fn live(plan: &Plan) -> usize {
    let (stop, stopped) = mpsc::channel::<()>();
    // No room: a round counts when somebody has seen it.
    let (report, reports) = mpsc::sync_channel(0);
    thread::scope(|scope| {
        let worker = scope.spawn(move || {
            let mut rounds = 0;
            while report.send(()).is_ok() {
                rounds += 1;
                if stopped.recv_timeout(plan.interval) != Err(RecvTimeoutError::Timeout) {
                    break;
                }
            }
            rounds
        });
        reports.iter().take(plan.rounds).for_each(drop);
        drop((stop, reports));
        worker.join().expect("it doesn't panic")
    })
}
