//! What a semaphore must survive: CPython's `BaseSemaphoreTests` and `SemaphoreTests`, and more.

use std::fmt::Debug;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::{SHORT, bunch, elsewhere, join, panics, until};

/// A semaphore, bounded or not, whoever waits for it.
pub trait Semaphore: Debug + Send + Sync + 'static {
    /// One of so many permits.
    fn new(permits: usize) -> Self;
    /// Waits for a permit, and takes it.
    fn acquire(&self);
    /// Takes a permit if there is one.
    fn try_acquire(&self) -> bool;
    /// Waits for at most so long.
    fn acquire_timeout(&self, timeout: Duration) -> bool;
    /// Gives a permit back; says whether that was no error.
    fn release(&self) -> bool;
    /// Gives so many back; says whether that was no error.
    fn release_n(&self, permits: usize) -> bool;
    /// How many permits are left.
    fn value(&self) -> usize;
    /// Does this with the guard in hand.
    fn guarded(&self, body: impl FnOnce());
    /// How many wait for a permit.
    fn waiting(&self) -> usize;
}

/// Makes the tests of a semaphore that may be released more often than it was acquired.
#[macro_export]
macro_rules! semaphore_conformance {
    ($semaphore:ty) => {
        $crate::any_semaphore_conformance!($semaphore);
        $crate::conformance_tests!(semaphore, $semaphore:
            release_unacquired, repr, release_n_adds_as_many, more_permits_than_numbers,
        );
    };
}

/// Makes the tests of any semaphore.
#[macro_export]
macro_rules! any_semaphore_conformance {
    ($semaphore:ty) => {
        $crate::conformance_tests!(semaphore, $semaphore:
            constructor, acquire, acquire_destroy, acquire_contended, multirelease, try_acquire,
            try_acquire_contended, acquire_timeout, default_value, with, a_panic_restores_the_count,
            release_of_as_many_as_wait_wakes_all, extreme_timeouts, a_timeout_that_expires_takes_nothing,
            a_waiter_with_a_timeout_gets_a_permit, stress,
        );
    };
}

/// CPython: `test_constructor`. A new one has what it was given, also if that is nothing. (That it is not
/// negative, the type sees to.)
pub fn constructor<S: Semaphore>() {
    for permits in [0, 1, 7] {
        let semaphore = S::new(permits);
        assert_eq!(semaphore.value(), permits);
        for left in (0..permits).rev() {
            assert!(semaphore.try_acquire());
            assert_eq!(semaphore.value(), left);
        }
        assert!(!semaphore.try_acquire());
        assert!(!semaphore.acquire_timeout(SHORT));
        assert_eq!(semaphore.value(), 0);
    }
}

/// CPython: `test_acquire`.
pub fn acquire<S: Semaphore>() {
    for permits in [1, 2] {
        let semaphore = S::new(permits);
        for _ in 0..permits {
            semaphore.acquire();
        }
        assert_eq!(semaphore.value(), 0);
        for _ in 0..permits {
            assert!(semaphore.release());
        }
        assert_eq!(semaphore.value(), permits);
    }
}

/// CPython: `test_acquire_destroy`. One of which a permit is held may be dropped.
pub fn acquire_destroy<S: Semaphore>() {
    let semaphore = S::new(1);
    semaphore.acquire();
    drop(semaphore);
}

/// CPython: `test_acquire_contended`. As many get through as there were permits, at each moment, and no fewer
/// in the end.
pub fn acquire_contended<S: Semaphore>() {
    contended(|semaphore: &S, permits| (0..permits).all(|_| semaphore.release()));
}

/// CPython: `test_multirelease`. The same, with permits that come back many at once.
pub fn multirelease<S: Semaphore>() {
    contended(S::release_n);
}

