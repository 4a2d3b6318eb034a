//! What a pool must survive: cases of CPython's `test_concurrent_futures`, and more.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use super::{SHORT, bunch, join, until};
use crate::misuse::{JobError, ShutDown};

pub use super::jobs::{Gate, Handle, Pool};

/// Makes the tests of a pool.
#[macro_export]
macro_rules! pool_conformance {
    ($pool:ty) => {
        $crate::conformance_tests!(pool, $pool:
            submit, map, map_exception, map_of_nothing, map_keeps_the_order, run_after_shutdown, cancel_futures,
            cancel_futures_wait_false, context_manager_shutdown, del_shutdown, threads_terminate,
            shutdown_race_issue12456, hang_gh94440, no_stale_references, saturation, constructor,
            #[should_panic(expected = "a pool needs at least one worker")] no_worker,
            repr, first_come_first_served, shutdown_twice, shutdown_by_many, every_job_is_run_once,
            every_job_is_run_or_cancelled_once, panics_cost_no_worker, what_a_cancelled_job_leaves_costs_no_worker,
            a_job_waits_for_one_of_its_own_pool, a_lone_worker_cant_wait_for_itself, a_job_shuts_its_pool_down,
            the_last_owner_is_a_job, a_job_owns_what_is_queued,
        );
    };
}

/// Counts how often its jobs were run.
#[derive(Debug, Clone, Default)]
struct Runs(Arc<AtomicUsize>);

