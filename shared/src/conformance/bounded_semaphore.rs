//! What a bounded semaphore must survive: CPython's `BoundedSemaphoreTests`, and more.
//!
//! The cases of [any semaphore](super::semaphore) are held as well.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};

use super::semaphore::Semaphore;
use super::{bunch, join, panics};

/// Makes the tests of a semaphore that knows its bound.
#[macro_export]
macro_rules! bounded_semaphore_conformance {
    ($semaphore:ty) => {
        $crate::any_semaphore_conformance!($semaphore);
        $crate::conformance_tests!(bounded_semaphore, $semaphore:
            release_unacquired, repr, over_release_changes_nothing, over_release_at_once,
            never_beyond_the_bound, a_guard_whose_permit_was_released_by_hand,
        );
    };
}

/// CPython: `BoundedSemaphoreTests.test_release_unacquired`. A release too many is an error, first of all and
/// after others.
pub fn release_unacquired<S: Semaphore>() {
    let semaphore = S::new(1);
    assert!(!semaphore.release());
    semaphore.acquire();
    assert!(semaphore.release());
    assert!(!semaphore.release());
}

/// CPython: `BoundedSemaphoreTests.test_repr`. It shows how many permits are left and how many are held,
/// which together are the bound.
pub fn repr<S: Semaphore>() {
    let semaphore = S::new(13);
    let shows = |value: &str| format!("{semaphore:?}").contains(value);
    assert!(shows(": 13") && !shows("held: 2"), "{semaphore:?}");
    semaphore.acquire();
    semaphore.acquire();
    assert!(shows(": 11") && shows("held: 2"), "{semaphore:?}");
}

/// An error leaves as many permits as there were, with some of them held, with none, and with none to hold.
pub fn over_release_changes_nothing<S: Semaphore>() {
    let none = S::new(0);
    assert!(!none.release());
    assert_eq!(none.value(), 0);
    assert!(!none.try_acquire());
    let semaphore = S::new(2);
    semaphore.acquire();
    assert!(!semaphore.release_n(2), "only one is held");
    assert_eq!(semaphore.value(), 1, "all or nothing");
    assert!(semaphore.release());
    for _ in 0..3 {
        assert!(!semaphore.release());
        assert_eq!(semaphore.value(), 2);
    }
    assert!(semaphore.try_acquire());
    assert!(semaphore.try_acquire());
    assert!(!semaphore.try_acquire());
}

/// One release more than acquires, all at once: exactly one fails, whichever.
pub fn over_release_at_once<S: Semaphore>() {
    const ROUNDS: usize = 200;
    const PERMITS: usize = 3;
    let semaphore = Arc::new(S::new(PERMITS));
    for _ in 0..ROUNDS {
        for _ in 0..PERMITS {
            semaphore.acquire();
        }
        let releases = bunch(PERMITS + 1, {
            let (semaphore, start) = (Arc::clone(&semaphore), Barrier::new(PERMITS + 1));
            move |_| {
                start.wait();
                semaphore.release()
            }
        });
        let succeeded = join(releases).into_iter().filter(|released| *released).count();
        assert_eq!(succeeded, PERMITS);
        assert_eq!(semaphore.value(), PERMITS);
    }
}

/// Many acquire and release, and some only release: there are never more permits than the bound, no more
/// releases succeed than acquires, and in the end all permits are there.
pub fn never_beyond_the_bound<S: Semaphore>() {
    const PERMITS: usize = 2;
    const THREADS: usize = 4;
    const ROUNDS: usize = 100_000;
    let semaphore = Arc::new(S::new(PERMITS));
    let (acquired, released) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let visits = bunch(THREADS, {
        let (semaphore, acquired, released) =
            (Arc::clone(&semaphore), Arc::clone(&acquired), Arc::clone(&released));
        let start = Barrier::new(THREADS);
        move |number| {
            start.wait();
            for _ in 0..ROUNDS {
                if number % 2 == 0 && semaphore.try_acquire() {
                    acquired.fetch_add(1, Ordering::SeqCst);
                }
                if semaphore.release() {
                    released.fetch_add(1, Ordering::SeqCst);
                }
                assert!(semaphore.value() <= PERMITS, "there are more permits than ever");
            }
        }
    });
    join(visits);
    assert_eq!(released.load(Ordering::SeqCst), acquired.load(Ordering::SeqCst));
    assert_eq!(semaphore.value(), PERMITS);
    assert!(!semaphore.release());
}

/// Somebody releases what a guard holds: the guard then has nothing to give back, also when a panic drops it.
pub fn a_guard_whose_permit_was_released_by_hand<S: Semaphore>() {
    let semaphore = S::new(1);
    semaphore.guarded(|| assert!(semaphore.release()));
    assert_eq!(semaphore.value(), 1);
    assert!(panics(|| {
        semaphore.guarded(|| {
            assert!(semaphore.release());
            panic!("while nothing is held");
        });
    }));
    assert_eq!(semaphore.value(), 1);
}
