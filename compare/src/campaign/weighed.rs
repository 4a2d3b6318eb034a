//! What a run takes of memory, in a process that has made none of its pair before.

use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use shared::Pace;

use crate::lab::{Arm, Failure, Lab, Tick, memory_written, system_words};
use crate::pair::Pair;

/// How often it is looked at. A run that waits is at its greatest for longer than that.
const EVERY: Duration = Duration::from_micros(500);

/// The pace of that run: without waits, it would be over before it is looked at. And that of the one before.
const PACES: [f64; 2] = [0.05, 0.001];

/// What a run took of memory.
#[derive(Debug, Serialize, Deserialize)]
pub struct Weighed {
    /// So many bytes more than before it its process had at most, of heap and of stacks; none where the system
    /// doesn't say, or the run failed.
    pub bytes: Option<u64>,
    /// Why the run failed, if it did.
    pub failure: Option<Failure>,
}

/// Runs one arm of a pair once, and looks meanwhile at what this process has. That is for a process which has run nothing
/// of the pair before: of what an allocator or a pool keeps, later runs take again without a trace. What any run takes, a
/// run of this other pair takes first: it starts and waits for nobody.
pub(super) fn weigh(pair: &Pair, other: &Pair, arm: Arm, lab: &mut Lab) -> Weighed {
    let [paced, nearly_not] = PACES.map(|pace| Pace::new(pace).expect("it is one"));
    let mut run = |pair, arm, pace, number| {
        lab.progress().begin_run(arm, number, None);
        let setting = lab.timed(pair, arm, pace);
        let ran = lab.run(pair, arm, setting);
        lab.progress().tick(Tick::Over);
        ran.err().map(|broken| broken.failure)
    };
    if let Some(failure) = run(other, arm, nearly_not, 1) {
        return Weighed { bytes: None, failure: Some(failure) };
    }
    let (ready, over) = (Barrier::new(2), AtomicBool::new(false));
    let watch = || {
        let before = memory_written();
        ready.wait();
        let mut most = before;
        while !over.load(Ordering::Relaxed) {
            most = most.max(memory_written());
            thread::sleep(EVERY);
        }
        // An allocator keeps most of what a short run has had.
        Some(most.max(memory_written())?.saturating_sub(before?))
    };
    thread::scope(|scope| {
        let watcher = match thread::Builder::new().spawn_scoped(scope, watch) {
            Ok(watcher) => watcher,
            Err(error) => {
                return Weighed { bytes: None, failure: Some(Failure::NoRoom(system_words(&error))) };
            }
        };
        ready.wait();
        let failure = run(pair, arm, paced, 2);
        over.store(true, Ordering::Relaxed);
        let bytes = watcher.join().expect("it only looks");
        Weighed { bytes: bytes.filter(|_| failure.is_none()), failure }
    })
}
