//! A pool of tasks, held to what it must survive.

use std::future;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use futures::{FutureExt as _, StreamExt as _};
use shared::conformance::pool::{Bomb, Gate};
use shared::conformance::{self, panics, until};
use shared::{Actor, Pace, Setting, Side, Stage};
use tokio::runtime::{self, Runtime};
use tokio::sync::Semaphore;
use tokio::task;

use super::{Handle, JobError, Pool, ShutDown, Work};
use crate::Perform as _;
use crate::primitives::handle;

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().expect("room for a runtime"));

/// Driven by the threads that call it; its jobs block in place, within the worker's own task.
impl conformance::pool::Pool for Pool {
    type Handle = Handle<usize>;

    fn new(workers: usize) -> Self {
        let _context = RUNTIME.enter();
        Self::new(workers)
    }

    fn workers(&self) -> usize {
        self.workers()
    }

    fn submit(&self, job: impl FnOnce() -> usize + Send + 'static) -> Result<Handle<usize>, ShutDown> {
        self.submit(async move |()| task::block_in_place(job))
    }

    fn map(
        &self,
        items: usize,
        f: impl FnOnce(usize) -> usize + Clone + Send + 'static,
    ) -> Result<Vec<Result<usize, JobError>>, ShutDown> {
        RUNTIME.block_on(self.map(0..items, async move |(), item| task::block_in_place(|| f(item))))
    }

    fn shutdown(&self, wait: bool) {
        RUNTIME.block_on(self.shutdown(wait));
    }

    fn as_completed(handles: Vec<Handle<usize>>) -> impl Iterator<Item = Handle<usize>> {
        let mut completed = handle::as_completed(handles);
        std::iter::from_fn(move || RUNTIME.block_on(completed.next()))
    }
}

shared::pool_conformance!(Pool);

/// A runtime of one thread, so that nothing happens but while it is driven.
fn single() -> Runtime {
    runtime::Builder::new_current_thread().enable_time().build().expect("room for a runtime")
}

/// The worker's number is its context, and a job gets that of the task that runs it.
#[test]
fn a_job_knows_its_worker() {
    single().block_on(async {
        let mut tasks = Vec::new();
        let pool = Pool::with(3, |number, work| {
            let task = task::spawn(work.run(number));
            tasks.push(task.id());
            task
        });
        let job = async |worker, _| {
            let ids = (task::id(), task::yield_now().await, task::id());
            (worker, ids.0, ids.2)
        };
        let ran = pool.map(0..30, job).await.expect("the pool is open");
        for (worker, before, after) in ran.into_iter().map(|job| job.expect("no panic")) {
            assert_eq!([before, after], [tasks[worker]; 2]);
        }
    });
}

/// The workers are actors: each job is performed by one of them, across its awaits.
#[test]
fn a_job_is_performed_by_an_actor() {
    single().block_on(async {
        let stage = Stage::new(Setting { pace: Pace::ZERO, ..Setting::new("pool", Side::Asynchronous) });
        let pool = Pool::with(2, |number, work| {
            let worker = stage.actor("pool-worker", number);
            task::spawn(worker.perform(async move |worker| work.run(Arc::new(worker)).await))
        });
        let job = async |worker: Arc<Actor>, _| {
            crate::pause(&worker, Duration::ZERO).await;
            (worker.role(), worker.number())
        };
        for actor in pool.map(0..10, job).await.expect("the pool is open") {
            let (role, number) = actor.expect("no panic");
            assert_eq!(role, "pool-worker");
            assert!(number < 2);
        }
    });
}

/// A result that nobody asks for panics when the worker drops it.
#[test]
fn an_unwanted_result_costs_no_worker() {
    single().block_on(async {
        let pool = Pool::new(1);
        drop(pool.submit(async |()| Bomb).expect("the pool is open"));
        assert_eq!(pool.submit(async |()| 2).expect("the pool is open").result().await, Ok(2));
    });
}

/// What makes the future panics, not the future.
#[test]
fn a_panic_before_the_future_is_the_jobs_too() {
    single().block_on(async {
        let pool = Pool::new(1);
        let panicking = pool.submit(|()| -> future::Ready<usize> { panic!("as it must") });
        let panicked = Err(JobError::Panicked("as it must".into()));
        assert_eq!(panicking.expect("the pool is open").result().await, panicked);
        assert_eq!(pool.submit(async |()| 2).expect("the pool is open").result().await, Ok(2));
    });
}

