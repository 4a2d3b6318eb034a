//! A pair: the two solutions of one pattern, behind a face that has no type of the pattern's own.
//!
//! This is the only floor that knows a pattern's types, and the only place that names all solutions. How a run is made
//! and watched it doesn't know.

mod face;
mod pairs;
mod plan;
mod problem;
mod visible;

pub use face::{Body, Future, Pair};
pub use pairs::pair;
pub use plan::PlanError;
pub use problem::{Problem, Yielded};
pub use visible::visible;
