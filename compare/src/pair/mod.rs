//! A pair: the two solutions of one pattern, behind a face that has no type of the pattern's own.
//!
//! This is the only floor that names solutions, and the last that knows a pattern's types: plan, step and outcome. How
//! a run is made and watched it doesn't know.

mod face;
mod idioms;
mod nearest;
mod pairs;
mod plan;
mod problem;
mod source;
mod visible;

pub use face::{Finish, Pair, Tasks, Threads};
pub use nearest::{meant, nearest};
pub use pairs::{Pairs, pair};
pub use plan::{Field, PlanError, drawn_fields, fields};
pub use problem::{Problem, Yielded};
pub use source::{goes_by_clock, idiom_beside, lines, lines_of_code, source};
pub use visible::visible;
