//! What a reentrant lock must survive: CPython's `RLockTests`, and more.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use super::lock::Lock;
use super::{SHORT, bunch, elsewhere, join, panics, until};

/// A lock that its owner may acquire again. The owner is the calling thread.
pub trait ReentrantLock: Lock {
    /// Whether the caller owns it.
    fn is_owned(&self) -> bool;
    /// How often the caller has acquired it and not yet released it.
    fn recursion_count(&self) -> usize;
}

/// Makes the tests of a reentrant lock.
#[macro_export]
macro_rules! reentrant_lock_conformance {
    ($lock:ty) => {
        $crate::any_lock_conformance!($lock);
        $crate::conformance_tests!(reentrant_lock, $lock:
            reacquire, release_unacquired, release_save_unacquired, recursion_count, different_thread, is_owned,
            the_owner_never_waits, only_the_last_release_lets_others_in, nested_releases_wake_nobody,
            a_panic_frees_every_guard, nested_stress,
        );
    };
}

/// CPython: `RLockTests.test_reacquire`.
pub fn reacquire<L: ReentrantLock>() {
    let lock = L::default();
    lock.acquire();
    lock.acquire();
    assert!(lock.release());
    lock.acquire();
    assert!(lock.release());
    assert!(lock.locked());
    assert!(lock.release());
    assert!(!lock.locked());
}

/// CPython: `test_release_unacquired`. A release without an acquire is an error, at first and after as many releases.
pub fn release_unacquired<L: ReentrantLock>() {
    let lock = L::default();
    assert!(!lock.release());
    lock.acquire();
    lock.acquire();
    assert!(lock.release());
    lock.acquire();
    assert!(lock.release());
    assert!(lock.release());
    assert!(!lock.release());
    assert!(lock.try_acquire());
    assert_eq!(lock.recursion_count(), 1);
}

/// CPython: `test_release_save_unacquired`. There a condition gives back all acquires at once; ours has no such call.
/// What remains of it: who has given back all and releases again gets an error, and takes nothing from the next owner.
pub fn release_save_unacquired<L: ReentrantLock>() {
    const OWNED: usize = 1;
    const LOOKED: usize = 2;
    let (lock, phase) = (Arc::new(L::default()), Arc::new(AtomicUsize::new(0)));
    assert!(!lock.release());
    lock.acquire();
    lock.acquire();
    assert!(lock.release() && lock.release());
    let next = bunch(1, {
        let (lock, phase) = (Arc::clone(&lock), Arc::clone(&phase));
        move |_| {
            lock.acquire();
            lock.acquire();
            phase.store(OWNED, Ordering::SeqCst);
            until("the other has looked", || phase.load(Ordering::SeqCst) == LOOKED);
            (lock.recursion_count(), lock.release() && lock.release())
        }
    });
    until("the other owns it", || phase.load(Ordering::SeqCst) == OWNED);
    assert!(!lock.release());
    assert!(lock.locked());
    phase.store(LOOKED, Ordering::SeqCst);
    assert_eq!(join(next), [(2, true)]);
    assert!(!lock.locked());
}

/// CPython: `test_recursion_count`. It counts the acquires of the caller, and nobody else's.
pub fn recursion_count<L: ReentrantLock>() {
    const OWNED: usize = 1;
    const LOOKED: usize = 2;
    let (lock, phase) = (Arc::new(L::default()), Arc::new(AtomicUsize::new(0)));
    assert_eq!(lock.recursion_count(), 0);
    for count in 1..=3 {
        lock.acquire();
        assert_eq!(lock.recursion_count(), count);
    }
    for count in (0..3).rev() {
        assert!(lock.release());
        assert_eq!(lock.recursion_count(), count);
    }
    let other = bunch(1, {
        let (lock, phase) = (Arc::clone(&lock), Arc::clone(&phase));
        move |_| {
            lock.acquire();
            phase.store(OWNED, Ordering::SeqCst);
            until("the other has looked", || phase.load(Ordering::SeqCst) == LOOKED);
            lock.release()
        }
    });
    until("the other owns it", || phase.load(Ordering::SeqCst) == OWNED);
    assert_eq!(lock.recursion_count(), 0);
    phase.store(LOOKED, Ordering::SeqCst);
    assert_eq!(join(other), [true]);
    assert_eq!(lock.recursion_count(), 0);
}

/// CPython: `RLockTests.test_different_thread`. Only the owner may release it: nobody else while it lives, and nobody
/// when it is gone.
pub fn different_thread<L: ReentrantLock>() {
    let lock = Arc::new(L::default());
    lock.acquire();
    lock.acquire();
    let other = Arc::clone(&lock);
    assert!(elsewhere(move || !other.release() && !other.try_acquire() && other.recursion_count() == 0));
    assert!(lock.is_owned());
    assert_eq!(lock.recursion_count(), 2);
    assert!(lock.release() && lock.release());

    let other = Arc::clone(&lock);
    elsewhere(move || other.acquire());
    assert!(!lock.release());
    assert!(!lock.try_acquire());
    assert!(lock.locked());
}