impl Runs {
    /// One of its jobs.
    fn job(&self) -> impl FnOnce() -> usize + Send + 'static {
        let runs = Arc::clone(&self.0);
        move || runs.fetch_add(1, Ordering::SeqCst)
    }

    fn count(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

/// CPython: `test_submit`.
pub fn submit<P: Pool>() {
    let pool = P::new(5);
    assert_eq!(pool.submit(|| 2_usize.pow(8)).expect("the pool is open").result(), Ok(256));
}

/// CPython: `test_map`.
pub fn map<P: Pool>() {
    let squares = P::new(5).map(10, |n| n * n).expect("the pool is open");
    assert_eq!(squares, (0..10).map(|n| Ok(n * n)).collect::<Vec<_>>());
}

/// CPython: `test_map_exception`. One fails, the others don't.
pub fn map_exception<P: Pool>() {
    let quotients = P::new(2).map(4, |n| 6_usize.checked_div(n).expect("no zero")).expect("the pool is open");
    assert_eq!(quotients, [Err(JobError::Panicked("no zero".into())), Ok(6), Ok(3), Ok(2)]);
}

/// No items, no results.
pub fn map_of_nothing<P: Pool>() {
    assert_eq!(P::new(1).map(0, |n| n), Ok(Vec::new()));
}

/// The earlier an item, the later it is done: each waits for the next to have returned.
pub fn map_keeps_the_order<P: Pool>() {
    const ITEMS: usize = 6;
    let done = Arc::new(AtomicUsize::new(0));
    let mapped = P::new(ITEMS).map(ITEMS, move |n| {
        until("the next is done", || done.load(Ordering::SeqCst) == ITEMS - 1 - n);
        done.fetch_add(1, Ordering::SeqCst);
        n
    });
    assert_eq!(mapped, Ok((0..ITEMS).map(Ok).collect()));
}

/// CPython: `test_run_after_shutdown`.
pub fn run_after_shutdown<P: Pool>() {
    for wait in [true, false] {
        let pool = P::new(2);
        pool.shutdown(wait);
        assert_eq!(pool.submit(|| 1).map(drop), Err(ShutDown));
        assert_eq!(pool.map(3, |n| n), Err(ShutDown));
    }
}

/// CPython: `test_cancel_futures`. What runs goes on until it is done; what is queued is not run, then or later.
pub fn cancel_futures<P: Pool>() {
    let (pool, gate, runs) = (P::new(2), Gate::default(), Runs::default());
    let running = [1, 2].map(|number| gate.guards(&pool, number));
    let queued = [(); 5].map(|()| pool.submit(runs.job()).expect("the pool is open"));
    pool.shutdown(false);
    assert!(queued.iter().all(|handle| handle.result() == Err(JobError::Cancelled)));
    assert!(running.iter().all(Handle::is_running));
    gate.open();
    pool.shutdown(true);
    assert_eq!(running.map(|handle| handle.result()), [Ok(1), Ok(2)]);
    assert_eq!(runs.count(), 0);
}

/// CPython: `test_cancel_futures_wait_false`. It doesn't wait: it returns while a job runs that can't end before.
pub fn cancel_futures_wait_false<P: Pool>() {
    let (pool, gate) = (P::new(1), Gate::default());
    let running = gate.guards(&pool, 1);
    pool.shutdown(false);
    assert!(!running.is_done());
    gate.open();
    assert_eq!(running.result(), Ok(1));
}

/// CPython: `test_context_manager_shutdown`. At the end of the block, all is done.
pub fn context_manager_shutdown<P: Pool>() {
    let (pool, runs) = (P::new(5), Runs::default());
    let handles: Vec<_> = (0..20).map(|_| pool.submit(runs.job()).expect("the pool is open")).collect();
    pool.shutdown(true);
    assert!(handles.iter().all(Handle::is_done));
    assert_eq!(runs.count(), 20);
}

/// CPython: `test_del_shutdown`. A dropped pool runs what it has accepted.
pub fn del_shutdown<P: Pool>() {
    let (pool, gate) = (P::new(1), Gate::default());
    let mut handles = vec![gate.guards(&pool, 0)];
    handles.extend((1..5).map(|number| pool.submit(move || number).expect("the pool is open")));
    let dropping = thread::spawn(move || drop(pool));
    gate.open();
    let results: Vec<_> = handles.iter().map(Handle::result).collect();
    assert_eq!(results, (0..5).map(Ok).collect::<Vec<_>>());
    dropping.join().expect("it panics not");
}

/// CPython: `test_threads_terminate`. After the shutdown no worker is left that could own a job: what the last job
/// owned is dropped.
pub fn threads_terminate<P: Pool>() {
    let (pool, owned) = (P::new(3), Arc::new(()));
    for _ in 0..9 {
        let owned = Arc::clone(&owned);
        pool.submit(move || Arc::strong_count(&owned)).expect("the pool is open");
    }
    pool.shutdown(true);
    assert_eq!(Arc::strong_count(&owned), 1);
}

/// CPython: `test_shutdown_race_issue12456`. As many jobs as it takes to have every worker at every stage when the pool
/// is shut down: it ends.
pub fn shutdown_race_issue12456<P: Pool>() {
    let (pool, runs) = (P::new(3), Runs::default());
    for _ in 0..500 {
        pool.submit(runs.job()).expect("the pool is open");
    }
    pool.shutdown(true);
    assert_eq!(runs.count(), 500);
}

/// CPython: `test_hang_gh94440`. A job is cancelled while a worker comes to it, and at once the pool is shut down: it
/// ends.
pub fn hang_gh94440<P: Pool>() {
    for _ in 0..100 {
        let pool = P::new(1);
        assert_eq!(pool.submit(|| 1).expect("the pool is open").result(), Ok(1));
        pool.submit(|| 2).expect("the pool is open").cancel();
        pool.shutdown(true);
    }
}

/// CPython: `test_no_stale_references`. A worker that has run a job keeps nothing of it, though it has no other job and
/// nobody has its handle.
pub fn no_stale_references<P: Pool>() {
    let (pool, owned) = (P::new(1), Arc::new(()));
    let job = {
        let owned = Arc::clone(&owned);
        move || Arc::strong_count(&owned)
    };
    drop(pool.submit(job).expect("the pool is open"));
    until("nobody else has it", || Arc::strong_count(&owned) == 1);
    assert_eq!(pool.submit(|| 1).expect("the pool is open").result(), Ok(1));
}

/// CPython: `test_saturation`. All workers work, and no more jobs at once than that.
pub fn saturation<P: Pool>() {
    const WORKERS: usize = 4;
    let (pool, inside, gate) = (P::new(WORKERS), Arc::new(AtomicUsize::new(0)), Gate::default());
    let submit = |_| {
        let (inside, gate) = (Arc::clone(&inside), gate.clone());
        pool.submit(move || {
            let before = inside.fetch_add(1, Ordering::SeqCst);
            gate.pass();
            inside.fetch_sub(1, Ordering::SeqCst);
            before
        })
    };
    let handles: Vec<_> = (0..5 * WORKERS).map(|n| submit(n).expect("the pool is open")).collect();
    until("all work", || inside.load(Ordering::SeqCst) == WORKERS);
    gate.open();
    for handle in handles {
        assert!(handle.result().expect("it doesn't panic") < WORKERS, "too many are inside");
    }
}

/// It has as many workers as were asked for.
pub fn constructor<P: Pool>() {
    for workers in [1, 7] {
        assert_eq!(P::new(workers).workers(), workers);
    }
}

/// CPython: `test_max_workers_negative`. (That it is not negative, the type sees to.)
pub fn no_worker<P: Pool>() {
    P::new(0);
}

/// It shows itself at any time.
pub fn repr<P: Pool>() {
    let pool = P::new(2);
    assert!(format!("{pool:?}").contains("shut_down: false"));
    pool.shutdown(true);
    assert!(format!("{pool:?}").contains("shut_down: true"));
}

/// A single worker takes the jobs in the order in which they came.
pub fn first_come_first_served<P: Pool>() {
    let (pool, order) = (P::new(1), Arc::<Mutex<Vec<_>>>::default());
    for number in 0..50 {
        let order = Arc::clone(&order);
        let job = move || {
            order.lock().expect("no panic").push(number);
            number
        };
        assert_eq!(pool.submit(job).expect("the pool is open").number(), number);
    }
    pool.shutdown(true);
    assert_eq!(*order.lock().expect("no panic"), (0..50).collect::<Vec<_>>());
}

/// In every combination; and what was not cancelled the first time may be the second.
pub fn shutdown_twice<P: Pool>() {
    for (first, second) in [(true, true), (true, false), (false, true), (false, false)] {
        let (pool, runs) = (P::new(2), Runs::default());
        let handle = pool.submit(runs.job()).expect("the pool is open");
        pool.shutdown(first);
        pool.shutdown(second);
        let result = handle.result();
        assert!(result == Ok(0) || !first && result == Err(JobError::Cancelled), "{result:?}");
        assert_eq!(runs.count(), usize::from(result.is_ok()));
    }
}

/// All who wait for the end do so, whoever came first.
pub fn shutdown_by_many<P: Pool>() {
    for _ in 0..20 {
        let (pool, gate, runs) = (Arc::new(P::new(2)), Gate::default(), Runs::default());
        let running = [1, 2].map(|number| gate.guards(&*pool, number));
        for _ in 0..5 {
            pool.submit(runs.job()).expect("the pool is open");
        }
        let closing = bunch(3, {
            let runs = runs.clone();
            move |_| {
                pool.shutdown(true);
                runs.count()
            }
        });
        gate.open();
        assert_eq!(join(closing), [5; 3]);
        assert!(running.iter().all(Handle::is_done));
    }
}

/// Four submit while the pool is shut down: what was accepted is run, what wasn't is not.
pub fn every_job_is_run_once<P: Pool>() {
    submit_while_it_is_shut_down::<P>(true);
}

/// The same, with a shutdown that cancels.
pub fn every_job_is_run_or_cancelled_once<P: Pool>() {
    submit_while_it_is_shut_down::<P>(false);
}

fn submit_while_it_is_shut_down<P: Pool>(wait: bool) {
    for round in 0..30 {
        let (pool, runs) = (Arc::new(P::new(2)), Runs::default());
        let (submitted, ended) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let submitting = bunch(4, {
            let (pool, runs, submitted, ended) =
                (Arc::clone(&pool), runs.clone(), Arc::clone(&submitted), Arc::clone(&ended));
            move |_| {
                let mut handles = Vec::new();
                while let Ok(handle) = pool.submit(runs.job()) {
                    let ended = Arc::clone(&ended);
                    handle.on_done(move |_| {
                        ended.fetch_add(1, Ordering::SeqCst);
                    });
                    handles.push(handle);
                    submitted.fetch_add(1, Ordering::SeqCst);
                }
                let ran = handles.iter().filter(|handle| handle.result().is_ok()).count();
                (handles.len(), ran)
            }
        });
        until("some are submitted", || submitted.load(Ordering::SeqCst) > 5 * round);
        pool.shutdown(wait);
        let counts = join(submitting);
        pool.shutdown(true);
        let accepted: usize = counts.iter().map(|(accepted, _)| accepted).sum();
        let ran: usize = counts.iter().map(|(_, ran)| ran).sum();
        assert_eq!(runs.count(), ran);
        assert_eq!(ended.load(Ordering::SeqCst), accepted);
        assert!(!wait || ran == accepted, "{ran} of {accepted} were run");
    }
}

/// Twice as many panics as workers, and then jobs that must all run at once to end: no worker is missing.
pub fn panics_cost_no_worker<P: Pool>() {
    const WORKERS: usize = 3;
    let (pool, inside) = (P::new(WORKERS), Arc::new(AtomicUsize::new(0)));
    let panicking =
        [(); 2 * WORKERS].map(|()| pool.submit(|| panic!("as it must")).expect("the pool is open"));
    let meeting = [(); WORKERS].map(|()| {
        let inside = Arc::clone(&inside);
        let job = move || {
            inside.fetch_add(1, Ordering::SeqCst);
            until("all are inside", || inside.load(Ordering::SeqCst) == WORKERS);
            1
        };
        pool.submit(job).expect("the pool is open")
    });
    for handle in panicking {
        assert_eq!(handle.result(), Err(JobError::Panicked("as it must".into())));
    }
    assert_eq!(meeting.map(|handle| handle.result()), [const { Ok(1) }; WORKERS]);
}

/// Panics when it is dropped.
#[derive(Debug)]
pub struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        panic!("when it is dropped");
    }
}

