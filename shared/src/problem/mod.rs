//! The problem of a pattern: its card, its steps, its plan with its limits, what it must yield, and what it asks of
//! every run.
//!
//! It knows all floors below, and no pattern.

mod catalogue;
mod declare;
mod difference;
mod limit;
mod workload;

pub use catalogue::{CELLS, Card, Pattern, Section};
pub use difference::{Difference, Level, Occurs};
pub use limit::Limit;
pub use workload::{Blocking, KEPT_THREADS, Outcome, Stopwatch, Suspending, Workload};
