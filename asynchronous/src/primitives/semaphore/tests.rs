//! A semaphore of tasks, held to what it must survive.

use std::future::{self, poll_fn};
use std::hint;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use futures::FutureExt as _;
use futures::future::join_all;
use shared::conformance::{self, Driven, panics, until};
use tokio::runtime::Runtime;
use tokio::task;

use super::Semaphore;

#[derive(Debug)]
struct Subject(Driven<Semaphore>);

impl conformance::semaphore::Semaphore for Subject {
    fn new(permits: usize) -> Self {
        Self(Driven::new(Semaphore::new(permits)))
    }

    fn acquire(&self) {
        self.0.drive(Semaphore::acquire);
    }

    fn try_acquire(&self) -> bool {
        self.0.primitive().try_acquire()
    }

    fn acquire_timeout(&self, timeout: Duration) -> bool {
        self.0.drive(|semaphore| semaphore.acquire_timeout(timeout))
    }

    fn release(&self) -> bool {
        self.0.primitive().release();
        true
    }

    fn release_n(&self, permits: usize) -> bool {
        self.0.primitive().release_n(permits);
        true
    }

    fn value(&self) -> usize {
        self.0.primitive().value()
    }

    fn guarded(&self, body: impl FnOnce()) {
        let _permit = self.0.drive(Semaphore::guard);
        body();
    }

    fn waiting(&self) -> usize {
        self.0.waiting()
    }
}

shared::semaphore_conformance!(Subject);

/// CPython, asyncio: `SemaphoreTests.test_initial_value_zero`.
#[test]
fn initial_value_zero() {
    let semaphore = Semaphore::new(0);
    assert_eq!(semaphore.value(), 0);
    assert!(semaphore.acquire().now_or_never().is_none());
}

/// CPython, asyncio: `SemaphoreTests.test_semaphore`. A new one is free, and a call that nobody awaits
/// takes nothing.
#[test]
fn semaphore() {
    let semaphore = Semaphore::new(1);
    assert_eq!(semaphore.value(), 1);
    drop(semaphore.acquire());
    assert_eq!(semaphore.value(), 1);
}

/// CPython, asyncio: `SemaphoreTests.test_acquire`. Two permits go to the two who waited, not to the one
/// who asks afterwards.
#[test]
fn acquire_in_turn() {
    let semaphore = Semaphore::new(3);
    assert!(semaphore.acquire().now_or_never().is_some());
    assert!(semaphore.acquire().now_or_never().is_some());
    assert_eq!(semaphore.value(), 1);
    assert!(semaphore.acquire().now_or_never().is_some());
    let [mut second, mut third, mut fourth] = [(); 3].map(|()| Box::pin(semaphore.acquire()));
    assert!(second.as_mut().now_or_never().is_none());
    assert!(third.as_mut().now_or_never().is_none());
    assert_eq!(semaphore.value(), 0);
    semaphore.release();
    semaphore.release();
    assert_eq!(semaphore.value(), 0);
    assert!(fourth.as_mut().now_or_never().is_none());
    assert!(second.as_mut().now_or_never().is_some());
    assert!(third.as_mut().now_or_never().is_some());
    assert!(fourth.as_mut().now_or_never().is_none());
    semaphore.release();
    assert!(fourth.as_mut().now_or_never().is_some());
}

/// CPython, asyncio: `SemaphoreTests.test_acquire_cancel`. A waiter that is dropped takes nothing.
#[test]
fn acquire_cancel() {
    let semaphore = Semaphore::new(1);
    assert!(semaphore.try_acquire());
    let mut waiter = Box::pin(semaphore.acquire());
    assert!(waiter.as_mut().now_or_never().is_none());
    drop(waiter);
    semaphore.release();
    assert_eq!(semaphore.value(), 1);
}

/// CPython, asyncio: `SemaphoreTests.test_acquire_cancel_before_awoken`. Of four waiters the first two
/// are dropped, before the release or after it: the third gets the permit, and the fourth still waits.
#[test]
fn acquire_cancel_before_awoken() {
    for after in [false, true] {
        let semaphore = Semaphore::new(0);
        let [mut first, mut second, mut third, mut fourth] = [(); 4].map(|()| Box::pin(semaphore.acquire()));
        for waiter in [&mut first, &mut second, &mut third, &mut fourth] {
            assert!(waiter.as_mut().now_or_never().is_none());
        }
        if after {
            semaphore.release();
        }
        drop(first);
        drop(second);
        if !after {
            semaphore.release();
        }
        assert!(third.as_mut().now_or_never().is_some());
        assert!(fourth.as_mut().now_or_never().is_none());
    }
}

