//! Cells 29 to 38: the exercises, and their solutions.

pub mod bounded_buffer;
pub mod parallel_map;
pub mod periodic_task;
pub mod pool_from_scratch;
pub mod singleton;
