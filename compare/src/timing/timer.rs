//! The timer: how late it is.

use std::thread;
use std::time::{Duration, Instant};

use asynchronous::join;
use tokio::{task, time};

use super::samples::median_time;
use crate::lab::Lab;

/// How much longer a task's pause takes than a thread's, because tokio's timer counts whole milliseconds and rounds up:
/// the greatest of three medians, over pauses of less than a millisecond, of one, and of one and a half.
pub fn timer_error(lab: &Lab) -> Duration {
    let took = |sleep: &dyn Fn()| {
        let start = Instant::now();
        sleep();
        start.elapsed()
    };
    let error = |pause| {
        let thread = took(&|| thread::sleep(pause));
        let task = took(&|| lab.block_on(async { join(task::spawn(time::sleep(pause))).await }));
        task.saturating_sub(thread)
    };
    let errors = [50, 1000, 1500].map(|micros| [(); 7].map(|()| error(Duration::from_micros(micros))));
    errors.iter().filter_map(|errors| median_time(errors)).max().unwrap_or_default()
}
