//! A run as those see it who act in it: its setting, its stage, its actors, and the notes that they make as `tracing`
//! events.
//!
//! It knows steps as numbers, and neither what a run should do nor who listens.

mod actor;
mod cast;
pub mod emit;
mod noise;
mod note;
mod pace;
mod panics;
mod performance;
mod random;
mod setting;
mod stage;

pub use actor::Actor;
pub use cast::{Member, Program};
pub use emit::{Emission, Emit};
pub use noise::Noise;
pub use note::{End, EndKind, Note, What};
pub use pace::{InvalidPace, Pace};
pub use panics::hold_back_panics;
pub(crate) use panics::message;
pub use performance::{Part, Performance};
pub use setting::{Fixture, Fixtures, Setting, Side};
pub use stage::Stage;