/// A job is cancelled, and what it owned panics when the worker drops it.
pub fn what_a_cancelled_job_leaves_costs_no_worker<P: Pool>() {
    let (pool, gate) = (P::new(1), Gate::default());
    let running = gate.guards(&pool, 1);
    let bomb = Bomb;
    let cancelled = pool.submit(move || size_of_val(&bomb)).expect("the pool is open");
    assert!(cancelled.cancel());
    gate.open();
    assert_eq!(pool.submit(|| 2).expect("the pool is open").result(), Ok(2));
    assert_eq!([running.result(), cancelled.result()], [Ok(1), Err(JobError::Cancelled)]);
}

/// With a second worker, a job can wait for another of its own pool.
pub fn a_job_waits_for_one_of_its_own_pool<P: Pool>() {
    let pool = Arc::new(P::new(2));
    let outer = pool.submit({
        let pool = Arc::clone(&pool);
        move || pool.submit(|| 20).expect("the pool is open").result().expect("no panic") + 1
    });
    assert_eq!(outer.expect("the pool is open").result(), Ok(21));
}

/// With a single worker that is a deadlock, as it is in Python, which the docs say. Here the time runs out: the inner
/// job can't have been run by then, but it can be cancelled; or it is run once the outer has given up.
pub fn a_lone_worker_cant_wait_for_itself<P: Pool>() {
    for cancels in [true, false] {
        let (pool, inner) = (Arc::new(P::new(1)), Arc::<Mutex<Option<P::Handle>>>::default());
        let outer = pool.submit({
            let (pool, inner) = (Arc::clone(&pool), Arc::clone(&inner));
            move || {
                let handle = pool.submit(|| 20).expect("the pool is open");
                assert_eq!(handle.result_timeout(SHORT), None);
                assert!(!handle.is_running());
                if cancels {
                    assert!(handle.cancel());
                }
                *inner.lock().expect("no panic") = Some(handle);
                1
            }
        });
        assert_eq!(outer.expect("the pool is open").result(), Ok(1));
        let inner = inner.lock().expect("no panic").take().expect("the outer has left it");
        assert_eq!(inner.result(), if cancels { Err(JobError::Cancelled) } else { Ok(20) });
    }
}

