//! Something every so often: the next time is counted from the first, so that it doesn't drift, and the pause until then is
//! on a channel, whose end stops it at once.

use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Instant;

use shared::exercises::periodic_task::{LIVES, Outcome, Plan};

/// Starts and stops a ticker, again and again.
pub fn idiom(plan: &Plan) -> Outcome {
    Outcome { ticks: [(); LIVES].map(|()| live(plan)).into() }
}

/// How many ticks somebody saw in a life.
fn live(plan: &Plan) -> usize {
    let (stop, stopped) = mpsc::channel::<()>();
    let (tick, ticks) = mpsc::channel();
    thread::scope(|scope| {
        scope.spawn(move || {
            let mut next = Instant::now();
            while tick.send(()).is_ok() {
                next += plan.interval;
                let pause = next.saturating_duration_since(Instant::now());
                if stopped.recv_timeout(pause) != Err(RecvTimeoutError::Timeout) {
                    break;
                }
            }
        });
        let seen = ticks.iter().take(plan.ticks).count();
        drop((stop, ticks));
        seen
    })
}
