//! A handle of tasks, held to what it must survive.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex};
use std::task::{Context, Wake, Waker};
use std::time::{Duration, Instant};

use futures::future::BoxFuture;
use futures::{FutureExt as _, StreamExt as _};
use shared::conformance::polled::{Woken, waiter_with};
use shared::conformance::{self, until};
use tokio::runtime::Runtime;

use super::{Handle, JobError, Promise, Slot, Tally, as_completed};
use crate::primitives::pool::Pool;

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().expect("room for a runtime"));

/// Driven by the threads that call it.
impl conformance::handle::Handle for Handle<usize> {
    fn number(&self) -> usize {
        self.number()
    }

    fn result(&self) -> Result<usize, JobError> {
        RUNTIME.block_on(self.result())
    }

    fn result_timeout(&self, timeout: Duration) -> Option<Result<usize, JobError>> {
        RUNTIME.block_on(self.result_timeout(timeout))
    }

    fn is_done(&self) -> bool {
        self.is_done()
    }

    fn is_running(&self) -> bool {
        self.is_running()
    }

    fn cancel(&self) -> bool {
        self.cancel()
    }

    fn on_done(&self, callback: impl FnOnce(&Result<usize, JobError>) + Send + 'static) {
        self.on_done(callback);
    }
}

shared::handle_conformance!(Pool);

/// The two ends of a job that nobody runs.
fn job(number: usize) -> (Promise<usize>, Handle<usize>) {
    Promise::new(number, Tally::default())
}

/// Runs the job, which returns this.
fn keep(promise: Promise<usize>, value: usize) {
    promise.keep(async move { value }).now_or_never().expect("it doesn't wait");
}

/// Each future that waits, dropped after so many polls, before the job is done or after that: the next who asks gets
/// the result, and at its first poll.
#[test]
fn a_dropped_future_loses_nothing() {
    let _context = RUNTIME.enter();
    for (polls, after) in [0, 1, 2, 5].into_iter().flat_map(|polls| [(polls, false), (polls, true)]) {
        for timed in [false, true] {
            let (promise, handle) = job(0);
            let mut other = handle.result().boxed();
            assert_eq!((&mut other).now_or_never(), None);
            let mut waiter: BoxFuture<'_, ()> = if timed {
                handle.result_timeout(Duration::from_hours(1)).map(drop).boxed()
            } else {
                handle.result().map(drop).boxed()
            };
            for _ in 0..polls {
                assert_eq!((&mut waiter).now_or_never(), None);
            }
            if after {
                keep(promise, 1);
                drop(waiter);
            } else {
                drop(waiter);
                keep(promise, 1);
            }
            assert_eq!(other.now_or_never(), Some(Ok(1)));
            assert_eq!(handle.result().now_or_never(), Some(Ok(1)));
            assert_eq!(handle.result_timeout(Duration::from_hours(1)).now_or_never(), Some(Some(Ok(1))));
        }
    }
}

/// A future for the next handle, dropped after so many polls, before there is one or after that: it comes to who asks
/// then, and the order is the same.
#[test]
fn a_dropped_next_loses_no_handle() {
    for (polls, after) in [0, 1, 2, 5].into_iter().flat_map(|polls| [(polls, false), (polls, true)]) {
        let tally = Tally::default();
        let (promises, handles): (Vec<_>, Vec<_>) =
            (0..3).map(|number| Promise::new(number, Arc::clone(&tally))).unzip();
        let mut completed = as_completed(handles);
        let mut promises = promises.into_iter().rev();
        let mut next = completed.next();
        for _ in 0..polls {
            assert!((&mut next).now_or_never().is_none());
        }
        if after {
            promises.by_ref().take(2).for_each(|promise| keep(promise, 1));
        }
        drop(next);
        promises.for_each(|promise| keep(promise, 1));
        let numbers = completed.map(|handle| handle.number()).collect::<Vec<_>>();
        assert_eq!(numbers.now_or_never(), Some(vec![2, 1, 0]));
    }
}

