//! All meet before anybody goes on: std's barrier also says who leads.

use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use shared::signals::barrier::{Outcome, Plan};

/// Lets the workers meet, after each has worked for so long.
pub fn idiom(plan: &Plan, work: &[Duration]) -> Outcome {
    let (barrier, followers) = (Barrier::new(plan.parties), AtomicUsize::new(0));
    let meet = |work| {
        thread::sleep(work);
        // The leader has the first place, the others those behind it.
        if barrier.wait().is_leader() { 0 } else { 1 + followers.fetch_add(1, Ordering::Relaxed) }
    };
    thread::scope(|scope| {
        let workers: Vec<_> = work.iter().map(|work| scope.spawn(|| meet(*work))).collect();
        let places = workers.into_iter().map(|worker| worker.join().expect("it doesn't panic"));
        Outcome { places: places.collect() }
    })
}
