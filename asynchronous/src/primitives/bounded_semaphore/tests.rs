//! A bounded semaphore of tasks, held to what it must survive.

use std::pin::Pin;
use std::time::Duration;

use futures::FutureExt as _;
use shared::conformance::{self, Driven};
use tokio::runtime::Runtime;

use super::{BoundedSemaphore, OverRelease};

#[derive(Debug)]
struct Subject(Driven<BoundedSemaphore>);

impl conformance::semaphore::Semaphore for Subject {
    fn new(permits: usize) -> Self {
        Self(Driven::new(BoundedSemaphore::new(permits)))
    }

    fn acquire(&self) {
        self.0.drive(BoundedSemaphore::acquire);
    }

    fn try_acquire(&self) -> bool {
        self.0.primitive().try_acquire()
    }

    fn acquire_timeout(&self, timeout: Duration) -> bool {
        self.0.drive(|semaphore| semaphore.acquire_timeout(timeout))
    }

    fn release(&self) -> bool {
        self.0.primitive().release().is_ok()
    }

    fn release_n(&self, permits: usize) -> bool {
        self.0.primitive().release_n(permits).is_ok()
    }

    fn value(&self) -> usize {
        self.0.primitive().value()
    }

    fn guarded(&self, body: impl FnOnce()) {
        let _permit = self.0.drive(BoundedSemaphore::guard);
        body();
    }

    fn waiting(&self) -> usize {
        self.0.waiting()
    }
}

shared::bounded_semaphore_conformance!(Subject);

/// CPython, asyncio: `SemaphoreTests.test_release_not_acquired`.
#[test]
fn release_not_acquired() {
    let semaphore = BoundedSemaphore::new(1);
    assert_eq!(semaphore.release(), Err(OverRelease));
    assert_eq!(semaphore.value(), 1);
}

/// A permit that is on its way to a waiter is held by nobody yet: it can't be released before the waiter
/// has got it, and once afterwards.
#[test]
fn a_permit_on_its_way_is_not_held() {
    let semaphore = BoundedSemaphore::new(1);
    assert!(semaphore.try_acquire());
    let mut waiter = Box::pin(semaphore.acquire());
    assert!(waiter.as_mut().now_or_never().is_none());
    assert_eq!(semaphore.release(), Ok(()));
    assert_eq!(semaphore.release(), Err(OverRelease));
    assert_eq!(semaphore.value(), 0);
    assert!(waiter.as_mut().now_or_never().is_some());
    assert_eq!(semaphore.release(), Ok(()));
    assert_eq!(semaphore.release(), Err(OverRelease));
    assert_eq!(semaphore.value(), 1);
}

/// Each future that waits, dropped after so many polls, before a permit is its own or after that: the
/// permit is there, and nobody has been counted as its holder.
#[test]
fn a_dropped_future_loses_nothing() {
    let runtime = Runtime::new().expect("room for a runtime");
    let _context = runtime.enter();
    for (polls, after) in [0, 1, 2, 5].into_iter().flat_map(|polls| [(polls, false), (polls, true)]) {
        let semaphore = BoundedSemaphore::new(1);
        let waiters: [Pin<Box<dyn Future<Output = ()>>>; 3] = [
            Box::pin(semaphore.acquire()),
            Box::pin(semaphore.acquire_timeout(Duration::from_hours(1)).map(drop)),
            Box::pin(semaphore.guard().map(drop)),
        ];
        for mut waiter in waiters {
            assert!(semaphore.try_acquire());
            for _ in 0..polls {
                assert!(waiter.as_mut().now_or_never().is_none());
            }
            if after {
                assert_eq!(semaphore.release(), Ok(()));
            }
            drop(waiter);
            if !after {
                assert_eq!(semaphore.release(), Ok(()));
            }
            assert_eq!(semaphore.value(), 1);
            assert_eq!(semaphore.release(), Err(OverRelease));
        }
    }
}

/// A waiter that has got a permit is dropped together with it: the permit is there, and is not released
/// twice.
#[test]
fn a_guard_that_was_waited_for_frees() {
    let semaphore = BoundedSemaphore::new(1);
    assert!(semaphore.try_acquire());
    let mut waiter = Box::pin(semaphore.guard());
    assert!(waiter.as_mut().now_or_never().is_none());
    assert_eq!(semaphore.release(), Ok(()));
    let permit = waiter.as_mut().now_or_never().expect("the permit was released");
    drop(permit);
    drop(waiter);
    assert_eq!(semaphore.value(), 1);
    assert_eq!(semaphore.release(), Err(OverRelease));
}
