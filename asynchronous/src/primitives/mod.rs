//! The primitives of the notebook, with its names; each file is worth reading alone.

pub mod barrier;
pub mod bounded_semaphore;
pub mod condition;
pub mod event;
pub mod fair_read_write_lock;
pub mod handle;
pub mod lock;
pub mod managed_worker;
pub mod pool;
pub mod queue;
pub mod read_write_lock;
pub mod reentrant_lock;
pub mod semaphore;
