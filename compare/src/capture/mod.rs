//! Capture: a `tracing` layer that keeps what actors say, and hands it out run by run, as a trace.
//!
//! It knows notes and nothing of what a run is for: neither patterns nor sides, nor who asks for a trace.

mod assembly;
mod layer;
mod ring;

pub use assembly::assemble;
pub use layer::{Capture, Record, install, install_with, take};
