//! Cells 23 and 24: data that is local to a worker.

pub mod connection_per_worker;
pub mod local_data;
