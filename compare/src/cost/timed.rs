//! What a carrier must do so that it can be timed.

use std::time::Duration;

/// How long one is given until it sleeps.
pub(super) const ASLEEP: Duration = Duration::from_micros(50);

/// A carrier that can be timed. What it doesn't say, it never does.
pub(super) trait Timed {
    /// Does nothing, as the main line of a run: on a thread that is started for it.
    fn do_nothing(&mut self);

    /// Starts so many that do nothing, and joins them.
    fn spawn(&mut self, count: u32) -> Duration;

    /// Gives way so often, where nobody else wants the core; none where it never does.
    fn give_way(&mut self, _count: u32) -> Option<Duration> {
        None
    }

    /// Wakes one that waits, so often: what the calls take.
    fn wake(&mut self, _count: u32) -> Option<Duration> {
        None
    }

    /// Lets two take turns, so often: each wakes the other and waits for it.
    fn hand_over(&mut self, _count: u32) -> Option<Duration> {
        None
    }

    /// Pauses for so long: how long that takes.
    fn pause(&mut self, _asked: Duration) -> Option<Duration> {
        None
    }
}
