//! Reports: what is known after the runs of one call, as data. Their serialisations are the documents of the commands.
//!
//! Who made the runs, and how they are shown to people, they don't know.

mod cost;
mod diff;
mod effort;
mod exit;
mod pair;
mod shown;
mod stretches;
mod whole;
mod why;

pub use cost::Costs;
pub use diff::{Against, Diff};
pub use effort::Effort;
pub use exit::Exit;
pub use pair::{OutcomeReport, PairReport, SideReport, StopwatchReport, Timing, timed};
pub use shown::{Region, Shown};
pub use stretches::{Lane, State, Stretch, Wake, name_of};
pub use whole::{Report, Sort};
pub use why::{Counts, Part, What, Why};
