//! Cells 19 to 22: a few workers, and jobs for them.

pub mod callbacks;
pub mod exceptions;
pub mod ordered_map;