/// CPython, asyncio: `SemaphoreTests.test_acquire_hang`. A waiter is dropped, and then a permit released:
/// the next gets it.
#[test]
fn acquire_hang() {
    let semaphore = Semaphore::new(0);
    let [mut first, mut second] = [(); 2].map(|()| Box::pin(semaphore.acquire()));
    assert!(first.as_mut().now_or_never().is_none());
    assert!(second.as_mut().now_or_never().is_none());
    drop(first);
    semaphore.release();
    assert!(second.as_mut().now_or_never().is_some());
    assert_eq!(semaphore.value(), 0);
}

/// CPython, asyncio: `SemaphoreTests.test_acquire_no_hang`. A guard is dropped, and then the waiter that
/// its permit went to: who asks next gets it.
#[test]
fn acquire_no_hang() {
    let semaphore = Semaphore::new(1);
    let permit = semaphore.guard().now_or_never().expect("it is free");
    let mut waiter = Box::pin(semaphore.guard());
    assert!(waiter.as_mut().now_or_never().is_none());
    drop(permit);
    drop(waiter);
    assert!(semaphore.acquire().now_or_never().is_some());
}

/// CPython, asyncio: `SemaphoreTests.test_release_no_waiters`.
#[test]
fn release_no_waiters() {
    let semaphore = Semaphore::new(1);
    assert!(semaphore.acquire().now_or_never().is_some());
    assert_eq!(semaphore.value(), 0);
    semaphore.release();
    assert_eq!(semaphore.value(), 1);
}

/// CPython, asyncio: `SemaphoreTests.test_acquire_fifo_order`. Three who come again take turns.
#[test]
fn acquire_fifo_order() {
    let (semaphore, order) = (Semaphore::new(1), Mutex::new(Vec::new()));
    let twice = async |name: &'static str| {
        for round in 1..=2 {
            semaphore.acquire().await;
            order.lock().expect("nobody panics with it in hand").push((name, round));
            task::yield_now().await;
            semaphore.release();
        }
    };
    runtime().block_on(join_all(["a", "b", "c"].map(twice)));
    let order = order.into_inner().expect("nobody panics with it in hand");
    assert_eq!(order, [("a", 1), ("b", 1), ("c", 1), ("a", 2), ("b", 2), ("c", 2)]);
}

/// CPython, asyncio: `SemaphoreTests.test_acquire_fifo_order_2`. Who gives its permit back and asks again
/// is behind those who wait. (With one release at a time: a permit that nobody waits for is free at once
/// here, also if others have not yet been polled that own theirs.)
#[test]
fn acquire_fifo_order_2() {
    let semaphore = Semaphore::new(1);
    let [mut first, mut second, mut third, mut again] = [(); 4].map(|()| Box::pin(semaphore.acquire()));
    assert!(first.as_mut().now_or_never().is_some());
    assert!(second.as_mut().now_or_never().is_none());
    assert!(third.as_mut().now_or_never().is_none());
    semaphore.release();
    assert!(second.as_mut().now_or_never().is_some());
    semaphore.release();
    assert!(again.as_mut().now_or_never().is_none());
    assert!(third.as_mut().now_or_never().is_some());
    assert!(again.as_mut().now_or_never().is_none());
    semaphore.release();
    assert!(again.as_mut().now_or_never().is_some());
}

/// CPython, asyncio: `SemaphoreTests.test_acquire_fifo_order_3`. The first of three is dropped: the
/// others keep their order.
#[test]
fn acquire_fifo_order_3() {
    let semaphore = Semaphore::new(0);
    let [mut first, mut second, mut third] = [(); 3].map(|()| Box::pin(semaphore.acquire()));
    for waiter in [&mut first, &mut second, &mut third] {
        assert!(waiter.as_mut().now_or_never().is_none());
    }
    drop(first);
    semaphore.release();
    assert!(third.as_mut().now_or_never().is_none());
    assert!(second.as_mut().now_or_never().is_some());
    semaphore.release();
    assert!(third.as_mut().now_or_never().is_some());
}

/// Each future that waits, dropped after so many polls, before a permit is its own or after that: the
/// permit is there, and only once.
#[test]
fn a_dropped_future_loses_nothing() {
    let runtime = runtime();
    let _context = runtime.enter();
    for (polls, after) in [0, 1, 2, 5].into_iter().flat_map(|polls| [(polls, false), (polls, true)]) {
        let semaphore = Semaphore::new(0);
        let waiters: [Pin<Box<dyn Future<Output = ()>>>; 3] = [
            Box::pin(semaphore.acquire()),
            Box::pin(semaphore.acquire_timeout(Duration::from_hours(1)).map(drop)),
            Box::pin(semaphore.guard().map(drop)),
        ];
        for mut waiter in waiters {
            for _ in 0..polls {
                assert!(waiter.as_mut().now_or_never().is_none());
            }
            if after {
                semaphore.release();
            }
            drop(waiter);
            if !after {
                semaphore.release();
            }
            assert_eq!(semaphore.value(), 1);
            assert!(semaphore.try_acquire());
            assert!(!semaphore.try_acquire());
        }
    }
}

