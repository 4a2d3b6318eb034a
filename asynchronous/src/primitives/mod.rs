//! The primitives of the notebook, with its names; each file is worth reading alone.
//!
//! What needn't wait gives way now and then all the same, as what tokio has does: each call takes a bit of the budget
//! that tokio gives a task for one poll (`coop::consume_budget`), where it waits by nothing that does.

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
