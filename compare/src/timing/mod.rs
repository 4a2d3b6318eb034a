//! Timing: how long the two arms take, in pairs of runs that follow each other.
//!
//! What else the machine does changes slowly against a run, so two neighbours meet about the same of it: their ratio
//! counts, not their times. Of all ratios the median is reported, between the least and the greatest. How the arms
//! behaved it doesn't know.

mod chain;
mod ratio;
mod regime;
mod samples;
mod timer;

pub use chain::chain_of_pauses;
pub use ratio::{Ratio, Winner};
pub use regime::{Regime, order, regimes};
pub use samples::{Samples, median_time};
pub use timer::timer_error;
