//! A hold: what keeps an actor where it is for a while. A thread waits for it; a task awaits it, but where it has said
//! something, its thread waits too.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::thread;
use std::time::{Duration, Instant};

use super::meeting::{Meeting, Seat};

/// What holds an actor up: nothing, in a run that is timed.
#[derive(Debug)]
#[must_use = "nobody is held who doesn't wait for it"]
pub struct Hold(Kind);

#[derive(Debug)]
enum Kind {
    Nothing,
    /// A meeting, at this place, and when the actor came.
    Meeting(Arc<Meeting>, Seat, Option<Instant>),
    /// Noise: a thread sleeps for so long, a task gives way so often.
    Noise(Duration, u32),
}

impl Hold {
    pub(super) const NOTHING: Self = Self(Kind::Nothing);

    pub(super) fn meeting(meeting: Arc<Meeting>, seat: Seat) -> Self {
        Self(Kind::Meeting(meeting, seat, None))
    }

    pub(super) fn noise(sleeps: Duration, turns: u32) -> Self {
        Self(Kind::Noise(sleeps, turns))
    }

    /// Holds the thread.
    pub fn wait(&self) {
        match &self.0 {
            Kind::Nothing => {}
            Kind::Meeting(meeting, seat, _) => {
                if meeting.arrive(*seat) {
                    meeting.hold(*seat);
                }
            }
            Kind::Noise(sleeps, _) => thread::sleep(*sleeps),
        }
    }
}

/// Holds the actor, a task: it gives way at each poll, so that others of its thread go on.
///
/// Not taken: to be woken by the last who comes. Most of the time that is the next task in the queue, and a wake-up for
/// each would be more machinery than the few polls that it saves.
impl Future for Hold {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.0.is_over() {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    }
}

impl Kind {
    fn is_over(&mut self) -> bool {
        match self {
            Self::Nothing | Self::Noise(_, 0) => true,
            Self::Noise(_, turns) => {
                *turns -= 1;
                false
            }
            Self::Meeting(meeting, seat, came @ None) => {
                *came = Some(Instant::now());
                !meeting.arrive(*seat)
            }
            Self::Meeting(meeting, seat, Some(came)) => {
                if came.elapsed() > meeting.patience() {
                    meeting.give_up();
                }
                !meeting.is_held(*seat)
            }
        }
    }
}
