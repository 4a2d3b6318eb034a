//! A run as those see it who act in it: its setting, its stage, its actors, and the notes that they make as `tracing`
//! events.
//!
//! It knows steps as numbers, and neither what a run should do nor who listens.

mod actor;
mod cast;
pub mod emit;
mod hold;
mod meeting;
mod noise;
mod note;
mod pace;
mod panics;
mod performance;
mod random;
mod setting;
mod stage;
mod stall;
mod turn;

pub use actor::Actor;
pub use cast::{Member, Program};
pub use emit::{Emission, Emit};
pub use hold::Hold;
pub(crate) use meeting::Past;
pub use meeting::{Meeting, Overlap, Party, Place};
pub use noise::Noise;
pub use note::{End, EndKind, Note, What};
pub use pace::{InvalidPace, Pace};
pub use panics::hold_back_panics;
pub(crate) use panics::message;
pub use performance::{Part, Performance};
pub use setting::{Fixture, Fixtures, Setting, Side};
pub use stage::Stage;
pub use stall::Stall;
pub use turn::{Turn, Watched, Woken};
