//! What a handle must survive: cases of CPython's `test_concurrent_futures`, and more.

use std::panic;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use super::{SHORT, bunch, join, until};
use crate::misuse::JobError;

pub use super::jobs::{Gate, Handle, Pool};

/// Makes the tests of the handles of a pool.
#[macro_export]
macro_rules! handle_conformance {
    ($pool:ty) => {
        $crate::conformance_tests!(handle, $pool:
            result_with_success, result_with_timeout, result_with_cancel, exception, cancel, running, repr,
            numbers, done_callback_with_result, done_callback_with_exception, done_callback_with_cancel,
            done_callback_raises, done_callback_already_successful, done_callback_already_failed,
            done_callback_already_cancelled, done_callback_raises_already_succeeded,
            callbacks_in_the_order_in_which_they_came, a_callback_may_ask_the_handle, each_callback_is_called_once,
            extreme_timeouts, a_waiter_with_a_timeout_is_woken, all_who_wait_get_the_result,
            a_dropped_handle_cancels_nothing, either_cancelled_or_run, as_completed_of_nothing,
            as_completed_in_the_order_of_completion, as_completed_of_what_was_done_before,
            as_completed_with_errors, as_completed_that_nobody_listens_to, a_chain_is_completed_in_its_order,
        );
    };
}

/// A pool of one worker, which is kept busy by a job that waits for the gate.
fn busy<P: Pool>() -> (P, Gate, P::Handle) {
    let (pool, gate) = (P::new(1), Gate::default());
    let running = gate.guards(&pool, 0);
    (pool, gate, running)
}

/// The handle of a job that is done: with a result, by a panic, or by being cancelled.
fn done<P: Pool>() -> [(P::Handle, Result<usize, JobError>); 3] {
    let (pool, gate, first) = busy::<P>();
    let panicking = pool.submit(|| panic!("as it must")).expect("the pool is open");
    let cancelled = pool.submit(|| 1).expect("the pool is open");
    assert!(cancelled.cancel());
    gate.open();
    pool.shutdown(true);
    [
        (first, Ok(0)),
        (panicking, Err(JobError::Panicked("as it must".into()))),
        (cancelled, Err(JobError::Cancelled)),
    ]
}

/// All that callbacks received.
type Received = Arc<Mutex<Vec<Result<usize, JobError>>>>;

/// A callback that keeps what it receives.
fn keeper() -> (Received, impl FnOnce(&Result<usize, JobError>) + Clone + Send + 'static) {
    let received = Received::default();
    let keep = {
        let received = Arc::clone(&received);
        move |result: &Result<usize, JobError>| received.lock().expect("no panic").push(result.clone())
    };
    (received, keep)
}

/// CPython: `test_result_with_success`. It can be asked for as often as one likes.
pub fn result_with_success<P: Pool>() {
    let pool = P::new(1);
    let handle = pool.submit(|| 42).expect("the pool is open");
    assert_eq!([handle.result(), handle.result()], [Ok(42), Ok(42)]);
    assert_eq!(handle.result_timeout(Duration::ZERO), Some(Ok(42)));
}

/// CPython: `test_result_with_timeout` and `test_exception_with_timeout`. A job that is queued or runs has no result
/// yet, and its handle is none the worse for having been asked; one that is done needs no time.
pub fn result_with_timeout<P: Pool>() {
    let (pool, gate, running) = busy::<P>();
    let queued = pool.submit(|| 1).expect("the pool is open");
    for handle in [&running, &queued] {
        let start = Instant::now();
        assert_eq!(handle.result_timeout(SHORT), None);
        let waited = start.elapsed();
        assert!(waited >= SHORT, "{waited:?}");
    }
    gate.open();
    assert_eq!([running.result(), queued.result()], [Ok(0), Ok(1)]);
    for (handle, result) in done::<P>() {
        assert_eq!(handle.result_timeout(Duration::ZERO), Some(result));
    }
}

