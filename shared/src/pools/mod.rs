//! Cells 19 to 22: a few workers, and jobs for them.

pub mod as_completed;
pub mod callbacks;
pub mod exceptions;
pub mod ordered_map;