/// It can't wait for the worker's own end, so it doesn't; what is queued is run, or cancelled, as ever. Two do so at
/// once, while somebody else waits.
pub fn a_job_shuts_its_pool_down<P: Pool>() {
    for wait in [true, false] {
        let (pool, gate, runs) = (Arc::new(P::new(2)), Gate::default(), Runs::default());
        let closing = [(); 2].map(|()| {
            let (own, gate) = (Arc::clone(&pool), gate.clone());
            let job = move || {
                gate.pass();
                own.shutdown(wait);
                usize::from(own.submit(|| 1).is_err())
            };
            let handle = pool.submit(job).expect("the pool is open");
            until("it runs", || handle.is_running());
            handle
        });
        let queued = pool.submit(runs.job()).expect("the pool is open");
        let waiting = bunch(1, {
            let pool = Arc::clone(&pool);
            move |_| pool.shutdown(true)
        });
        gate.open();
        assert_eq!(closing.map(|handle| handle.result()), [Ok(1), Ok(1)]);
        join(waiting);
        let result = queued.result();
        // Without a wait, the worker whose job was done first may have come to it before the other cancelled.
        assert!(result == Ok(0) || !wait && result == Err(JobError::Cancelled), "{result:?}");
        assert_eq!(runs.count(), usize::from(result.is_ok()));
    }
}

