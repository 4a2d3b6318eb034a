//! Cells 11 to 14: locks, and permits for more than one.

pub mod bounded_semaphore;
pub mod lock;
pub mod reentrant_lock;
pub mod semaphore;