/// CPython: `test_result_with_cancel`. Who waits for a job that is then cancelled learns it at once.
pub fn result_with_cancel<P: Pool>() {
    let (pool, gate, running) = busy::<P>();
    let queued = Arc::new(pool.submit(|| 1).expect("the pool is open"));
    let waiters = bunch(2, {
        let queued = Arc::clone(&queued);
        move |number| {
            if number == 0 {
                queued.result()
            } else {
                queued.result_timeout(Duration::from_hours(1)).expect("an hour is long")
            }
        }
    });
    assert!(queued.cancel());
    assert_eq!(join(waiters), [Err(JobError::Cancelled), Err(JobError::Cancelled)]);
    assert!(!running.is_done());
    gate.open();
}

/// CPython: `test_exception_with_success`, as an error. A panic is known by its message, if it has one.
pub fn exception<P: Pool>() {
    let pool = P::new(1);
    let panicked = |message: &str| Err(JobError::Panicked(message.into()));
    let result = |job: fn() -> usize| pool.submit(job).expect("the pool is open").result();
    assert_eq!(result(|| panic!("just words")), panicked("just words"));
    assert_eq!(result(|| panic!("number {}", thread::panicking())), panicked("number false"));
    assert_eq!(result(|| panic::panic_any(7)), panicked("a panic without a message"));
}

/// CPython: `test_cancel`. What runs or is done can't be cancelled, and a second time does nothing. (There, it says
/// again that the job is cancelled.)
pub fn cancel<P: Pool>() {
    let (pool, gate, running) = busy::<P>();
    let queued = pool.submit(|| unreachable!("it is cancelled")).expect("the pool is open");
    assert!(!running.cancel());
    assert!(queued.cancel());
    assert!(!queued.cancel());
    assert_eq!(queued.result(), Err(JobError::Cancelled));
    gate.open();
    assert_eq!(running.result(), Ok(0));
    for (handle, result) in done::<P>() {
        assert!(!handle.cancel());
        assert_eq!(handle.result(), result);
    }
}

/// CPython: `test_running` and `test_done`. Queued, then running, then done: never two of them.
pub fn running<P: Pool>() {
    let (pool, gate, running) = busy::<P>();
    let queued = pool.submit(|| 1).expect("the pool is open");
    assert_eq!((running.is_running(), running.is_done()), (true, false));
    assert_eq!((queued.is_running(), queued.is_done()), (false, false));
    gate.open();
    assert_eq!(queued.result(), Ok(1));
    for (handle, _) in done::<P>() {
        assert_eq!((handle.is_running(), handle.is_done()), (false, true));
    }
}

/// CPython: `test_repr`.
pub fn repr<P: Pool>() {
    let (pool, gate, running) = busy::<P>();
    let queued = pool.submit(|| 1).expect("the pool is open");
    for (handle, state) in [(&running, "running"), (&queued, "queued")] {
        let shown = format!("{handle:?}");
        assert!(shown.contains(state), "{shown}");
    }
    gate.open();
    for ((handle, _), state) in done::<P>().iter().zip(["returned", "panicked", "cancelled"]) {
        let shown = format!("{handle:?}");
        assert!(shown.contains(state), "{shown}");
    }
}

/// Jobs are numbered as they are submitted, whatever becomes of them.
pub fn numbers<P: Pool>() {
    let numbers = done::<P>().map(|(handle, _)| handle.number());
    assert_eq!(numbers, [0, 1, 2]);
}

/// CPython: `test_done_callback_with_result`.
pub fn done_callback_with_result<P: Pool>() {
    let ((pool, gate, running), (received, keep)) = (busy::<P>(), keeper());
    running.on_done(keep);
    assert!(received.lock().expect("no panic").is_empty());
    gate.open();
    pool.shutdown(true);
    assert_eq!(*received.lock().expect("no panic"), [Ok(0)]);
}

/// CPython: `test_done_callback_with_exception`.
pub fn done_callback_with_exception<P: Pool>() {
    let ((pool, gate, _), (received, keep)) = (busy::<P>(), keeper());
    pool.submit(|| panic!("as it must")).expect("the pool is open").on_done(keep);
    assert!(received.lock().expect("no panic").is_empty());
    gate.open();
    pool.shutdown(true);
    assert_eq!(*received.lock().expect("no panic"), [Err(JobError::Panicked("as it must".into()))]);
}

