//! Timing: how long the two arms take, and what may be concluded from it.
//!
//! What else the machine does makes a run longer, so of a few runs the fastest counts; and what changes slowly meets both arms
//! alike, so their ratio counts, not their times. But the ratios of one process resemble each other more than those of
//! several, because of where its memory lies and which cores it has. So each process gives one ratio, and it is counted how
//! many processes agree. How the arms behaved this part doesn't know.
//!
//! Source: Kalibera and Jones, "Rigorous benchmarking in reasonable time" (2013), on repetition at the level that varies
//! most.

mod chain;
mod evidence;
mod median;
mod nanos;
mod order;
mod process;
mod ratio;
mod waits;

pub use median::{median, median_time};
pub use nanos::nanos;
pub use order::{drawn, order};
pub use process::{Process, runs_of_a_block};
pub use ratio::{MOST, Ratio, Terms, Winner, needed};
pub use waits::Waits;
