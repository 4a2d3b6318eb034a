//! Stalls: a turn in which a task holds up its thread, and with it every other task there.
//!
//! How long a turn took by the clock says nothing on a busy machine. What the system counts for the thread does: a turn
//! in which the thread was put to sleep has blocked, and one in which it used milliseconds of its core has computed.
//! Either may happen to a right solution once in a while (a lock of the allocator, a page that must be made), so only
//! what happens in every run counts.

use std::time::Duration;

/// What held up a thread in a task's turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stall {
    /// The number of the turn.
    pub turn: u32,
    /// How often the thread was put to sleep, waiting for something.
    pub blocked: u32,
    /// How much of its core it used.
    pub computed: Duration,
}

/// A turn that uses more of its core than this computes. What tasks do between two awaits takes microseconds; a machine
/// that takes fifty times as long is slow in every run, and its tasks do compute.
const LONG: Duration = Duration::from_millis(5);

/// How much longer it may be for each thing that is done in the whole run: to spawn a thousand tasks is no computation.
const EACH: Duration = Duration::from_micros(10);

impl Stall {
    /// This and a later one, of which no note was made between.
    pub(super) fn and(self, later: Self) -> Self {
        let (blocked, computed) = (self.blocked + later.blocked, self.computed.max(later.computed));
        Self { turn: later.turn, blocked, computed }
    }

    /// Whether it computed, in a run of so many events.
    pub fn computes(&self, events: usize) -> bool {
        let each = EACH.saturating_mul(u32::try_from(events).unwrap_or(u32::MAX));
        self.computed > LONG + each
    }
}

/// Takes a turn, and says whether it was a stall; never where the system doesn't count for each thread.
pub(super) fn watch<T>(turn: u32, take: impl FnOnce() -> T) -> (T, Option<Stall>) {
    let before = usage();
    let taken = take();
    let stall = before.zip(usage()).and_then(|((switches, time), (more, later))| {
        let blocked = u32::try_from(more.saturating_sub(switches)).unwrap_or(u32::MAX);
        let stall = Stall { turn, blocked, computed: later.saturating_sub(time) };
        (blocked > 0 || stall.computes(0)).then_some(stall)
    });
    (taken, stall)
}

/// How often this thread was put to sleep, and how much of a core it used. Not the time of the same call: many systems
/// count that in ticks of milliseconds.
#[cfg(target_os = "linux")]
fn usage() -> Option<(i64, Duration)> {
    use nix::sys::resource::{UsageWho, getrusage};
    use nix::time::{ClockId, clock_gettime};

    let used = getrusage(UsageWho::RUSAGE_THREAD).ok()?;
    let time = clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID).ok()?;
    Some((used.voluntary_context_switches(), time.into()))
}

#[cfg(not(target_os = "linux"))]
fn usage() -> Option<(i64, Duration)> {
    None
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use std::hint::black_box;
    use std::thread;
    use std::time::Duration;

    use super::{LONG, usage, watch};

    #[test]
    fn a_sleep_is_a_stall() {
        let ((), stall) = watch(3, || thread::sleep(Duration::from_micros(1)));
        let stall = stall.expect("the thread was put to sleep");
        assert!(stall.turn == 3 && stall.blocked > 0, "{stall:?}");
    }

    #[test]
    fn a_long_computation_is_a_stall() {
        let used = || usage().expect("the system counts for each thread").1;
        let ((), stall) = watch(1, || {
            let enough = used() + 2 * LONG;
            while used() <= enough {
                black_box(enough);
            }
        });
        assert!(stall.is_some_and(|stall| stall.computes(0)), "{stall:?}");
    }
}
