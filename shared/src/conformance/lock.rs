//! What a lock must survive: CPython's `BaseLockTests` and `LockTests`, and more.

use std::fmt::Debug;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::{SHORT, bunch, elsewhere, join, panics, until};

/// A lock, whoever waits for it.
pub trait Lock: Debug + Default + Send + Sync + 'static {
    /// Waits until it is free, and takes it.
    fn acquire(&self);
    /// Takes it if it is free.
    fn try_acquire(&self) -> bool;
    /// Waits for at most so long.
    fn acquire_timeout(&self, timeout: Duration) -> bool;
    /// Gives it back; says whether that was no error.
    fn release(&self) -> bool;
    /// Whether it is held.
    fn locked(&self) -> bool;
    /// Does this with the guard in hand.
    fn guarded(&self, body: impl FnOnce());
    /// How many wait for it.
    fn waiting(&self) -> usize;
}

/// Makes the tests of a lock that anybody may release.
#[macro_export]
macro_rules! lock_conformance {
    ($lock:ty) => {
        $crate::any_lock_conformance!($lock);
        $crate::conformance_tests!(lock, $lock:
            reacquire, different_thread, state_after_timeout, release_of_a_free_lock_is_an_error,
        );
    };
}

/// Makes the tests of any lock.
#[macro_export]
macro_rules! any_lock_conformance {
    ($lock:ty) => {
        $crate::conformance_tests!(lock, $lock:
            constructor, repr, locked_repr, acquire_destroy, acquire_release, try_acquire, try_acquire_contended,
            acquire_contended, with, timeout, extreme_timeouts, a_timeout_that_expires_takes_nothing,
            a_waiter_with_a_timeout_gets_the_lock, stress,
        );
    };
}

/// CPython: `test_constructor`.
pub fn constructor<L: Lock>() {
    assert!(!L::default().locked());
}

/// CPython: `test_repr`.
pub fn repr<L: Lock>() {
    assert!(!format!("{:?}", L::default()).is_empty());
}

/// CPython: `test_locked_repr`. Held and free look different.
pub fn locked_repr<L: Lock>() {
    let lock = L::default();
    let free = format!("{lock:?}");
    lock.acquire();
    assert_ne!(format!("{lock:?}"), free);
}

/// CPython: `test_acquire_destroy`. A lock that is held may be dropped.
pub fn acquire_destroy<L: Lock>() {
    let lock = L::default();
    lock.acquire();
    drop(lock);
}

/// CPython: `test_acquire_release`.
pub fn acquire_release<L: Lock>() {
    let lock = L::default();
    lock.acquire();
    assert!(lock.locked());
    assert!(lock.release());
    assert!(!lock.locked());
}

/// CPython: `test_try_acquire`.
pub fn try_acquire<L: Lock>() {
    let lock = L::default();
    assert!(lock.try_acquire());
    assert!(lock.release());
}

/// CPython: `test_try_acquire_contended`. What somebody holds, nobody else gets.
pub fn try_acquire_contended<L: Lock>() {
    let lock = Arc::new(L::default());
    lock.acquire();
    let other = Arc::clone(&lock);
    assert!(!elsewhere(move || other.try_acquire()));
    assert!(lock.release());
}

/// CPython: `test_acquire_contended`. Nobody gets through while it is held, and all do afterwards.
pub fn acquire_contended<L: Lock>() {
    const WAITERS: usize = 5;
    let (lock, finished) = (Arc::new(L::default()), Arc::new(AtomicUsize::new(0)));
    lock.acquire();
    let waiters = bunch(WAITERS, {
        let (lock, finished) = (Arc::clone(&lock), Arc::clone(&finished));
        move |_| {
            lock.acquire();
            assert!(lock.release());
            finished.fetch_add(1, Ordering::SeqCst);
        }
    });
    until("all wait", || lock.waiting() == WAITERS);
    assert_eq!(finished.load(Ordering::SeqCst), 0);
    assert!(lock.release());
    join(waiters);
    assert_eq!(finished.load(Ordering::SeqCst), WAITERS);
}

/// CPython: `test_with`. A guard gives the lock back, also when a panic drops it.
pub fn with<L: Lock>() {
    let lock = Arc::new(L::default());
    let is_free = || {
        let lock = Arc::clone(&lock);
        elsewhere(move || lock.try_acquire() && lock.release())
    };
    lock.guarded(|| assert!(lock.locked()));
    assert!(is_free());
    assert!(panics(|| lock.guarded(|| panic!("while it is held"))));
    assert!(is_free());
}

/// CPython: `test_timeout`. A free lock is got at once; one that is held, not before the time is over. (That a timeout
/// is not negative and a try has none, the types see to.)
pub fn timeout<L: Lock>() {
    let lock = Arc::new(L::default());
    assert!(lock.acquire_timeout(Duration::from_secs(5)));
    let other = Arc::clone(&lock);
    let waited = elsewhere(move || {
        let start = Instant::now();
        assert!(!other.acquire_timeout(SHORT));
        start.elapsed()
    });
    assert!(waited >= SHORT, "{waited:?}");
    assert!(lock.release());
}