/// Jobs wait without keeping each other's workers waiting, on a single thread.
#[test]
fn workers_share_a_thread() {
    single().block_on(async {
        let (pool, turns) = (Pool::new(3), Arc::new(Semaphore::new(0)));
        let waiting = [(); 2].map(|()| {
            let turns = Arc::clone(&turns);
            pool.submit(async move |()| turns.acquire().await.expect("it is never closed").forget())
        });
        let releasing = pool.submit(async move |()| turns.add_permits(2));
        for handle in waiting.into_iter().chain([releasing]) {
            assert_eq!(handle.expect("the pool is open").result().await, Ok(()));
        }
    });
}

/// A job that waits for another of its own pool, with a worker for each; and with one worker, where the time runs out.
#[test]
fn a_job_waits_for_another() {
    single().block_on(async {
        for (workers, expected) in [(2, Some(Ok(1))), (1, None)] {
            let pool = Arc::new(Pool::new(workers));
            let outer = pool.submit({
                let pool = Arc::clone(&pool);
                async move |()| {
                    let inner = pool.submit(async |()| 1).expect("the pool is open");
                    let timeout = if workers == 1 { conformance::SHORT } else { Duration::MAX };
                    inner.result_timeout(timeout).await
                }
            });
            assert_eq!(outer.expect("the pool is open").result().await, Ok(expected));
        }
    });
}

/// A dropped pool is not waited for, but what it has accepted is run.
#[test]
fn a_dropped_pool_runs_on() {
    let runtime = single();
    let handles = runtime.block_on(async {
        let pool = Pool::new(2);
        [0, 1, 2, 3].map(|number| pool.submit(async move |()| number).expect("the pool is open"))
    });
    assert!(!handles.iter().any(Handle::is_done), "nobody drove them");
    for (number, handle) in handles.iter().enumerate() {
        assert_eq!(runtime.block_on(handle.result()), Ok(number));
    }
}

/// A map that is dropped: before its first poll nothing was submitted, after it everything, and is run.
#[test]
fn a_dropped_map_loses_no_job() {
    let runtime = single();
    for polls in 0..3 {
        let runs = Arc::new(AtomicUsize::new(0));
        let job = {
            let runs = Arc::clone(&runs);
            async move |(), ()| runs.fetch_add(1, Ordering::SeqCst)
        };
        runtime.block_on(async {
            let pool = Pool::new(2);
            let mut map = pool.map([(); 5], job).boxed();
            for _ in 0..polls {
                assert!((&mut map).now_or_never().is_none());
            }
            drop(map);
            pool.shutdown(true).await;
        });
        assert_eq!(runs.load(Ordering::SeqCst), if polls == 0 { 0 } else { 5 });
    }
}

/// A shutdown that is dropped: before its first poll nothing has happened, after it only the waiting is given up, and
/// whoever shuts the pool down again waits for all workers.
#[test]
fn a_dropped_shutdown_leaves_nobody_out() {
    let runtime = single();
    for polls in 0..4 {
        runtime.block_on(async {
            let (pool, turns) = (Pool::new(2), Arc::new(Semaphore::new(0)));
            let handles = [(); 6].map(|()| {
                let turns = Arc::clone(&turns);
                let job = async move |()| turns.acquire().await.expect("it is never closed").forget();
                pool.submit(job).expect("the pool is open")
            });
            let mut shutdown = pool.shutdown(true).boxed();
            for _ in 0..polls {
                assert_eq!((&mut shutdown).now_or_never(), None);
                task::yield_now().await;
            }
            drop(shutdown);
            assert_eq!(pool.submit(async |()| 1).is_err(), polls > 0);
            // One job is left, and the worker that runs it.
            turns.add_permits(5);
            let mut again = pool.shutdown(true).boxed();
            for _ in 0..20 {
                assert_eq!((&mut again).now_or_never(), None);
                task::yield_now().await;
            }
            turns.add_permits(1);
            again.await;
            assert!(handles.iter().all(Handle::is_done));
            assert_eq!(turns.available_permits(), 0);
        });
    }
}

