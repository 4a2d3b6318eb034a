//! Something every so often: the times are counted from the first, so that they don't drift, and those that were missed are
//! left out. The pause until the next is on a channel, whose end stops it at once.

use std::sync::mpsc::{self, RecvTimeoutError, TrySendError};
use std::thread;
use std::time::{Duration, Instant};

use shared::exercises::periodic_task::{LIVES, Outcome, Plan};

/// Starts and stops a ticker, again and again.
pub fn idiom(plan: &Plan) -> Outcome {
    Outcome { ticks: (0..LIVES).map(|_life| live(plan)).collect() }
}

/// How many ticks somebody saw in a life.
fn live(plan: &Plan) -> usize {
    let (stop, stopped) = mpsc::channel::<()>();
    let (tick, ticks) = mpsc::sync_channel(1);
    // It is divided by.
    let interval = plan.interval.max(Duration::from_nanos(1));
    thread::scope(|scope| {
        scope.spawn(move || {
            let start = Instant::now();
            while tick.try_send(()) != Err(TrySendError::Disconnected(())) {
                let late = start.elapsed().as_nanos() % interval.as_nanos();
                let pause = interval.as_nanos() - late;
                if stopped.recv_timeout(Duration::from_nanos_u128(pause)) != Err(RecvTimeoutError::Timeout) {
                    break;
                }
            }
        });
        let seen = ticks.iter().take(plan.ticks).count();
        drop((stop, ticks));
        seen
    })
}