/// Ten want two permits each; they come in phases.
fn contended<S: Semaphore>(release: impl Fn(&S, usize) -> bool) {
    const PERMITS: usize = 7;
    const WAITERS: usize = 10;
    let (semaphore, allowed) = (Arc::new(S::new(PERMITS)), Arc::new(AtomicUsize::new(PERMITS - 1)));
    let (taken, finished) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    semaphore.acquire();
    let waiters = bunch(WAITERS, {
        let (semaphore, allowed) = (Arc::clone(&semaphore), Arc::clone(&allowed));
        let (taken, finished) = (Arc::clone(&taken), Arc::clone(&finished));
        move |_| {
            for _ in 0..2 {
                semaphore.acquire();
                let taken = taken.fetch_add(1, Ordering::SeqCst) + 1;
                assert!(taken <= allowed.load(Ordering::SeqCst), "more are taken than there were");
            }
            finished.fetch_add(1, Ordering::SeqCst);
        }
    });
    // One of them may have been quick enough for two.
    let none_runs = || semaphore.waiting() + finished.load(Ordering::SeqCst) == WAITERS;
    until("all wait or have what they want", none_runs);
    assert_eq!(taken.load(Ordering::SeqCst), PERMITS - 1);
    for permits in [PERMITS, PERMITS - 1] {
        let all = allowed.fetch_add(permits, Ordering::SeqCst) + permits;
        assert!(release(&semaphore, permits));
        until("what was released is taken", || taken.load(Ordering::SeqCst) == all);
        assert!(!semaphore.try_acquire());
    }
    allowed.fetch_add(1, Ordering::SeqCst);
    assert!(release(&semaphore, 1));
    join(waiters);
    assert_eq!(taken.load(Ordering::SeqCst), 2 * WAITERS);
    assert_eq!(semaphore.value(), 0);
}

/// CPython: `test_try_acquire`.
pub fn try_acquire<S: Semaphore>() {
    let semaphore = S::new(2);
    assert!(semaphore.try_acquire());
    assert!(semaphore.try_acquire());
    assert!(!semaphore.try_acquire());
    assert!(semaphore.release());
    assert!(semaphore.try_acquire());
}

/// CPython: `test_try_acquire_contended`. Of all who try, as many succeed as there are permits.
pub fn try_acquire_contended<S: Semaphore>() {
    let semaphore = Arc::new(S::new(4));
    semaphore.acquire();
    let tries = bunch(5, {
        let semaphore = Arc::clone(&semaphore);
        move |_| usize::from(semaphore.try_acquire()) + usize::from(semaphore.try_acquire())
    });
    assert_eq!(join(tries).iter().sum::<usize>(), 3);
    assert_eq!(semaphore.value(), 0);
}

/// CPython: `test_acquire_timeout`. A permit that is there is got at once; one that isn't, not before the
/// time is over. (That a try has no timeout, the types see to.)
pub fn acquire_timeout<S: Semaphore>() {
    let semaphore = S::new(2);
    assert!(semaphore.acquire_timeout(SHORT));
    assert!(semaphore.acquire_timeout(SHORT));
    assert!(!semaphore.acquire_timeout(SHORT));
    assert!(semaphore.release());
    assert!(semaphore.acquire_timeout(SHORT));
    let start = Instant::now();
    assert!(!semaphore.acquire_timeout(SHORT));
    let waited = start.elapsed();
    assert!(waited >= SHORT, "{waited:?}");
}

/// CPython: `test_default_value`. With one permit, the second who asks waits for the first. (That one is the
/// default can't be said here: `new` takes a number.)
pub fn default_value<S: Semaphore>() {
    let (semaphore, finished) = (Arc::new(S::new(1)), Arc::new(AtomicUsize::new(0)));
    semaphore.acquire();
    let waiter = bunch(1, {
        let (semaphore, finished) = (Arc::clone(&semaphore), Arc::clone(&finished));
        move |_| {
            semaphore.acquire();
            finished.fetch_add(1, Ordering::SeqCst);
            semaphore.release()
        }
    });
    until("it waits", || semaphore.waiting() == 1);
    assert_eq!(finished.load(Ordering::SeqCst), 0);
    assert!(semaphore.release());
    assert_eq!(join(waiter), [true]);
    assert_eq!(semaphore.value(), 1);
}

