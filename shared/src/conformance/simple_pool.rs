//! What the pool that is made from a queue must survive.
//!
//! It has one owner and no handles, so the bodies of the other [pool](super::pool) don't fit; what holds of a task is
//! the same: it is run once, or cancelled once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::jobs::Gate;
use super::until;
use crate::misuse::{JobError, ShutDown};

/// A pool from a queue, whose tasks may block, whoever runs them.
pub trait SimplePool {
    /// One of so many workers.
    fn new(workers: usize) -> Self;
    /// Queues a task.
    ///
    /// # Errors
    /// If it is shut down.
    fn submit(&mut self, task: impl FnOnce() + Send + 'static) -> Result<(), ShutDown>;
    /// Accepts no more tasks, and waits until those that are queued are run, or cancels them and says which.
    fn shutdown(&mut self, wait: bool) -> Vec<usize>;
    /// The errors of the tasks that failed.
    fn errors(&self) -> Vec<JobError>;
    /// How many of its workers have not ended.
    fn workers_left(&self) -> usize;
}

/// Makes the tests of a pool from a queue.
#[macro_export]
macro_rules! simple_pool_conformance {
    ($pool:ty) => {
        $crate::conformance_tests!(simple_pool, $pool:
            run_after_shutdown, every_task_is_run_once_or_cancelled_once, what_is_queued_is_cancelled,
            failures_cost_no_worker,
        );
    };
}

/// The numbers of no tasks.
const NONE: [usize; 0] = [];

/// Submits so many tasks, which count how often each of them was run.
fn submit<P: SimplePool>(pool: &mut P, tasks: usize) -> Arc<Vec<AtomicUsize>> {
    let runs: Arc<Vec<_>> = Arc::new((0..tasks).map(|_| AtomicUsize::new(0)).collect());
    for number in 0..tasks {
        let runs = Arc::clone(&runs);
        let task = move || {
            runs[number].fetch_add(1, Ordering::SeqCst);
        };
        pool.submit(task).expect("the pool is open");
    }
    runs
}

/// CPython: `test_run_after_shutdown`. It is an error, and stays one; nobody runs the task.
pub fn run_after_shutdown<P: SimplePool>() {
    for wait in [true, false] {
        let (mut pool, ran) = (P::new(2), Arc::new(AtomicBool::new(false)));
        pool.shutdown(wait);
        for _ in 0..2 {
            let ran = Arc::clone(&ran);
            assert_eq!(pool.submit(move || ran.store(true, Ordering::SeqCst)), Err(ShutDown));
        }
        pool.shutdown(true);
        assert!(!ran.load(Ordering::SeqCst));
    }
}

/// However it is shut down, and then again. Who waits returns when all is done, and the workers have ended.
pub fn every_task_is_run_once_or_cancelled_once<P: SimplePool>() {
    const TASKS: usize = 20;
    let ways = [(true, true), (true, false), (false, true), (false, false)];
    for (first, second) in (0..20).flat_map(|_| ways) {
        let mut pool = P::new(3);
        let runs = submit(&mut pool, TASKS);
        let runs = || runs.iter().map(|runs| runs.load(Ordering::SeqCst));
        let cancelled = pool.shutdown(first);
        if first {
            assert_eq!((cancelled.as_slice(), pool.workers_left()), (&NONE[..], 0));
            assert!(runs().eq([1; TASKS]), "it returned before all was done");
        }
        assert_eq!(pool.shutdown(second), NONE, "nothing is left to be cancelled");
        assert!(!second || pool.workers_left() == 0);
        // Who didn't wait may have left tasks that run.
        assert_eq!(pool.shutdown(true), NONE);
        assert_eq!(pool.workers_left(), 0);
        assert!(cancelled.is_sorted());
        for (number, runs) in runs().enumerate() {
            let cancelled = cancelled.iter().filter(|cancelled| **cancelled == number).count();
            assert_eq!(runs + cancelled, 1, "task {number}");
        }
    }
}

/// Each worker is held by a task when the pool is shut down. Not to wait is to return meanwhile, and to cancel what is
/// queued, in its order; what runs goes on until it is done, which can still be waited for.
pub fn what_is_queued_is_cancelled<P: SimplePool>() {
    const WORKERS: usize = 2;
    let (mut pool, gate) = (P::new(WORKERS), Gate::default());
    let [held, released] = [(); 2].map(|()| Arc::new(AtomicUsize::new(0)));
    for _ in 0..WORKERS {
        let (gate, held, released) = (gate.clone(), Arc::clone(&held), Arc::clone(&released));
        let task = move || {
            held.fetch_add(1, Ordering::SeqCst);
            gate.pass();
            released.fetch_add(1, Ordering::SeqCst);
        };
        pool.submit(task).expect("the pool is open");
    }
    until("all are held", || held.load(Ordering::SeqCst) == WORKERS);
    let runs = submit(&mut pool, 3);
    assert_eq!(pool.shutdown(false), [2, 3, 4]);
    assert_eq!((released.load(Ordering::SeqCst), pool.workers_left()), (0, WORKERS));
    gate.open();
    assert_eq!(pool.shutdown(true), NONE);
    assert_eq!((released.load(Ordering::SeqCst), pool.workers_left()), (WORKERS, 0));
    assert!(runs.iter().all(|runs| runs.load(Ordering::SeqCst) == 0));
}

/// Twice as many failures as workers, and then tasks that must all run at once to end: no worker is missing, and each
/// failure is reported.
pub fn failures_cost_no_worker<P: SimplePool>() {
    const WORKERS: usize = 3;
    let (mut pool, inside) = (P::new(WORKERS), Arc::new(AtomicUsize::new(0)));
    for _ in 0..2 * WORKERS {
        pool.submit(|| panic!("as it must")).expect("the pool is open");
    }
    for _ in 0..WORKERS {
        let inside = Arc::clone(&inside);
        let task = move || {
            inside.fetch_add(1, Ordering::SeqCst);
            until("all are inside", || inside.load(Ordering::SeqCst) == WORKERS);
        };
        pool.submit(task).expect("the pool is open");
    }
    assert_eq!(pool.shutdown(true), NONE);
    assert_eq!(inside.load(Ordering::SeqCst), WORKERS);
    assert_eq!(pool.errors(), vec![JobError::Panicked("as it must".into()); 2 * WORKERS]);
}
