//! The primitives of the notebook, with its names; each file is worth reading alone.

pub mod barrier;
pub mod bounded_semaphore;
pub mod condition;
pub mod event;
pub mod lock;
pub mod queue;
pub mod reentrant_lock;
pub mod semaphore;
