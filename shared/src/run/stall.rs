//! Stalls: what an actor does to its thread.
//!
//! A task that puts its thread to sleep in one of its turns, or keeps it busy for long, holds up every other task there. A
//! thread may do both, but one that is put to sleep over and over where it should wait once, or is busy where it should
//! wait, asks again and again.
//!
//! How long something took by the clock says nothing on a busy machine. What the system counts for the thread does: how
//! often it was put to sleep, and how much of a core it used. Either may happen to a right solution once in a while (a lock
//! of the allocator, a page that must be made), so only what happens in every run of several counts. In a process whose
//! addresses are limited (`ulimit -v`) it may happen in every run: an allocator that is refused its own region asks the
//! system again and again, and threads wait for each other there. So nothing is counted in such a process.

use std::cell::Cell;
#[cfg(target_os = "linux")]
use std::sync::LazyLock;
use std::time::Duration;

/// What an actor did to its thread since its last note.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stall {
    /// In which turn of its task; none of a thread.
    pub turn: Option<u32>,
    /// How often the thread was put to sleep, waiting for something.
    pub blocked: u32,
    /// How much of its core it used.
    pub computed: Duration,
}

/// A turn that uses more of its core than this computes, and so does a thread between two of its notes. What either does
/// there takes microseconds; a machine that takes fifty times as long is slow in every run, and its tasks do compute.
const LONG: Duration = Duration::from_millis(5);

/// How much longer it may be for each thing that is done in the whole run, by a task and by a thread: to spawn a thousand
/// of them is no computation, and a thread costs tens of microseconds.
const EACH: (Duration, Duration) = (Duration::from_micros(10), Duration::from_micros(100));

impl Stall {
    /// This and a later one, of which no note was made between.
    pub(super) fn and(self, later: Self) -> Self {
        let (blocked, computed) = (self.blocked + later.blocked, self.computed.max(later.computed));
        Self { turn: later.turn, blocked, computed }
    }

    /// Whether it computed, in a run of so many events.
    pub fn computes(&self, events: usize) -> bool {
        let (task, thread) = EACH;
        let each = if self.turn.is_some() { task } else { thread };
        self.computed > LONG + each.saturating_mul(u32::try_from(events).unwrap_or(u32::MAX))
    }
}

/// Takes a turn, and says whether it was a stall; never where the system doesn't count for each thread.
pub(super) fn watch<T>(turn: u32, take: impl FnOnce() -> T) -> (T, Option<Stall>) {
    let before = usage();
    let taken = take();
    (taken, stall(Some(turn), before))
}

thread_local! {
    /// What this thread had used when its actor made its last note.
    static NOTED: Cell<Option<Usage>> = const { Cell::new(None) };
}

/// What this thread, which is an actor, did since it was [told](note) of the actor's last note.
pub(super) fn since_noted() -> Option<Stall> {
    stall(None, NOTED.get())
}

/// The actor of this thread has made a note.
pub(super) fn note() {
    NOTED.set(usage());
}

/// What the thread has done since it had used so much, if it is worth a word.
fn stall(turn: Option<u32>, before: Option<Usage>) -> Option<Stall> {
    let ((switches, time), (more, later)) = before.zip(usage())?;
    let blocked = u32::try_from(more.saturating_sub(switches)).unwrap_or(u32::MAX);
    let stall = Stall { turn, blocked, computed: later.saturating_sub(time) };
    (blocked > 0 || stall.computes(0)).then_some(stall)
}

/// How often a thread was put to sleep, and how much of a core it used.
type Usage = (i64, Duration);

/// What this thread has used. Not the time of the same call: many systems count that in ticks of milliseconds.
#[cfg(target_os = "linux")]
fn usage() -> Option<Usage> {
    use nix::sys::resource::{UsageWho, getrusage};
    use nix::time::{ClockId, clock_gettime};

    if !*COUNTS {
        return None;
    }
    let used = getrusage(UsageWho::RUSAGE_THREAD).ok()?;
    let time = clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID).ok()?;
    Some((used.voluntary_context_switches(), time.into()))
}

/// Whether what is counted is the actors' doing alone.
#[cfg(target_os = "linux")]
static COUNTS: LazyLock<bool> = LazyLock::new(|| {
    use nix::sys::resource::{RLIM_INFINITY, Resource, getrlimit};

    getrlimit(Resource::RLIMIT_AS).is_ok_and(|(addresses, _)| addresses == RLIM_INFINITY)
});

#[cfg(not(target_os = "linux"))]
fn usage() -> Option<Usage> {
    None
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use std::hint::black_box;
    use std::thread;
    use std::time::Duration;

    use super::{LONG, Stall, note, since_noted, usage, watch};

    #[test]
    fn a_sleep_is_a_stall() {
        let ((), stall) = watch(3, || thread::sleep(Duration::from_micros(1)));
        let stall = stall.expect("the thread was put to sleep");
        assert!(stall.turn == Some(3) && stall.blocked > 0, "{stall:?}");
    }

    #[test]
    fn a_thread_is_told_what_it_did_since_its_last_note() {
        note();
        thread::sleep(Duration::from_micros(1));
        let stall = since_noted().expect("the thread was put to sleep");
        assert!(stall.turn.is_none() && stall.blocked > 0, "{stall:?}");
        note();
        assert_eq!(since_noted(), None);
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

    #[test]
    fn the_more_is_done_the_longer_it_may_take() {
        let computes = |turn, events| {
            let computed = LONG + Duration::from_millis(1);
            Stall { turn, blocked: 0, computed }.computes(events)
        };
        assert_eq!([0, 99, 100].map(|events| computes(Some(1), events)), [true, true, false]);
        assert_eq!([0, 9, 10].map(|events| computes(None, events)), [true, true, false]);
    }
}