/// CPython: `test_done_callback_with_cancel`. Who cancels calls back, by the handle or by shutting down.
pub fn done_callback_with_cancel<P: Pool>() {
    let ((pool, gate, _), (received, keep)) = (busy::<P>(), keeper());
    let [one, other] = [(); 2].map(|()| pool.submit(|| 1).expect("the pool is open"));
    one.on_done(keep.clone());
    other.on_done(keep);
    assert!(one.cancel());
    assert_eq!(*received.lock().expect("no panic"), [Err(JobError::Cancelled)]);
    pool.shutdown(false);
    assert_eq!(*received.lock().expect("no panic"), [Err(JobError::Cancelled), Err(JobError::Cancelled)]);
    gate.open();
}

/// CPython: `test_done_callback_raises`. A callback that panics keeps neither the next from being called nor the
/// worker from working.
pub fn done_callback_raises<P: Pool>() {
    let ((pool, gate, running), (received, keep)) = (busy::<P>(), keeper());
    running.on_done(|_| panic!("a callback does"));
    running.on_done(keep);
    gate.open();
    assert_eq!(pool.submit(|| 1).expect("the pool is open").result(), Ok(1));
    assert_eq!(*received.lock().expect("no panic"), [Ok(0)]);
    assert_eq!(running.result(), Ok(0));
}

/// CPython: `test_done_callback_already_successful`.
pub fn done_callback_already_successful<P: Pool>() {
    check_already_done::<P>(0);
}

/// CPython: `test_done_callback_already_failed`.
pub fn done_callback_already_failed<P: Pool>() {
    check_already_done::<P>(1);
}

/// CPython: `test_done_callback_already_cancelled`.
pub fn done_callback_already_cancelled<P: Pool>() {
    check_already_done::<P>(2);
}

/// The caller itself calls back.
fn check_already_done<P: Pool>(index: usize) {
    let (received, keep) = keeper();
    let (handle, result) = &done::<P>()[index];
    let caller = thread::current().id();
    handle.on_done(move |result| {
        assert_eq!(thread::current().id(), caller);
        keep(result);
    });
    assert_eq!(received.lock().expect("no panic").first(), Some(result));
}

/// CPython: `test_done_callback_raises_already_succeeded`. It costs the caller nothing.
pub fn done_callback_raises_already_succeeded<P: Pool>() {
    let [(handle, result), ..] = done::<P>();
    handle.on_done(|_| panic!("a callback does"));
    assert_eq!(handle.result(), result);
}

/// They are called in their order.
pub fn callbacks_in_the_order_in_which_they_came<P: Pool>() {
    let ((pool, gate, running), order) = (busy::<P>(), Arc::<Mutex<Vec<_>>>::default());
    for number in 0..5 {
        let order = Arc::clone(&order);
        running.on_done(move |_| order.lock().expect("no panic").push(number));
    }
    gate.open();
    pool.shutdown(true);
    assert_eq!(*order.lock().expect("no panic"), [0, 1, 2, 3, 4]);
}

/// What the handle knows is not locked while a callback is called: it may ask for it, and add another.
pub fn a_callback_may_ask_the_handle<P: Pool>() {
    let ((pool, gate, running), (received, keep)) = (busy::<P>(), keeper());
    let running = Arc::new(running);
    running.on_done({
        let running = Arc::clone(&running);
        move |_| {
            assert!(running.is_done() && !running.is_running() && !running.cancel());
            let again = Arc::clone(&running);
            running.on_done(move |result| {
                assert!(again.is_done() && !again.is_running() && !again.cancel());
                keep(result);
            });
        }
    });
    gate.open();
    pool.shutdown(true);
    assert_eq!(*received.lock().expect("no panic"), [Ok(0)]);
}