/// Zero doesn't wait, and the longest time doesn't overflow (CPython: `TIMEOUT_MAX`).
pub fn extreme_timeouts<L: Lock>() {
    let lock = Arc::new(L::default());
    assert!(lock.acquire_timeout(Duration::MAX));
    let other = Arc::clone(&lock);
    assert!(!elsewhere(move || other.acquire_timeout(Duration::ZERO)));
    let waiter = bunch(1, {
        let lock = Arc::clone(&lock);
        move |_| lock.acquire_timeout(Duration::MAX) && lock.release()
    });
    until("it waits", || lock.waiting() == 1);
    assert!(lock.release());
    assert_eq!(join(waiter), [true]);
    assert!(lock.acquire_timeout(Duration::ZERO));
}

/// Who gives up leaves no trace: the lock is free once its holder gives it back.
pub fn a_timeout_that_expires_takes_nothing<L: Lock>() {
    let lock = Arc::new(L::default());
    lock.acquire();
    let gave_up = bunch(3, {
        let lock = Arc::clone(&lock);
        move |_| !lock.acquire_timeout(SHORT)
    });
    assert_eq!(join(gave_up), [true; 3]);
    assert_eq!(lock.waiting(), 0);
    assert!(lock.release());
    assert!(!lock.locked());
    assert!(lock.try_acquire());
}

/// An hour of patience ends when the lock is released: returning at all is the test.
pub fn a_waiter_with_a_timeout_gets_the_lock<L: Lock>() {
    let lock = Arc::new(L::default());
    lock.acquire();
    let waiter = bunch(1, {
        let lock = Arc::clone(&lock);
        move |_| lock.acquire_timeout(Duration::from_hours(1)) && lock.release()
    });
    until("it waits", || lock.waiting() == 1);
    assert!(lock.release());
    assert_eq!(join(waiter), [true]);
}

/// CPython: `LockTests.test_reacquire`. Whoever holds it waits like all others if it asks again.
pub fn reacquire<L: Lock>() {
    let (lock, phase) = (Arc::new(L::default()), Arc::new(AtomicUsize::new(0)));
    let twice = bunch(1, {
        let (lock, phase) = (Arc::clone(&lock), Arc::clone(&phase));
        move |_| {
            lock.acquire();
            phase.store(1, Ordering::SeqCst);
            lock.acquire();
            phase.store(2, Ordering::SeqCst);
        }
    });
    until("it waits for itself", || lock.waiting() == 1);
    assert_eq!(phase.load(Ordering::SeqCst), 1);
    assert!(lock.release());
    join(twice);
    assert_eq!(phase.load(Ordering::SeqCst), 2);
}

/// CPython: `LockTests.test_different_thread`. Anybody may release it.
pub fn different_thread<L: Lock>() {
    let lock = Arc::new(L::default());
    lock.acquire();
    let other = Arc::clone(&lock);
    assert!(elsewhere(move || other.release()));
    assert!(lock.try_acquire());
}

/// CPython: `LockTests.test_state_after_timeout`.
pub fn state_after_timeout<L: Lock>() {
    let lock = L::default();
    lock.acquire();
    assert!(!lock.acquire_timeout(SHORT));
    assert!(lock.release());
    assert!(!lock.locked());
    assert!(lock.try_acquire());
}

/// CPython: `RuntimeError: release unlocked lock`; here an error, which changes nothing.
pub fn release_of_a_free_lock_is_an_error<L: Lock>() {
    let lock = L::default();
    assert!(!lock.release());
    assert!(lock.try_acquire());
    assert!(lock.release());
    assert!(!lock.release());
    assert!(!lock.locked());
}

/// Many threads, each of the three ways to the lock: never two inside, and no wakeup is lost.
pub fn stress<L: Lock>() {
    const THREADS: usize = 8;
    const ROUNDS: usize = 2_000;
    let (lock, inside) = (Arc::new(L::default()), Arc::new(AtomicUsize::new(0)));
    let visits = bunch(THREADS, {
        let (lock, inside) = (Arc::clone(&lock), Arc::clone(&inside));
        move |number| {
            let visit = || {
                assert_eq!(inside.fetch_add(1, Ordering::SeqCst), 0, "two are inside");
                inside.fetch_sub(1, Ordering::SeqCst);
            };
            for round in 0..ROUNDS {
                match (number + round) % 3 {
                    0 => {
                        lock.acquire();
                        visit();
                        assert!(lock.release());
                    }
                    1 => lock.guarded(visit),
                    _ => {
                        if lock.acquire_timeout(Duration::from_micros(50)) {
                            visit();
                            assert!(lock.release());
                        }
                    }
                }
            }
        }
    });
    join(visits);
    assert!(!lock.locked());
}
