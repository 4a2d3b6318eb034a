//! How the primitives are misused: the errors, the same on both sides.

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
