//! Cost: what a thread and a task cost on this machine, each in the same units: to start one, to give way, to wake one, to
//! hand over, to pause; how much memory one takes that waits; and where there can be no more.
//!
//! It knows arms and what they run on, and no pattern: what a pattern costs is made of these units, and they are measured
//! without it.

mod blocking;
mod carrier;
mod figure;
mod memory;
mod room;
mod served;
mod tasks;
mod threads;
mod timed;
mod units;
mod waiters;
mod whole;

pub use carrier::Carrier;
pub use figure::Figure;
pub use memory::{Memory, Stop};
pub use served::{SERVE_COST, serve_cost};
pub use units::{PAUSES, Units};
pub use waiters::Waiting;
pub use whole::{Cost, Depth, costs};
