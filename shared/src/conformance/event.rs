//! What an event must survive: CPython's `EventTests`, and more.

use std::fmt::Debug;
use std::hint;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::{SHORT, bunch, join, until};

/// An event, whoever waits for it.
pub trait Event: Debug + Default + Send + Sync + 'static {
    /// Sets the flag, and wakes all who wait.
    fn set(&self);
    /// Clears the flag.
    fn clear(&self);
    /// Whether the flag is set.
    fn is_set(&self) -> bool;
    /// Waits until it is set.
    fn wait(&self);
    /// Waits for at most so long; says whether it was set.
    fn wait_timeout(&self, timeout: Duration) -> bool;
    /// How many wait for it.
    fn waiting(&self) -> usize;
}

/// Makes the tests of an event.
#[macro_export]
macro_rules! event_conformance {
    ($event:ty) => {
        $crate::conformance_tests!(event, $event:
            is_set, notify, timeout, set_and_clear, repr, extreme_timeouts, a_waiter_with_a_timeout_is_woken,
            a_timeout_that_expires_leaves_nothing, sets_are_not_stored, clear_without_a_set, set_and_clear_in_rounds,
            a_set_that_races_with_a_wait, stress,
        );
    };
}

/// CPython: `test_is_set`. Setting and clearing twice is the same as once.
pub fn is_set<E: Event>() {
    let event = E::default();
    assert!(!event.is_set());
    for expected in [true, true, false, false] {
        if expected {
            event.set();
        } else {
            event.clear();
        }
        assert_eq!(event.is_set(), expected);
    }
}

/// CPython: `test_notify`. Nobody gets through while it is not set, and all do afterwards; also after a clear.
pub fn notify<E: Event>() {
    const WAITERS: usize = 5;
    let event = Arc::new(E::default());
    for _ in 0..2 {
        let woken = Arc::new(AtomicUsize::new(0));
        let waiters = bunch(WAITERS, {
            let (event, woken) = (Arc::clone(&event), Arc::clone(&woken));
            move |_| {
                event.wait();
                woken.fetch_add(1, Ordering::SeqCst);
                // It is still set, so this one doesn't wait.
                event.wait();
            }
        });
        until("all wait", || event.waiting() == WAITERS);
        assert_eq!(woken.load(Ordering::SeqCst), 0);
        event.set();
        join(waiters);
        assert_eq!(woken.load(Ordering::SeqCst), WAITERS);
        event.set();
        event.clear();
    }
}

/// CPython: `test_timeout`. Not set, the wait ends in vain and not before its time; set, it is not in vain.
pub fn timeout<E: Event>() {
    const WAITERS: usize = 5;
    let event = Arc::new(E::default());
    let wait = |event: &Arc<E>| {
        let event = Arc::clone(event);
        join(bunch(WAITERS, move |_| {
            let at_once = event.wait_timeout(Duration::ZERO);
            let start = Instant::now();
            (at_once, event.wait_timeout(SHORT), start.elapsed())
        }))
    };
    for (at_once, in_time, waited) in wait(&event) {
        assert!(!at_once && !in_time);
        assert!(waited >= SHORT, "{waited:?}");
    }
    event.set();
    for (at_once, in_time, _) in wait(&event) {
        assert!(at_once && in_time);
    }
}

/// CPython: `test_set_and_clear`. Who waits when it is set returns, even if it is cleared at once: returning at all is
/// the test.
pub fn set_and_clear<E: Event>() {
    const WAITERS: usize = 6;
    let event = Arc::new(E::default());
    let waiters = bunch(WAITERS, {
        let event = Arc::clone(&event);
        move |number| {
            if number % 2 == 0 {
                return event.wait_timeout(Duration::from_hours(1));
            }
            event.wait();
            true
        }
    });
    until("all wait", || event.waiting() == WAITERS);
    event.set();
    event.clear();
    assert_eq!(join(waiters), [true; WAITERS]);
    assert!(!event.is_set());
}

/// CPython: `test_repr`. Set and not set look different; cleared again it has the same past as when it was set, so it
/// is the flag that shows.
pub fn repr<E: Event>() {
    let event = E::default();
    let unset = format!("{event:?}");
    event.set();
    let set = format!("{event:?}");
    assert_ne!(set, unset);
    event.clear();
    assert_ne!(format!("{event:?}"), set);
}

/// Zero doesn't wait, and the longest time doesn't overflow.
pub fn extreme_timeouts<E: Event>() {
    let event = Arc::new(E::default());
    assert!(!event.wait_timeout(Duration::ZERO));
    let waiter = bunch(1, {
        let event = Arc::clone(&event);
        move |_| event.wait_timeout(Duration::MAX)
    });
    until("it waits", || event.waiting() == 1);
    event.set();
    assert_eq!(join(waiter), [true]);
    assert!(event.wait_timeout(Duration::MAX));
    assert!(event.wait_timeout(Duration::ZERO));
}

/// An hour of patience ends when the event is set: returning at all is the test.
pub fn a_waiter_with_a_timeout_is_woken<E: Event>() {
    let event = Arc::new(E::default());
    let waiter = bunch(1, {
        let event = Arc::clone(&event);
        move |_| event.wait_timeout(Duration::from_hours(1))
    });
    until("it waits", || event.waiting() == 1);
    event.set();
    assert_eq!(join(waiter), [true]);
}

