//! How the primitives are misused, or say no: the errors, the same on both sides.

use std::any::Any;

use crate::run::message;

/// A lock was released that nobody holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("release of a lock that is not held")]
pub struct NotHeld;

/// A reentrant lock was released by somebody who doesn't own it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("release of a lock that somebody else owns, or nobody")]
pub struct NotOwner;

/// A bounded semaphore was released more often than acquired. The text is the notebook's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("Semaphore released too many times")]
pub struct OverRelease;

/// A barrier was aborted, reset, or given up by one of its parties, so that it let nobody through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the barrier is broken")]
pub struct BrokenBarrier;

/// A pool was given a job when it had been shut down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the pool is shut down")]
pub struct ShutDown;

/// A job has no result.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JobError {
    /// It panicked, with this message.
    #[error("the job panicked: {0}")]
    Panicked(String),
    /// It was cancelled before it ran; or dropped, by whatever ended its worker.
    #[error("the job was cancelled")]
    Cancelled,
}

impl JobError {
    /// The error of a job whose panic was caught with this payload.
    pub fn panicked(payload: &(dyn Any + Send)) -> Self {
        Self::Panicked(message(payload).into())
    }
}

/// A queue has no room for this item, which comes back to whoever wanted to put it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the queue is full")]
pub struct Full<T>(pub T);

/// A queue has no item, or none in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the queue is empty")]
pub struct Empty;

/// More items of a queue were said to be done than were put. The text is CPython's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("task_done() called too many times")]
pub struct TooManyDone;
