//! The performance of an actor: from where it begins to where it ends.

use std::panic;
use std::thread;

use tracing::Span;

use super::actor::Identity;
use super::panics;
use crate::{Actor, End, Stage, What};

/// Records where an actor begins and how it ends.
///
/// Each side has a `perform` that leads an actor through it: in a thread, or in a task. Dropped without an end, the
/// actor was cancelled: that is how a task ends that is aborted, before its first poll too.
#[derive(Debug)]
pub struct Performance {
    identity: Identity,
    over: bool,
}

/// What can be performed: an actor, or the main line of a stage.
pub trait Part: Send + Sized + 'static {
    /// The performance of this part, not yet begun.
    fn performance(&self) -> Performance;
}

impl Part for Actor {
    fn performance(&self) -> Performance {
        Performance { identity: self.identity().clone(), over: false }
    }
}

impl Part for Stage {
    fn performance(&self) -> Performance {
        self.main().performance()
    }
}

impl Performance {
    /// The actor's span: to be entered by its thread, to instrument its task.
    pub fn span(&self) -> Span {
        self.identity.span().clone()
    }

    /// Whether the actor, a task, is to give way before its poll of this number: where the run has noise.
    pub fn gives_way(&self, poll: u32) -> bool {
        self.identity.gives_way(poll)
    }

    /// The actor begins.
    pub fn begin(&self) {
        self.identity.record(None, What::Began);
    }

    /// The actor ends: with this value, or with this panic, which goes on.
    ///
    /// # Panics
    /// With the actor's own panic.
    pub fn end<T>(mut self, result: thread::Result<T>) -> T {
        match result {
            Ok(value) => {
                self.record_end(End::Returned);
                value
            }
            Err(payload) => {
                self.record_end(End::Panicked(panics::take_message(&*payload)));
                panic::resume_unwind(payload)
            }
        }
    }

    fn record_end(&mut self, end: End) {
        self.over = true;
        self.identity.record(None, What::Ended(end));
    }
}

impl Drop for Performance {
    fn drop(&mut self) {
        if !self.over {
            self.record_end(End::Cancelled);
        }
    }
}