/// Who gives up leaves no trace, and takes nothing from who goes on waiting.
pub fn a_timeout_that_expires_leaves_nothing<E: Event>() {
    let event = Arc::new(E::default());
    let patient = bunch(1, {
        let event = Arc::clone(&event);
        move |_| event.wait()
    });
    until("it waits", || event.waiting() == 1);
    let gave_up = bunch(3, {
        let event = Arc::clone(&event);
        move |_| !event.wait_timeout(SHORT)
    });
    assert_eq!(join(gave_up), [true; 3]);
    assert_eq!(event.waiting(), 1);
    assert!(!event.is_set());
    event.set();
    join(patient);
    assert_eq!(event.waiting(), 0);
}

/// A flag is no count: what was set and cleared while nobody waited lets nobody through.
pub fn sets_are_not_stored<E: Event>() {
    let event = E::default();
    event.set();
    event.set();
    event.clear();
    assert!(!event.wait_timeout(Duration::ZERO));
    assert!(!event.wait_timeout(SHORT));
}

/// Clearing what nobody set changes nothing and wakes nobody.
pub fn clear_without_a_set<E: Event>() {
    let event = Arc::new(E::default());
    event.clear();
    assert!(!event.is_set());
    let waiter = bunch(1, {
        let event = Arc::clone(&event);
        move |_| event.wait()
    });
    until("it waits", || event.waiting() == 1);
    event.clear();
    assert_eq!(event.waiting(), 1);
    event.set();
    join(waiter);
    assert!(event.is_set());
}

/// Round after round, all who wait when it is set and cleared get through.
pub fn set_and_clear_in_rounds<E: Event>() {
    const WAITERS: usize = 4;
    const ROUNDS: usize = 50;
    let (event, woken) = (Arc::new(E::default()), Arc::new(AtomicUsize::new(0)));
    let cleared = Arc::new(AtomicUsize::new(0));
    let waiters = bunch(WAITERS, {
        let (event, woken, cleared) = (Arc::clone(&event), Arc::clone(&woken), Arc::clone(&cleared));
        move |_| {
            for round in 1..=ROUNDS {
                event.wait();
                woken.fetch_add(1, Ordering::SeqCst);
                // Between the set and the clear it would get through again.
                until("it is cleared", || cleared.load(Ordering::SeqCst) == round);
            }
        }
    });
    for round in 1..=ROUNDS {
        until("all wait", || event.waiting() == WAITERS);
        event.set();
        event.clear();
        until("all were woken", || woken.load(Ordering::SeqCst) == WAITERS * round);
        cleared.store(round, Ordering::SeqCst);
    }
    join(waiters);
    assert_eq!(event.waiting(), 0);
}

/// The set falls now before, now into, now after the beginning of the wait: returning at all is the test.
pub fn a_set_that_races_with_a_wait<E: Event>() {
    const EVENTS: usize = 10_000;
    let row: Arc<Vec<E>> = Arc::new((0..EVENTS).map(|_| E::default()).collect());
    let near = Arc::new(Near::default());
    let waiter = bunch(1, {
        let (row, near) = (Arc::clone(&row), Arc::clone(&near));
        move |_| {
            for (event, number) in row.iter().zip(1..) {
                near.waiter_at(number);
                event.wait();
            }
        }
    });
    near.set(&row, E::set);
    join(waiter);
}

/// How far a waiter and a setter have come in a row of events; they keep as close together as they can.
#[derive(Debug, Default)]
pub struct Near {
    waiter: AtomicUsize,
    setter: AtomicUsize,
}

impl Near {
    /// The waiter is about to wait for the event of this number.
    pub fn waiter_at(&self, number: usize) {
        Self::at(number, &self.waiter, &self.setter);
    }

    /// Sets all events, each when its waiter is there or a little later.
    pub fn set<E>(&self, row: &[E], set: impl Fn(&E)) {
        until("the waiter runs", || self.waiter.load(Ordering::SeqCst) > 0);
        for (event, number) in row.iter().zip(1..) {
            Self::at(number, &self.setter, &self.waiter);
            (0..number % 8).for_each(|_| hint::spin_loop());
            set(event);
        }
    }

    /// Spins for the other, but not for long: who doesn't run just now can't be raced with.
    fn at(number: usize, here: &AtomicUsize, there: &AtomicUsize) {
        here.store(number, Ordering::SeqCst);
        for _ in 0..1_000 {
            if there.load(Ordering::SeqCst) >= number {
                break;
            }
            hint::spin_loop();
        }
    }
}

/// Waiters of every kind against an event that is set and cleared without end: each wait ends.
pub fn stress<E: Event>() {
    const WAITERS: usize = 6;
    const ROUNDS: usize = 300;
    let event = Arc::new(E::default());
    let waiters = bunch(WAITERS, {
        let event = Arc::clone(&event);
        move |number| {
            for round in 0..ROUNDS {
                match (number + round) % 3 {
                    0 => event.wait(),
                    1 => assert!(event.wait_timeout(Duration::from_hours(1))),
                    // In vain or not: it may end either way.
                    _ => drop(event.wait_timeout(Duration::from_micros(50))),
                }
            }
        }
    });
    while !waiters.iter().all(thread::JoinHandle::is_finished) {
        event.set();
        event.clear();
        thread::yield_now();
    }
    join(waiters);
    assert_eq!(event.waiting(), 0);
    assert!(!event.is_set());
}
