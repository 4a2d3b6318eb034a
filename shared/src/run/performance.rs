//! The performance of an actor: from where it begins to where it ends.

use std::panic;
use std::task::{Context, Poll};
use std::thread;

use tracing::Span;

use super::actor::Identity;
use super::hold::Hold;
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

    /// The actor begins. What holds it there until others begin too, if this run is to show that they can.
    pub fn begin(&self) -> Hold {
        self.identity.begin();
        self.identity.meeting()
    }

    /// One turn of the actor, a task: this poll of its body. Where the run has noise, it may be put off: until its next
    /// place in the queue, or as its runtime puts off who gives way, which may be behind all others.
    pub fn turn<T>(
        &self,
        context: &mut Context<'_>,
        poll: impl FnOnce(&mut Context<'_>) -> Poll<T>,
        give_way: impl FnOnce(&mut Context<'_>),
    ) -> Poll<T> {
        // A run that is not watched has no noise either.
        let Some(turns) = self.identity.turns() else { return poll(context) };
        match self.identity.gives_way(turns.next()) {
            None => return turns.take(context, poll),
            Some(drawn) if drawn.is_multiple_of(2) => context.waker().wake_by_ref(),
            Some(_) => give_way(context),
        }
        Poll::Pending
    }

    /// What holds the actor up before it is over, where the run has noise: whoever goes on without waiting for its end
    /// is seen to.
    pub fn lingering(&self) -> Hold {
        self.identity.lingering()
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
            // Nobody can be awaited here. Whoever goes on without waiting for the one that it cut off is seen to.
            self.identity.lingering().wait();
            self.record_end(End::Cancelled);
        }
    }
}
