//! A pool of threads, held to what it must survive.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::thread;

use shared::conformance::pool::{Bomb, Gate};
use shared::conformance::{self, panics, until};
use shared::{Actor, Pace, Setting, Side, Stage};

use super::{Handle, JobError, Pool, ShutDown, Work};
use crate::Perform as _;
use crate::primitives::handle;

impl conformance::pool::Pool for Pool {
    type Handle = Handle<usize>;

    fn new(workers: usize) -> Self {
        Self::new(workers)
    }

    fn workers(&self) -> usize {
        self.workers()
    }

    fn submit(&self, job: impl FnOnce() -> usize + Send + 'static) -> Result<Handle<usize>, ShutDown> {
        self.submit(|()| job())
    }

    fn map(
        &self,
        items: usize,
        f: impl FnOnce(usize) -> usize + Clone + Send + 'static,
    ) -> Result<Vec<Result<usize, JobError>>, ShutDown> {
        self.map(0..items, |(), item| f(item))
    }

    fn shutdown(&self, wait: bool) {
        self.shutdown(wait);
    }

    fn as_completed(handles: Vec<Handle<usize>>) -> impl Iterator<Item = Handle<usize>> {
        handle::as_completed(handles)
    }
}

shared::pool_conformance!(Pool);

/// The worker's number is its context, and a job gets that of the thread that runs it.
#[test]
fn a_job_knows_its_worker() {
    let mut threads = Vec::new();
    let pool = Pool::with(3, |number, work| {
        let thread = thread::spawn(move || work.run(number));
        threads.push(thread.thread().id());
        thread
    });
    let ran = pool.map(0..30, |worker, _| (worker, thread::current().id())).expect("the pool is open");
    for (worker, thread) in ran.into_iter().map(|job| job.expect("no panic")) {
        assert_eq!(threads[worker], thread);
    }
}

/// The workers are actors: each job is performed by one of them.
#[test]
fn a_job_is_performed_by_an_actor() {
    let stage = Stage::new(Setting { pace: Pace::ZERO, ..Setting::new("pool", Side::Threaded) });
    let pool = Pool::with(2, |number, work| {
        let worker = stage.actor("pool-worker", number);
        thread::spawn(worker.perform(move |worker| work.run(Arc::new(worker))))
    });
    let job = |worker: Arc<Actor>, _| (worker.role(), worker.number());
    for actor in pool.map(0..10, job).expect("the pool is open") {
        let (role, number) = actor.expect("no panic");
        assert_eq!(role, "pool-worker");
        assert!(number < 2);
    }
}

/// Dropping it waits for what it has accepted, also when a panic does.
#[test]
fn a_dropped_pool_has_run_everything() {
    let ran = Arc::new(AtomicBool::new(false));
    assert!(panics(|| {
        let (pool, gate) = (Pool::new(1), Gate::default());
        let _running = gate.guards(&pool, 1);
        let job = {
            let ran = Arc::clone(&ran);
            move |()| ran.store(true, Ordering::SeqCst)
        };
        pool.submit(job).expect("the pool is open");
        gate.open();
        panic!("in the block");
    }));
    assert!(ran.load(Ordering::SeqCst));
}

/// A result that nobody asks for panics when the worker drops it.
#[test]
fn an_unwanted_result_costs_no_worker() {
    let (pool, gate) = (Pool::new(1), Gate::default());
    let running = gate.guards(&pool, 1);
    drop(pool.submit(|()| Bomb).expect("the pool is open"));
    gate.open();
    assert_eq!(pool.submit(|()| 2).expect("the pool is open").result(), Ok(2));
    drop(running);
}

/// Workers that leave without having worked: nothing is accepted any more.
#[test]
fn a_pool_without_workers_is_shut_down() {
    let pool = Pool::with(2, |_, work: Work<()>| thread::spawn(move || drop(work)));
    until("they have left", || pool.submit(|()| 1).is_err());
    pool.shutdown(true);
}

/// The only worker is lost with jobs queued: these are cancelled, and so is every one that comes meanwhile.
#[test]
fn the_last_worker_to_go_cancels_what_is_queued() {
    for _ in 0..50 {
        let (leave, left) = mpsc::channel::<()>();
        let mut left = Some(left);
        let pool = Pool::with(1, |_, work: Work<()>| {
            let left = left.take().expect("there is one worker");
            thread::spawn(move || {
                let _ = left.recv();
                drop(work);
            })
        });
        let mut handles = vec![pool.submit(|()| 1).expect("the worker is there")];
        drop(leave);
        while let Ok(handle) = pool.submit(|()| 1) {
            handles.push(handle);
        }
        assert!(handles.iter().all(|handle| handle.result() == Err(JobError::Cancelled)));
    }
}

/// A thread can't be spawned: those that were have nobody to work for, and end.
#[test]
fn a_spawn_that_panics_leaves_no_worker() {
    let (leave, left) = mpsc::channel();
    assert!(panics(|| {
        Pool::with(2, |number, work: Work<()>| {
            assert_eq!(number, 0, "as it must");
            let leave = leave.clone();
            thread::spawn(move || {
                work.run(());
                let _ = leave.send(());
            })
        });
    }));
    left.recv().expect("the first has ended");
}
