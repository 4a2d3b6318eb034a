//! Campaigns: the runs of one call, from the first round to what is known in the end.
//!
//! It decides which runs are made, and in which process, and puts together what comes of them; how a result is shown or
//! written it doesn't know.

mod all;
mod answer;
mod apart;
mod candidates;
mod children;
mod diff;
mod findings;
mod judged;
mod log;
mod order;
mod scratch;
mod served;
mod show;
mod timed;
mod weighed;

pub use all::{budget, compare};
pub use candidates::{Lanes, Reading};
pub use children::Apart;
pub use diff::{Diffed, Kept, Request, diff, read};
pub use judged::runs;
pub use log::{check_filter, write_log};
pub use served::{SERVE_PAIR, serve_pair};
pub use show::{Looked, show};
pub use weighed::Weighed;
