//! Cells 5 to 8: how workers are made, what they know of themselves, and how long they live.

pub mod arguments;
pub mod attributes;
pub mod daemon;
pub mod worker_struct;