/// Callbacks come while the job gets done: each is called once, by the worker or by the caller.
pub fn each_callback_is_called_once<P: Pool>() {
    const EACH: usize = 50;
    for _ in 0..50 {
        let ((pool, gate, running), (received, keep)) = (busy::<P>(), keeper());
        let running = Arc::new(running);
        let keep = Mutex::new(keep);
        let callers = bunch(2, {
            let running = Arc::clone(&running);
            move |_| {
                for _ in 0..EACH {
                    running.on_done(keep.lock().expect("no panic").clone());
                }
            }
        });
        gate.open();
        join(callers);
        pool.shutdown(true);
        assert_eq!(*received.lock().expect("no panic"), vec![Ok(0); 2 * EACH]);
    }
}

/// Zero doesn't wait, and the longest time doesn't overflow.
pub fn extreme_timeouts<P: Pool>() {
    let (pool, gate, running) = busy::<P>();
    let queued = Arc::new(pool.submit(|| 1).expect("the pool is open"));
    for handle in [&running, &*queued] {
        assert_eq!(handle.result_timeout(Duration::ZERO), None);
    }
    let waiter = bunch(1, {
        let queued = Arc::clone(&queued);
        move |_| queued.result_timeout(Duration::MAX)
    });
    gate.open();
    assert_eq!(join(waiter), [Some(Ok(1))]);
    for timeout in [Duration::ZERO, Duration::MAX] {
        assert_eq!(running.result_timeout(timeout), Some(Ok(0)));
    }
}

/// An hour of patience ends when the job is done: returning at all is the test.
pub fn a_waiter_with_a_timeout_is_woken<P: Pool>() {
    let (_pool, gate, running) = busy::<P>();
    let waiter = bunch(1, move |_| running.result_timeout(Duration::from_hours(1)));
    gate.open();
    assert_eq!(join(waiter), [Some(Ok(0))]);
}

/// However many wait, and however late the job gets done in between.
pub fn all_who_wait_get_the_result<P: Pool>() {
    for _ in 0..50 {
        let (_pool, gate, running) = busy::<P>();
        let waiters = bunch(4, move |_| running.result());
        gate.open();
        assert_eq!(join(waiters), [const { Ok(0) }; 4]);
    }
}

/// A job whose handle is gone is run all the same, whether it was queued by then or ran.
pub fn a_dropped_handle_cancels_nothing<P: Pool>() {
    let ((pool, gate, running), ran) = (busy::<P>(), Arc::new(AtomicBool::new(false)));
    let queued = pool.submit({
        let ran = Arc::clone(&ran);
        move || usize::from(ran.swap(true, Ordering::SeqCst))
    });
    drop((running, queued));
    gate.open();
    pool.shutdown(true);
    assert!(ran.load(Ordering::SeqCst));
}

/// Two cancel a job while a worker comes to it: it is run, or one of them has cancelled it; never both, never neither.
pub fn either_cancelled_or_run<P: Pool>() {
    let pool = P::new(1);
    for _ in 0..300 {
        let runs = Arc::new(AtomicUsize::new(0));
        let job = {
            let runs = Arc::clone(&runs);
            move || runs.fetch_add(1, Ordering::SeqCst)
        };
        let handle = Arc::new(pool.submit(job).expect("the pool is open"));
        let cancelling = bunch(2, {
            let handle = Arc::clone(&handle);
            move |_| usize::from(handle.cancel())
        });
        let cancelled = join(cancelling).iter().sum::<usize>();
        let result = handle.result();
        assert_eq!(result, if cancelled == 0 { Ok(0) } else { Err(JobError::Cancelled) });
        // What was submitted before is behind the worker now.
        assert_eq!(pool.submit(|| 1).expect("the pool is open").result(), Ok(1));
        assert_eq!(runs.load(Ordering::SeqCst) + cancelled, 1);
    }
}

/// There is nobody to wait for.
pub fn as_completed_of_nothing<P: Pool>() {
    assert_eq!(P::as_completed(Vec::new()).count(), 0);
}

