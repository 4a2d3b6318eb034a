//! Timing: how long the two arms take, and what may be concluded from it.
//!
//! What else the machine does changes slowly against a run, so two neighbours meet about the same of it: their ratio
//! counts, not their times. But the ratios of one process resemble each other more than those of several, because of
//! where its memory lies and which cores it has. So each process gives one ratio, and it is counted how many processes
//! agree. How the arms behaved this part doesn't know.
//!
//! Source: Kalibera and Jones, "Rigorous benchmarking in reasonable time" (2013), on repetition at the level that varies
//! most.

use std::time::Duration;

mod chain;
mod evidence;
mod median;
mod order;
mod process;
mod ratio;
mod waits;

pub use median::{median, median_time};
pub use order::order;
pub use process::{Process, block};
pub use ratio::{MOST, Ratio, Terms, Winner, needed};
pub use waits::Waits;

fn in_nanoseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}