/// Stray polls prolong no timeout: they go on until the waiter has given up, and that it gives up is the
/// test.
#[test]
fn a_stray_wakeup_doesnt_restart_the_timeout() {
    // Longer than a busy machine may keep this thread from the next one.
    const TIMEOUT: Duration = Duration::from_millis(200);
    let (runtime, semaphore) = (runtime(), Semaphore::new(0));
    let _context = runtime.enter();
    let start = Instant::now();
    let waiter = Mutex::new(Box::pin(semaphore.acquire_timeout(TIMEOUT)));
    until("it gives up", || {
        let polled = waiter.lock().expect("nobody panics with it in hand").as_mut().now_or_never();
        assert_ne!(polled, Some(true), "there is no permit");
        polled.is_some()
    });
    assert!(start.elapsed() >= TIMEOUT, "a stray poll ended the wait");
}

/// More permits than tokio can count: a panic before anything changes, not after.
#[test]
fn a_release_that_panics_changes_nothing() {
    let semaphore = Semaphore::new(1);
    assert!(panics(|| semaphore.release_n(tokio::sync::Semaphore::MAX_PERMITS)));
    assert_eq!(semaphore.value(), 1);
    assert!(semaphore.try_acquire());
    let mut waiter = Box::pin(semaphore.acquire());
    assert!(waiter.as_mut().now_or_never().is_none());
    assert!(panics(|| semaphore.release_n(usize::MAX)));
    assert!(waiter.as_mut().now_or_never().is_none());
    semaphore.release();
    assert!(waiter.as_mut().now_or_never().is_some());
}

/// tokio: `stress_test`. A thousand tasks on five permits: never more inside, and in the end five are
/// left.
#[test]
fn a_thousand_tasks() {
    const PERMITS: usize = 5;
    let runtime = runtime();
    let (semaphore, inside) = (Arc::new(Semaphore::new(PERMITS)), Arc::new(AtomicUsize::new(0)));
    let visit = |_| {
        let (semaphore, inside) = (Arc::clone(&semaphore), Arc::clone(&inside));
        runtime.spawn(async move {
            let _permit = semaphore.guard().await;
            assert!(inside.fetch_add(1, Ordering::SeqCst) < PERMITS, "too many are inside");
            task::yield_now().await;
            inside.fetch_sub(1, Ordering::SeqCst);
        })
    };
    let tasks: Vec<_> = (0..1_000).map(visit).collect();
    for visited in runtime.block_on(join_all(tasks)) {
        visited.expect("no task of the test panics");
    }
    assert_eq!(semaphore.value(), PERMITS);
}

/// tokio's loom model `concurrent_cancel`, with real threads. A waiter is aborted while a permit is
/// released: either it has got it, or the permit is there.
#[test]
fn an_aborted_waiter_takes_no_permit_away() {
    let (runtime, semaphore) = (runtime(), Arc::new(Semaphore::new(0)));
    for round in 0..200 {
        let waits = Arc::new(AtomicBool::new(false));
        let waiter = runtime.spawn({
            let (semaphore, waits) = (Arc::clone(&semaphore), Arc::clone(&waits));
            async move {
                let mut acquire = Box::pin(semaphore.acquire());
                poll_fn(|context| {
                    let polled = acquire.as_mut().poll(context);
                    waits.store(true, Ordering::SeqCst);
                    polled
                })
                .await;
            }
        });
        until("it waits", || waits.load(Ordering::SeqCst));
        thread::scope(|scope| {
            scope.spawn(|| semaphore.release());
            // The new thread needs its time: from round to round the abort comes later.
            (0..round % 50 * 100).for_each(|_| hint::spin_loop());
            waiter.abort();
        });
        let acquired = runtime.block_on(waiter).is_ok();
        assert_eq!(semaphore.value(), usize::from(!acquired));
        assert!(acquired || semaphore.try_acquire());
    }
}

/// A task that is aborted with a permit in hand gives it back.
#[test]
fn an_aborted_holder_gives_its_permit_back() {
    let (runtime, semaphore) = (runtime(), Arc::new(Semaphore::new(1)));
    let holder = runtime.spawn({
        let semaphore = Arc::clone(&semaphore);
        async move {
            let _permit = semaphore.guard().await;
            future::pending::<()>().await;
        }
    });
    until("it holds the permit", || semaphore.value() == 0);
    holder.abort();
    assert!(runtime.block_on(holder).is_err());
    assert_eq!(semaphore.value(), 1);
}

fn runtime() -> Runtime {
    Runtime::new().expect("room for a runtime")
}