/// CPython: `test_with`. Guards within guards give their permits back, also when a panic drops them.
pub fn with<S: Semaphore>() {
    let semaphore = S::new(2);
    let nested = |fails: bool| {
        semaphore.guarded(|| {
            assert!(semaphore.try_acquire());
            assert!(semaphore.release());
            semaphore.guarded(|| {
                assert!(!semaphore.try_acquire());
                assert!(!fails, "while both are held");
            });
        });
    };
    nested(false);
    assert_eq!(semaphore.value(), 2);
    assert!(panics(|| nested(true)));
    assert_eq!(semaphore.value(), 2);
}

/// All who hold a permit panic, and somebody waits for one: the waiter gets it, and none is missing.
pub fn a_panic_restores_the_count<S: Semaphore>() {
    const PERMITS: usize = 3;
    let (semaphore, inside) = (Arc::new(S::new(PERMITS)), Arc::new(AtomicUsize::new(0)));
    let holders = bunch(PERMITS, {
        let (semaphore, inside) = (Arc::clone(&semaphore), Arc::clone(&inside));
        move |_| {
            panics(|| {
                semaphore.guarded(|| {
                    inside.fetch_add(1, Ordering::SeqCst);
                    until("all are inside, and one more waits", || {
                        inside.load(Ordering::SeqCst) == PERMITS + 1
                    });
                    panic!("while it is held");
                });
            })
        }
    });
    until("all are inside", || inside.load(Ordering::SeqCst) == PERMITS);
    let waiter = bunch(1, {
        let semaphore = Arc::clone(&semaphore);
        move |_| semaphore.acquire_timeout(Duration::from_hours(1)) && semaphore.release()
    });
    until("it waits", || semaphore.waiting() == 1);
    inside.fetch_add(1, Ordering::SeqCst);
    assert_eq!(join(holders), [true; PERMITS]);
    until("all permits are back", || semaphore.value() == PERMITS);
    assert_eq!(join(waiter), [true]);
}

/// As many permits as there are waiters: each of them gets one, and none is forgotten.
pub fn release_of_as_many_as_wait_wakes_all<S: Semaphore>() {
    const WAITERS: usize = 5;
    let semaphore = Arc::new(S::new(WAITERS));
    for _ in 0..WAITERS {
        semaphore.acquire();
    }
    let waiters = bunch(WAITERS, {
        let semaphore = Arc::clone(&semaphore);
        move |_| semaphore.acquire_timeout(Duration::from_hours(1))
    });
    until("all wait", || semaphore.waiting() == WAITERS);
    assert!(semaphore.release_n(WAITERS));
    assert_eq!(join(waiters), [true; WAITERS]);
    assert_eq!(semaphore.value(), 0);
}

/// Zero doesn't wait, and the longest time doesn't overflow (CPython: `TIMEOUT_MAX`).
pub fn extreme_timeouts<S: Semaphore>() {
    let semaphore = Arc::new(S::new(1));
    assert!(semaphore.acquire_timeout(Duration::MAX));
    let other = Arc::clone(&semaphore);
    assert!(!elsewhere(move || other.acquire_timeout(Duration::ZERO)));
    let waiter = bunch(1, {
        let semaphore = Arc::clone(&semaphore);
        move |_| semaphore.acquire_timeout(Duration::MAX) && semaphore.release()
    });
    until("it waits", || semaphore.waiting() == 1);
    assert!(semaphore.release());
    assert_eq!(join(waiter), [true]);
    assert!(semaphore.acquire_timeout(Duration::ZERO));
}

/// Who gives up leaves no trace: what is released afterwards is all there.
pub fn a_timeout_that_expires_takes_nothing<S: Semaphore>() {
    let semaphore = Arc::new(S::new(2));
    semaphore.acquire();
    semaphore.acquire();
    let gave_up = bunch(3, {
        let semaphore = Arc::clone(&semaphore);
        move |_| !semaphore.acquire_timeout(SHORT)
    });
    assert_eq!(join(gave_up), [true; 3]);
    assert_eq!(semaphore.waiting(), 0);
    assert!(semaphore.release_n(2));
    assert_eq!(semaphore.value(), 2);
    assert!(semaphore.try_acquire());
    assert!(semaphore.try_acquire());
}

