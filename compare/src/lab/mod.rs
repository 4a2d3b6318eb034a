//! The laboratory: how one run is made, watched and ended, and what it needs to be made.
//!
//! It runs whatever arm of whatever pair it is given, and has what some of them need, an origin of pages and a
//! database. What a run should have done, it doesn't know.

mod arm;
mod environment;
mod failure;
mod fixtures;
mod interruption;
mod laboratory;
mod origin;
mod progress;
mod rounds;
mod settings;
mod usage;
mod workers;

pub use arm::{Arm, UnknownArm};
pub use environment::{Environment, cores};
pub use failure::Failure;
pub use fixtures::{FixtureError, Workshop};
pub use interruption::interrupted_status;
pub use laboratory::{Broken, Completed, Lab, Message};
pub use origin::{COMMAND, Origin, serve};
pub use progress::{Progress, When};
pub use rounds::{NOISY, OFTEN, ROUNDS, Round, TRIES};
pub use settings::{Flavour, Settings};
pub use usage::Usage;
