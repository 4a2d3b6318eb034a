//! A lock of tasks, held to what it must survive.

use std::time::Duration;

use futures::FutureExt as _;
use shared::conformance::{self, Driven};

use super::Lock;

#[derive(Debug, Default)]
struct Subject(Driven<Lock>);

impl conformance::lock::Lock for Subject {
    fn acquire(&self) {
        self.0.drive(Lock::acquire);
    }

    fn try_acquire(&self) -> bool {
        self.0.primitive().try_acquire()
    }

    fn acquire_timeout(&self, timeout: Duration) -> bool {
        self.0.drive(|lock| lock.acquire_timeout(timeout))
    }

    fn release(&self) -> bool {
        self.0.primitive().release().is_ok()
    }

    fn locked(&self) -> bool {
        self.0.primitive().locked()
    }

    fn guarded(&self, body: impl FnOnce()) {
        let _guard = self.0.drive(Lock::guard);
        body();
    }

    fn waiting(&self) -> usize {
        self.0.waiting()
    }
}

shared::lock_conformance!(Subject);

/// CPython, asyncio: `LockTests.test_acquire_cancel`. A waiter that is dropped takes nothing.
#[test]
fn acquire_cancel() {
    let lock = Lock::new();
    assert!(lock.try_acquire());
    let mut waiter = Box::pin(lock.acquire());
    assert!(waiter.as_mut().now_or_never().is_none());
    drop(waiter);
    assert_eq!(lock.release(), Ok(()));
    assert!(lock.try_acquire());
}

/// CPython, asyncio: `LockTests.test_cancel_race`. The first of two waiters is dropped when the lock is already its
/// own: the second gets it.
#[test]
fn cancel_race() {
    let lock = Lock::new();
    assert!(lock.try_acquire());
    let (mut first, mut second) = (Box::pin(lock.acquire()), Box::pin(lock.acquire()));
    assert!(first.as_mut().now_or_never().is_none());
    assert!(second.as_mut().now_or_never().is_none());
    assert_eq!(lock.release(), Ok(()));
    drop(first);
    assert!(second.as_mut().now_or_never().is_some());
    assert!(lock.locked());
}

/// CPython, asyncio: `LockTests.test_cancel_release_race`. One of three waiters is dropped, and then the lock released:
/// the next gets it, and only the next.
#[test]
fn cancel_release_race() {
    let lock = Lock::new();
    assert!(lock.try_acquire());
    let [mut first, mut second, mut third] = [(); 3].map(|()| Box::pin(lock.acquire()));
    for waiter in [&mut first, &mut second, &mut third] {
        assert!(waiter.as_mut().now_or_never().is_none());
    }
    drop(first);
    assert_eq!(lock.release(), Ok(()));
    assert!(second.as_mut().now_or_never().is_some());
    assert!(third.as_mut().now_or_never().is_none());
    assert!(lock.locked());
}

/// CPython, asyncio: `LockTests.test_finished_waiter_cancelled`. A waiter is dropped before the lock is released, and
/// who asked without having waited yet gets it.
#[test]
fn finished_waiter_cancelled() {
    let lock = Lock::new();
    assert!(lock.try_acquire());
    let (mut first, second) = (Box::pin(lock.acquire()), lock.acquire());
    assert!(first.as_mut().now_or_never().is_none());
    drop(first);
    assert_eq!(lock.release(), Ok(()));
    assert!(second.now_or_never().is_some());
    assert!(lock.locked());
}

/// A guard that was waited for frees the lock as any other.
#[test]
fn a_guard_that_was_waited_for_frees() {
    let lock = Lock::new();
    assert!(lock.try_acquire());
    let mut waiter = Box::pin(lock.guard());
    assert!(waiter.as_mut().now_or_never().is_none());
    assert_eq!(lock.release(), Ok(()));
    drop(waiter.as_mut().now_or_never().expect("the lock was released"));
    assert!(!lock.locked());
    assert!(lock.try_acquire());
}

/// A waiter that is polled without reason, and dropped after any number of polls, takes nothing.
#[test]
fn dropped_after_any_number_of_polls() {
    for polls in 0..4 {
        let lock = Lock::new();
        assert!(lock.try_acquire());
        let mut waiter = Box::pin(lock.acquire());
        for _ in 0..polls {
            assert!(waiter.as_mut().now_or_never().is_none());
        }
        drop(waiter);
        assert_eq!(lock.release(), Ok(()));
        assert!(!lock.locked());
        assert!(lock.try_acquire());
    }
}