/// An hour of patience ends when a permit is released: returning at all is the test.
pub fn a_waiter_with_a_timeout_gets_a_permit<S: Semaphore>() {
    let semaphore = Arc::new(S::new(1));
    semaphore.acquire();
    let waiter = bunch(1, {
        let semaphore = Arc::clone(&semaphore);
        move |_| semaphore.acquire_timeout(Duration::from_hours(1)) && semaphore.release()
    });
    until("it waits", || semaphore.waiting() == 1);
    assert!(semaphore.release());
    assert_eq!(join(waiter), [true]);
}

/// Many threads, each of the four ways to a permit: never more inside than there are permits, no wakeup is
/// lost, and in the end no permit.
pub fn stress<S: Semaphore>() {
    const PERMITS: usize = 3;
    const THREADS: usize = 8;
    const ROUNDS: usize = 1_000;
    let (semaphore, inside) = (Arc::new(S::new(PERMITS)), Arc::new(AtomicUsize::new(0)));
    let visits = bunch(THREADS, {
        let (semaphore, inside) = (Arc::clone(&semaphore), Arc::clone(&inside));
        move |number| {
            let visit = |round| {
                assert!(inside.fetch_add(1, Ordering::SeqCst) < PERMITS, "too many are inside");
                if round % 16 == 0 {
                    // Others come while this one is inside, else there would be nobody to count.
                    thread::yield_now();
                }
                inside.fetch_sub(1, Ordering::SeqCst);
            };
            for round in 0..ROUNDS {
                let acquired = match (number + round) % 4 {
                    0 => {
                        semaphore.acquire();
                        true
                    }
                    1 => semaphore.try_acquire(),
                    2 => semaphore.acquire_timeout(Duration::from_micros(50)),
                    _ => {
                        semaphore.guarded(|| visit(round));
                        false
                    }
                };
                if acquired {
                    visit(round);
                    assert!(semaphore.release());
                }
            }
        }
    });
    join(visits);
    assert_eq!(semaphore.value(), PERMITS);
    assert_eq!(semaphore.waiting(), 0);
}

/// CPython: `SemaphoreTests.test_release_unacquired`. A release too many is one more permit.
pub fn release_unacquired<S: Semaphore>() {
    let semaphore = S::new(1);
    assert!(semaphore.release());
    assert_eq!(semaphore.value(), 2);
    semaphore.acquire();
    semaphore.acquire();
    assert!(semaphore.release());
    assert_eq!(semaphore.value(), 1);
}

/// CPython: `SemaphoreTests.test_repr`. It shows how many permits are left.
pub fn repr<S: Semaphore>() {
    let semaphore = S::new(13);
    let shows = |value: &str| format!("{semaphore:?}").contains(value);
    assert!(shows(": 13"), "{semaphore:?}");
    semaphore.acquire();
    assert!(shows(": 12"), "{semaphore:?}");
    assert!(semaphore.release_n(2));
    assert!(shows(": 14"), "{semaphore:?}");
}

/// None is nothing, also to those who wait; more than wait are there for others.
pub fn release_n_adds_as_many<S: Semaphore>() {
    let semaphore = Arc::new(S::new(0));
    let waiter = bunch(1, {
        let semaphore = Arc::clone(&semaphore);
        move |_| semaphore.acquire_timeout(Duration::from_hours(1))
    });
    until("it waits", || semaphore.waiting() == 1);
    assert!(semaphore.release_n(0));
    assert_eq!((semaphore.value(), semaphore.waiting()), (0, 1));
    assert!(semaphore.release_n(5));
    assert_eq!(join(waiter), [true]);
    assert_eq!(semaphore.value(), 4);
}

/// A release of more permits than can be counted panics, changes nothing, and the next one works.
pub fn more_permits_than_numbers<S: Semaphore>() {
    let semaphore = S::new(1);
    assert!(panics(|| {
        semaphore.release_n(usize::MAX);
    }));
    assert_eq!(semaphore.value(), 1);
    assert!(semaphore.release());
    assert!(semaphore.acquire_timeout(SHORT));
    assert_eq!(semaphore.value(), 1);
}