/// CPython: `test__is_owned`.
pub fn is_owned<L: ReentrantLock>() {
    let lock = Arc::new(L::default());
    assert!(!lock.is_owned());
    lock.acquire();
    assert!(lock.is_owned());
    lock.acquire();
    assert!(lock.is_owned());
    let other = Arc::clone(&lock);
    assert!(!elsewhere(move || other.is_owned()));
    assert!(lock.release());
    assert!(lock.is_owned());
    assert!(lock.release());
    assert!(!lock.is_owned());
}

/// Every way to the lock is open to its owner at once, though others wait for it: returning at all is the test.
pub fn the_owner_never_waits<L: ReentrantLock>() {
    const DEEP: usize = 10_000;
    let lock = Arc::new(L::default());
    lock.acquire();
    let waiter = bunch(1, {
        let lock = Arc::clone(&lock);
        move |_| {
            lock.acquire();
            lock.release()
        }
    });
    until("it waits", || lock.waiting() == 1);
    lock.acquire();
    assert!(lock.try_acquire());
    assert!(lock.acquire_timeout(Duration::ZERO));
    assert!(lock.acquire_timeout(Duration::MAX));
    lock.guarded(|| assert_eq!(lock.recursion_count(), 6));
    for _ in 5..DEEP {
        lock.acquire();
    }
    assert_eq!(lock.recursion_count(), DEEP);
    assert_eq!(lock.waiting(), 1);
    for _ in 0..DEEP {
        assert!(lock.release());
    }
    assert_eq!(join(waiter), [true]);
}

/// Who waits goes on waiting until there were as many releases as acquires.
pub fn only_the_last_release_lets_others_in<L: ReentrantLock>() {
    const DEPTH: usize = 3;
    let (lock, finished) = (Arc::new(L::default()), Arc::new(AtomicUsize::new(0)));
    for _ in 0..DEPTH {
        lock.acquire();
    }
    let waiter = bunch(1, {
        let (lock, finished) = (Arc::clone(&lock), Arc::clone(&finished));
        move |_| {
            lock.acquire();
            finished.fetch_add(1, Ordering::SeqCst);
            (lock.recursion_count(), lock.release())
        }
    });
    until("it waits", || lock.waiting() == 1);
    for _ in 1..DEPTH {
        assert!(lock.release());
        assert_eq!((lock.waiting(), finished.load(Ordering::SeqCst)), (1, 0));
    }
    assert!(lock.release());
    assert_eq!(join(waiter), [(1, true)]);
}

/// The owner acquires and releases again and again until who waits with a timeout has given up: that neither lets it in
/// nor begins its time anew.
pub fn nested_releases_wake_nobody<L: ReentrantLock>() {
    let lock = Arc::new(L::default());
    lock.acquire();
    let waiter = bunch(1, {
        let lock = Arc::clone(&lock);
        move |_| lock.acquire_timeout(SHORT)
    });
    until("it has given up", || {
        lock.acquire();
        assert!(lock.release());
        waiter[0].is_finished()
    });
    assert_eq!(join(waiter), [false]);
    assert_eq!(lock.recursion_count(), 1);
}

/// A panic gives back as much as it unwinds: the inner guard alone, or both.
pub fn a_panic_frees_every_guard<L: ReentrantLock>() {
    let lock = Arc::new(L::default());
    lock.guarded(|| {
        assert!(panics(|| lock.guarded(|| panic!("while it is held twice"))));
        assert_eq!(lock.recursion_count(), 1);
    });
    assert!(panics(|| lock.guarded(|| lock.guarded(|| panic!("while it is held twice")))));
    assert_eq!(lock.recursion_count(), 0);
    assert!(!lock.locked());
    let other = Arc::clone(&lock);
    assert!(elsewhere(move || other.try_acquire() && other.release()));
}

/// Many threads, nested more or less deep, by each of the four ways: never two inside, and every count is right.
pub fn nested_stress<L: ReentrantLock>() {
    const THREADS: usize = 6;
    const ROUNDS: usize = 500;
    const DEPTH: usize = 4;
    let (lock, inside) = (Arc::new(L::default()), Arc::new(AtomicUsize::new(0)));
    let visits = bunch(THREADS, {
        let (lock, inside) = (Arc::clone(&lock), Arc::clone(&inside));
        move |number| {
            for round in 0..ROUNDS {
                let way = number + round;
                let first = match way % 3 {
                    0 => lock.try_acquire(),
                    1 => lock.acquire_timeout(Duration::from_micros(50)),
                    _ => {
                        lock.acquire();
                        true
                    }
                };
                assert_eq!(lock.is_owned(), first);
                if !first {
                    assert!(!lock.release());
                    continue;
                }
                assert_eq!(inside.fetch_add(1, Ordering::SeqCst), 0, "two are inside");
                for depth in 1..=way % DEPTH {
                    assert!(lock.try_acquire());
                    lock.guarded(|| assert_eq!(lock.recursion_count(), depth + 2));
                }
                inside.fetch_sub(1, Ordering::SeqCst);
                for count in (0..=way % DEPTH).rev() {
                    assert!(lock.release());
                    assert_eq!(lock.recursion_count(), count);
                }
            }
        }
    });
    join(visits);
    assert!(!lock.locked());
}
