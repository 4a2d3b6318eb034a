//! Campaigns: the runs of one call, from the first round to what is known in the end.
//!
//! It decides which runs are made and puts together what comes of them; how a result is shown or written it doesn't
//! know.

mod all;
mod candidates;
mod comparison;
mod diff;
mod findings;
mod measured;
mod show;

pub use all::compare;
pub use candidates::{Lanes, Reading};
pub use comparison::runs;
pub use diff::{Diffed, Request, diff, read};
pub use show::show;
