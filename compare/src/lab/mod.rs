//! The laboratory: how one run is made, watched and ended, and what it needs to be made.
//!
//! It runs whatever arm of whatever pair it is given, and has what some of them need, an origin of pages and a
//! database. Whether a run did what it should, it doesn't know.

mod arm;
mod child;
mod environment;
mod failure;
mod fixtures;
mod interruption;
mod laboratory;
mod limits;
mod load;
mod lost;
mod origin;
mod progress;
mod rounds;
mod settings;
mod usage;
mod workers;

pub use arm::{Arm, Runtime, UnknownArm, comparisons};
pub use child::{Child, SEPARATOR, this_program};
pub use environment::{Environment, cores};
pub use failure::{Failure, in_words, system_words};
pub use fixtures::{FixtureError, Workshop};
pub use interruption::{interrupted_status, listen};
pub use laboratory::{Broken, Completed, LOOK, Lab, Message};
pub use limits::{available, bytes, limit_memory, memory_written, outlive_full_files};
pub use load::{Load, disturbance};
pub use lost::lost;
pub use origin::{Origin, SERVE_ORIGIN, serve};
pub use progress::{Progress, Tick, When};
pub use rounds::{NOISY, OFTEN, ROUNDS, Round, TRIES};
pub use settings::{Log, Settings};
pub use usage::Usage;
pub use workers::Workers;