/// A shutdown that is dropped while it waits for a worker, whichever that is: the next waits for that worker too.
#[test]
fn a_dropped_shutdown_keeps_the_worker_that_it_waits_for() {
    single().block_on(async {
        for last in [0, 1] {
            let turns = [(); 2].map(|()| Arc::new(Semaphore::new(0)));
            let pool = Pool::with(2, |number, work| task::spawn(work.run(Arc::clone(&turns[number]))));
            // Each keeps a worker until it is that worker's turn.
            let job = async |turn: Arc<Semaphore>| turn.acquire().await.map(drop).is_ok();
            let running = [(); 2].map(|()| pool.submit(job).expect("the pool is open"));
            while !running.iter().all(Handle::is_running) {
                task::yield_now().await;
            }
            assert_eq!(pool.shutdown(true).now_or_never(), None);
            turns[1 - last].add_permits(1);
            let mut again = pool.shutdown(true).boxed();
            for _ in 0..20 {
                assert_eq!((&mut again).now_or_never(), None, "worker {last} is left out");
                task::yield_now().await;
            }
            turns[last].add_permits(1);
            again.await;
        }
    });
}

/// It cancels at its first poll, and that is all it takes.
#[test]
fn a_shutdown_that_cancels_is_over_at_once() {
    single().block_on(async {
        let pool = Pool::new(2);
        let queued = [(); 5].map(|()| pool.submit(async |()| 1).expect("the pool is open"));
        assert_eq!(pool.shutdown(false).now_or_never(), Some(()));
        assert!(queued.iter().all(|handle| handle.result().now_or_never() == Some(Err(JobError::Cancelled))));
    });
}

/// A worker is aborted: the job that it runs is cancelled, and the others go on. With the last of them, what is queued
/// is cancelled, and nothing is accepted any more.
#[test]
fn an_aborted_worker_cancels_its_job() {
    single().block_on(async {
        let mut aborts = Vec::new();
        let pool = Pool::with(2, |_, work: Work<()>| {
            let worker = task::spawn(work.run(()));
            aborts.push(worker.abort_handle());
            worker
        });
        let running = [(); 2].map(|()| pool.submit(async |()| future::pending::<usize>().await));
        let running = running.map(|handle| handle.expect("the pool is open"));
        while !running.iter().all(Handle::is_running) {
            task::yield_now().await;
        }
        let queued = pool.submit(async |()| 1).expect("the pool is open");
        aborts[0].abort();
        let (cancelled, other) = {
            let mut completed = handle::as_completed(running);
            (completed.next().await.expect("one of them"), completed)
        };
        assert_eq!(cancelled.result().await, Err(JobError::Cancelled));
        assert!(!queued.is_done());
        aborts[1].abort();
        let left = other.map(|handle| handle.is_done()).collect::<Vec<_>>().await;
        assert_eq!(left, [true]);
        assert_eq!(queued.result().await, Err(JobError::Cancelled));
        assert_eq!(pool.submit(async |()| 1).map(drop), Err(ShutDown));
        pool.shutdown(true).await;
    });
}

/// The runtime ends, and its tasks with it: whoever waits elsewhere learns that the jobs are cancelled.
#[test]
fn the_end_of_the_runtime_cancels_all_jobs() {
    let runtime = Runtime::new().expect("room for a runtime");
    let context = runtime.enter();
    let pool = Pool::new(2);
    drop(context);
    let submit = |_| pool.submit(async |()| future::pending::<usize>().await).expect("the pool is open");
    let handles: Vec<_> = (0..5).map(submit).collect();
    until("two run", || handles.iter().filter(|handle| handle.is_running()).count() == 2);
    drop(runtime);
    assert!(handles.iter().all(|handle| handle.result().now_or_never() == Some(Err(JobError::Cancelled))));
    assert_eq!(pool.submit(async |()| 1).map(drop), Err(ShutDown));
}

/// The only worker is lost while jobs are submitted: each that was accepted is cancelled.
#[test]
fn the_last_worker_to_go_cancels_what_is_queued() {
    for _ in 0..50 {
        let leave = Arc::new(Gate::default());
        let _context = RUNTIME.enter();
        let pool = Pool::with(1, |_, work: Work<()>| {
            let leave = Arc::clone(&leave);
            task::spawn_blocking(move || {
                leave.pass();
                drop(work);
            })
        });
        let mut handles = vec![pool.submit(async |()| 1).expect("the worker is there")];
        leave.open();
        while let Ok(handle) = pool.submit(async |()| 1) {
            handles.push(handle);
        }
        for handle in handles {
            assert_eq!(RUNTIME.block_on(handle.result()), Err(JobError::Cancelled));
        }
    }
}

/// There is no runtime to spawn a worker in.
#[test]
fn outside_of_a_runtime_there_is_no_pool() {
    assert!(panics(|| drop(Pool::new(1))));
}
