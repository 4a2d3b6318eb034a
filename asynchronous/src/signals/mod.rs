//! Cells 15 to 18: to wait until somebody says something.

pub mod barrier;
pub mod condition;
pub mod event;
pub mod event_timeout;