/// A job that is dropped while it runs is cancelled, after however many polls.
#[test]
fn a_dropped_job_is_cancelled() {
    for polls in 0..3 {
        let (promise, handle) = job(0);
        let mut running = promise.keep(std::future::pending()).boxed();
        for _ in 0..polls {
            assert_eq!((&mut running).now_or_never(), None);
        }
        assert_eq!(handle.is_running(), polls > 0);
        let waiter = handle.result();
        drop(running);
        assert_eq!(waiter.now_or_never(), Some(Err(JobError::Cancelled)));
    }
}

/// A job that is cancelled before its future is polled is never polled.
#[test]
fn a_cancelled_job_is_never_polled() {
    let (promise, handle) = job(0);
    let running = promise.keep(async { unreachable!("it is cancelled") });
    assert!(handle.cancel());
    assert_eq!(running.now_or_never(), Some(()));
    assert_eq!(handle.result().now_or_never(), Some(Err(JobError::Cancelled)));
}

/// Asks, when it is woken, whether what it would want is free.
struct Asking(Arc<Slot<usize>>, AtomicUsize);

impl Wake for Asking {
    fn wake(self: Arc<Self>) {
        let free = self.0.state.try_lock().is_ok() && self.0.tally.try_lock().is_ok();
        self.1.fetch_add(if free { 1 } else { 100 }, Ordering::SeqCst);
    }
}

/// Nothing is locked while a waiter is woken, by a worker or by whoever cancels; and it is woken where it was polled
/// last.
#[test]
fn nothing_is_locked_while_a_waiter_is_woken() {
    for cancels in [false, true] {
        let (promise, handle) = job(0);
        let wakers = [(); 3].map(|()| Arc::new(Asking(Arc::clone(&handle.slot), AtomicUsize::new(0))));
        let mut waiter = handle.result().boxed();
        for waker in &wakers {
            assert!(
                waiter.poll_unpin(&mut Context::from_waker(&Waker::from(Arc::clone(waker)))).is_pending()
            );
        }
        if cancels {
            assert!(handle.cancel());
        }
        keep(promise, 1);
        assert_eq!(wakers.map(|waker| waker.1.load(Ordering::SeqCst)), [0, 0, 1]);
        assert_eq!(waiter.now_or_never(), Some(if cancels { Err(JobError::Cancelled) } else { Ok(1) }));
    }
}

/// A job is done once: what its end has told nobody hears again when its promise is dropped.
#[test]
fn a_job_ends_once() {
    let (promise, handle) = job(0);
    let (woken, late) = (Arc::new(Woken::default()), Arc::new(Mutex::new(None)));
    handle.on_done({
        let (slot, woken, late) = (Arc::clone(&handle.slot), Arc::clone(&woken), Arc::clone(&late));
        move |_| {
            // It comes too late to hear of the end, which is going on.
            let waiter = async move { slot.done.notified().await };
            *late.lock().expect("nobody panics with it") = Some(waiter_with(&woken, waiter));
        }
    });
    keep(promise, 1);
    assert!(late.lock().expect("nobody panics with it").is_some());
    assert_eq!(woken.count(), 0);
}

/// Who asks for no time at all has the answer at the first poll; there isn't even a runtime here.
#[test]
fn a_timeout_of_zero_needs_no_timer() {
    let (promise, handle) = job(0);
    assert_eq!(handle.result_timeout(Duration::ZERO).now_or_never(), Some(None));
    keep(promise, 1);
    assert_eq!(handle.result_timeout(Duration::ZERO).now_or_never(), Some(Some(Ok(1))));
}

/// Stray polls prolong no timeout: they go on until the waiter has given up, and that it gives up is the test.
#[test]
fn a_stray_wakeup_doesnt_restart_the_timeout() {
    // Longer than a busy machine may keep this thread from the next one.
    const TIMEOUT: Duration = Duration::from_millis(200);
    let _context = RUNTIME.enter();
    let (_promise, handle) = job(0);
    let start = Instant::now();
    let waiter = Mutex::new(handle.result_timeout(TIMEOUT).boxed());
    until("it gives up", || {
        let polled = waiter.lock().expect("no panic").as_mut().now_or_never();
        assert_ne!(polled, Some(Some(Ok(1))), "nobody runs the job");
        polled.is_some()
    });
    assert!(start.elapsed() >= TIMEOUT, "a stray poll ended the wait");
}