/// The pool is dropped inside one of its own jobs, where nobody can wait for that job: what is queued is run.
pub fn the_last_owner_is_a_job<P: Pool>() {
    let (pool, gate) = (Arc::new(P::new(2)), Gate::default());
    let last = pool.submit({
        let (pool, gate) = (Arc::clone(&pool), gate.clone());
        move || {
            gate.pass();
            until("it is the last", || Arc::strong_count(&pool) == 1);
            drop(pool);
            1
        }
    });
    let last = last.expect("the pool is open");
    let others: Vec<_> = (0..5).map(|n| pool.submit(move || n).expect("the pool is open")).collect();
    drop(pool);
    gate.open();
    assert_eq!(last.result(), Ok(1));
    let results: Vec<_> = others.iter().map(Handle::result).collect();
    assert_eq!(results, (0..5).map(Ok).collect::<Vec<_>>());
}

/// A job that is cancelled owns handles, and the pool itself: it is dropped where nothing is locked that it needs.
pub fn a_job_owns_what_is_queued<P: Pool>() {
    let (pool, gate) = (Arc::new(P::new(1)), Gate::default());
    let running = gate.guards(&*pool, 1);
    let other = pool.submit(|| 2).expect("the pool is open");
    let owning = pool.submit({
        let pool = Arc::clone(&pool);
        move || other.number() + pool.workers()
    });
    let owning = owning.expect("the pool is open");
    let refused = Arc::new(AtomicBool::new(false));
    owning.on_done({
        let (pool, refused) = (Arc::clone(&pool), Arc::clone(&refused));
        move |_| refused.store(pool.submit(|| 3).is_err(), Ordering::SeqCst)
    });
    pool.shutdown(false);
    assert_eq!(owning.result(), Err(JobError::Cancelled));
    assert!(refused.load(Ordering::SeqCst), "the callback was called, and found the pool shut down");
    gate.open();
    assert_eq!(running.result(), Ok(1));
}