/// As many jobs as workers, and a gate for each, which are opened in another order: the handles come in that, each
/// before the next gate is opened.
pub fn as_completed_in_the_order_of_completion<P: Pool>() {
    const ORDER: [usize; 5] = [3, 0, 4, 2, 1];
    let (pool, gates) = (P::new(ORDER.len()), ORDER.map(|_| Gate::default()));
    let handles = gates.iter().enumerate().map(|(number, gate)| gate.guards(&pool, number)).collect();
    let mut completed = P::as_completed(handles);
    for number in ORDER {
        gates[number].open();
        let handle = completed.next().expect("not all have come");
        assert_eq!((handle.number(), handle.result()), (number, Ok(number)));
    }
    assert!(completed.next().is_none());
}

/// Also if nobody looks before all are done.
pub fn as_completed_of_what_was_done_before<P: Pool>() {
    const ORDER: [usize; 5] = [3, 0, 4, 2, 1];
    let (pool, gates) = (P::new(ORDER.len()), ORDER.map(|_| Gate::default()));
    let handles: Vec<_> = gates.iter().enumerate().map(|(number, gate)| gate.guards(&pool, number)).collect();
    for number in ORDER {
        gates[number].open();
        assert_eq!(handles[number].result(), Ok(number));
    }
    let completed: Vec<_> = P::as_completed(handles).map(|handle| handle.number()).collect();
    assert_eq!(completed, ORDER);
}

/// A job that is cancelled is done then, and one that panics when it does.
pub fn as_completed_with_errors<P: Pool>() {
    let (pool, gate, running) = busy::<P>();
    let panicking = pool.submit(|| panic!("as it must")).expect("the pool is open");
    let cancelled = pool.submit(|| 2).expect("the pool is open");
    let late = pool.submit(|| 3).expect("the pool is open");
    assert!(cancelled.cancel());
    let mut completed = P::as_completed(vec![late, panicking, running, cancelled]);
    let mut next = || completed.next().map(|handle| (handle.number(), handle.result()));
    assert_eq!(next(), Some((2, Err(JobError::Cancelled))));
    gate.open();
    assert_eq!(next(), Some((0, Ok(0))));
    assert_eq!(next(), Some((1, Err(JobError::Panicked("as it must".into())))));
    assert_eq!(next(), Some((3, Ok(3))));
    assert_eq!(next(), None);
}

/// Dropped when only some have come: the others are done nevertheless.
pub fn as_completed_that_nobody_listens_to<P: Pool>() {
    let ((pool, gate, running), ran) = (busy::<P>(), Arc::new(AtomicBool::new(false)));
    let job = {
        let ran = Arc::clone(&ran);
        move || usize::from(ran.swap(true, Ordering::SeqCst))
    };
    let cancelled = pool.submit(|| 1).expect("the pool is open");
    let handles = vec![running, cancelled, pool.submit(job).expect("the pool is open")];
    assert!(handles[1].cancel());
    let mut completed = P::as_completed(handles);
    assert_eq!(completed.next().map(|handle| handle.number()), Some(1));
    drop(completed);
    gate.open();
    pool.shutdown(true);
    assert!(ran.load(Ordering::SeqCst));
}

/// Four workers, and jobs of which each goes on as soon as it sees that the one before it is done: in that order they
/// come, also while it is asked for them, and however close they are.
pub fn a_chain_is_completed_in_its_order<P: Pool>() {
    const JOBS: usize = 40;
    let pool = P::new(4);
    for _ in 0..25 {
        let done: Arc<Vec<AtomicBool>> = Arc::new((0..JOBS).map(|_| AtomicBool::new(false)).collect());
        let submit = |number: usize| {
            let before = Arc::clone(&done);
            let handle = pool
                .submit(move || {
                    until("the one before is done", || {
                        number == 0 || before[number - 1].load(Ordering::SeqCst)
                    });
                    number
                })
                .expect("the pool is open");
            let done = Arc::clone(&done);
            handle.on_done(move |_| done[number].store(true, Ordering::SeqCst));
            handle
        };
        let handles: Vec<_> = (0..JOBS).map(submit).collect();
        // In the reverse order, so that the one that is asked first is done last.
        let completed: Vec<_> =
            P::as_completed(handles.into_iter().rev().collect()).map(|handle| handle.result()).collect();
        assert_eq!(completed, (0..JOBS).map(Ok).collect::<Vec<_>>());
    }
}
