//! What a condition must survive: CPython's `ConditionTests`, and more.

use std::fmt::Debug;
use std::ops::DerefMut;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::{SHORT, bunch, elsewhere, join, panics, until};

/// A number behind a mutex, and the condition that it has changed, whoever waits for it.
///
/// Who holds the mutex and then waits does wait as soon as somebody else gets the mutex: so no test needs to count.
/// A wait may also return without a notification, so every test asks for what the notification was about.
pub trait Monitor: Debug + Default + Send + Sync + 'static {
    /// Holds the mutex.
    type Guard<'a>: DerefMut<Target = i64>;
    /// Waits for the mutex.
    fn lock(&self) -> Self::Guard<'_>;
    /// Takes the mutex if it is free.
    fn try_lock(&self) -> Option<Self::Guard<'_>>;
    /// Waits for a notification.
    fn wait<'a>(&'a self, guard: Self::Guard<'a>) -> Self::Guard<'a>;
    /// Waits for at most so long.
    fn wait_timeout<'a>(&'a self, guard: Self::Guard<'a>, timeout: Duration) -> (Self::Guard<'a>, bool);
    /// Waits until the predicate holds.
    fn wait_for<'a>(
        &'a self,
        guard: Self::Guard<'a>,
        predicate: impl FnMut(&mut i64) -> bool,
    ) -> Self::Guard<'a>;
    /// Waits for at most so long until the predicate holds.
    fn wait_for_timeout<'a>(
        &'a self,
        guard: Self::Guard<'a>,
        timeout: Duration,
        predicate: impl FnMut(&mut i64) -> bool,
    ) -> (Self::Guard<'a>, bool);
    /// Wakes so many.
    fn notify(&self, count: usize);
    /// Wakes all.
    fn notify_all(&self);
}

/// Makes the tests of a condition.
#[macro_export]
macro_rules! condition_conformance {
    ($monitor:ty) => {
        $crate::conformance_tests!(condition, $monitor:
            acquire, unacquired_notify, notify, notify_twice_over, notify_more_than_wait, timeout, waitfor,
            waitfor_timeout, zero_timeouts, longest_timeouts, a_waiter_with_a_timeout_is_woken, two_predicates,
            stray_notifications_do_not_restart_a_timeout, no_wakeup_is_lost, stress, a_panic_leaves_the_mutex_usable,
        );
    };
}

/// Waits with the guard in hand until it has learnt that nobody notified it, which a spurious wakeup is
/// not; says how long that wait was.
fn expire<M: Monitor>(monitor: &M, timeout: Duration) -> Duration {
    let mut guard = monitor.lock();
    loop {
        let start = Instant::now();
        let notified;
        (guard, notified) = monitor.wait_timeout(guard, timeout);
        if !notified {
            return start.elapsed();
        }
    }
}

/// Takes one from the number, if there is one.
fn take(tokens: &mut i64) -> bool {
    let there = *tokens > 0;
    *tokens -= i64::from(there);
    there
}

/// Waits until so many threads have counted themselves with the mutex held. They wait once this has had it too.
fn until_they_wait<M: Monitor>(monitor: &M, counted: &AtomicUsize, threads: usize) {
    until("they wait", || {
        let _guard = monitor.lock();
        counted.load(Ordering::SeqCst) == threads
    });
}

/// CPython: `test_acquire`. Our condition has no lock of its own: the guard is the lock. It is free while
/// somebody waits, and held again when the wait returns.
pub fn acquire<M: Monitor>() {
    let (monitor, returned, go_on) =
        (Arc::new(M::default()), Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
    let is_free = || {
        let monitor = Arc::clone(&monitor);
        elsewhere(move || monitor.try_lock().is_some())
    };
    assert!(is_free());
    let guard = monitor.lock();
    assert!(!is_free());
    drop(guard);
    assert!(is_free());
    let waiter = bunch(1, {
        let (monitor, returned, go_on) = (Arc::clone(&monitor), Arc::clone(&returned), Arc::clone(&go_on));
        move |_| {
            let mut guard = monitor.lock();
            *guard = 1;
            while *guard != 2 {
                guard = monitor.wait(guard);
            }
            returned.store(true, Ordering::SeqCst);
            until("it may go on", || go_on.load(Ordering::SeqCst));
            *guard = 3;
        }
    });
    until("it waits, and the mutex is free", || *monitor.lock() == 1);
    *monitor.lock() = 2;
    monitor.notify(1);
    until("the wait returns", || returned.load(Ordering::SeqCst));
    assert!(!is_free());
    go_on.store(true, Ordering::SeqCst);
    join(waiter);
    assert_eq!(*monitor.lock(), 3);
}

/// CPython: `test_unacquired_notify`, which is an error there. Here, as in `std`, a notification needs no
/// lock: without a waiter it does nothing, and a waiter is woken by it all the same.
pub fn unacquired_notify<M: Monitor>() {
    let monitor = Arc::new(M::default());
    monitor.notify(1);
    monitor.notify_all();
    for all in [false, true] {
        *monitor.lock() = 0;
        let waiter = bunch(1, {
            let monitor = Arc::clone(&monitor);
            move |_| {
                let mut guard = monitor.lock();
                *guard = 1;
                *monitor.wait_for(guard, |state| *state == 2)
            }
        });
        until("it waits", || *monitor.lock() == 1);
        *monitor.lock() = 2;
        if all {
            monitor.notify_all();
        } else {
            monitor.notify(1);
        }
        assert_eq!(join(waiter), [2]);
    }
}

/// CPython: `test_notify`. Three of five are woken, then all five, of whom some wait for the second time,
/// then the rest. Each wakeup is worth a token, so that a spurious one is worth nothing.
pub fn notify<M: Monitor>() {
    check_notify(&Arc::new(M::default()));
}

/// CPython: `test_notify`, the second time: the state within is still right.
pub fn notify_twice_over<M: Monitor>() {
    let monitor = Arc::new(M::default());
    check_notify(&monitor);
    check_notify(&monitor);
}

fn check_notify<M: Monitor>(monitor: &Arc<M>) {
    const WAITERS: usize = 5;
    let (phase, waits) = (Arc::new(AtomicI64::new(0)), Arc::new(AtomicUsize::new(0)));
    let results = Arc::new([AtomicUsize::new(0), AtomicUsize::new(0)]);
    let waiters = bunch(WAITERS, {
        let (monitor, phase, waits, results) =
            (Arc::clone(monitor), Arc::clone(&phase), Arc::clone(&waits), Arc::clone(&results));
        move |_| {
            let mut seen = 0;
            [0, 1].map(|turn| {
                let guard = monitor.lock();
                waits.fetch_add(1, Ordering::SeqCst);
                // Nobody takes a second token in the phase of its first: that is for another.
                let now = || phase.load(Ordering::SeqCst);
                let guard = monitor.wait_for(guard, |tokens| now() > seen && take(tokens));
                seen = now();
                results[turn].fetch_add(1, Ordering::SeqCst);
                drop(guard);
                seen
            })
        }
    });
    let results = || [0, 1].map(|turn: usize| results[turn].load(Ordering::SeqCst));
    let next_phase = |tokens, notify: &dyn Fn()| {
        let mut guard = monitor.lock();
        assert_eq!(*guard, 0);
        phase.fetch_add(1, Ordering::SeqCst);
        *guard = tokens;
        notify();
    };

    until_they_wait(&**monitor, &waits, WAITERS);
    assert_eq!(results(), [0, 0]);
    next_phase(3, &|| monitor.notify(3));
    until_they_wait(&**monitor, &waits, WAITERS + 3);
    assert_eq!(results(), [3, 0]);
    next_phase(5, &|| monitor.notify(5));
    until_they_wait(&**monitor, &waits, WAITERS + 5);
    until("the others are through", || results() == [5, 3]);
    next_phase(2, &|| monitor.notify_all());
    let mut phases = join(waiters);
    phases.sort_unstable();
    assert_eq!(phases, [[1, 2], [1, 2], [1, 2], [2, 3], [2, 3]]);
    assert_eq!(*monitor.lock(), 0);
}

/// CPython, asyncio: `test_notify` says 2048 to two. All are woken, and it is not much work.
pub fn notify_more_than_wait<M: Monitor>() {
    const WAITERS: usize = 3;
    let (monitor, waits) = (Arc::new(M::default()), Arc::new(AtomicUsize::new(0)));
    monitor.notify(usize::MAX);
    let waiters = bunch(WAITERS, {
        let (monitor, waits) = (Arc::clone(&monitor), Arc::clone(&waits));
        move |_| {
            let guard = monitor.lock();
            waits.fetch_add(1, Ordering::SeqCst);
            drop(monitor.wait_for(guard, take));
        }
    });
    until_they_wait(&*monitor, &waits, WAITERS);
    *monitor.lock() = 3;
    monitor.notify(usize::MAX);
    join(waiters);
    assert_eq!(*monitor.lock(), 0);
}

/// CPython: `test_timeout`. Without a notification nobody returns before the time is over.
pub fn timeout<M: Monitor>() {
    let monitor = Arc::new(M::default());
    let waiters = bunch(5, {
        let monitor = Arc::clone(&monitor);
        move |_| expire(&*monitor, SHORT)
    });
    for waited in join(waiters) {
        assert!(waited >= SHORT, "{waited:?}");
    }
}

/// CPython: `test_waitfor`. Woken at every step, it returns at the fourth.
pub fn waitfor<M: Monitor>() {
    let (monitor, waits) = (Arc::new(M::default()), Arc::new(AtomicUsize::new(0)));
    let waiter = bunch(1, {
        let (monitor, waits) = (Arc::clone(&monitor), Arc::clone(&waits));
        move |_| {
            let guard = monitor.lock();
            waits.store(1, Ordering::SeqCst);
            *monitor.wait_for(guard, |state| *state == 4)
        }
    });
    until_they_wait(&*monitor, &waits, 1);
    for _ in 0..4 {
        *monitor.lock() += 1;
        monitor.notify(1);
    }
    assert_eq!(join(waiter), [4]);
}

/// CPython: `test_waitfor_timeout`. There are only three steps, so it gives up when the time is over.
pub fn waitfor_timeout<M: Monitor>() {
    let (monitor, waits) = (Arc::new(M::default()), Arc::new(AtomicUsize::new(0)));
    let waiter = bunch(1, {
        let (monitor, waits) = (Arc::clone(&monitor), Arc::clone(&waits));
        move |_| {
            let guard = monitor.lock();
            waits.store(1, Ordering::SeqCst);
            let start = Instant::now();
            let (guard, holds) = monitor.wait_for_timeout(guard, SHORT, |state| *state == 4);
            let waited = start.elapsed();
            drop(guard);
            assert!(waited >= SHORT, "{waited:?}");
            holds
        }
    });
    until_they_wait(&*monitor, &waits, 1);
    for _ in 0..3 {
        *monitor.lock() += 1;
        monitor.notify(1);
    }
    assert_eq!(join(waiter), [false]);
    assert_eq!(*monitor.lock(), 3);
}

/// Zero doesn't wait, and asks the predicate once.
pub fn zero_timeouts<M: Monitor>() {
    let monitor = M::default();
    expire(&monitor, Duration::ZERO);
    for holds in [false, true] {
        let mut asked = 0;
        let (guard, held) = monitor.wait_for_timeout(monitor.lock(), Duration::ZERO, |_| {
            asked += 1;
            holds
        });
        drop(guard);
        assert_eq!((held, asked), (holds, 1));
    }
    assert!(monitor.try_lock().is_some());
}

/// The longest time doesn't overflow (CPython: `TIMEOUT_MAX`), and a notification ends it.
pub fn longest_timeouts<M: Monitor>() {
    check_timed_waits::<M>(Duration::MAX);
}

/// An hour of patience ends when somebody notifies: returning at all is the test.
pub fn a_waiter_with_a_timeout_is_woken<M: Monitor>() {
    check_timed_waits::<M>(Duration::from_hours(1));
}

fn check_timed_waits<M: Monitor>(timeout: Duration) {
    let (monitor, waits) = (Arc::new(M::default()), Arc::new(AtomicUsize::new(0)));
    let waiters = bunch(2, {
        let (monitor, waits) = (Arc::clone(&monitor), Arc::clone(&waits));
        move |number| {
            let mut guard = monitor.lock();
            waits.fetch_add(1, Ordering::SeqCst);
            if number == 0 {
                return monitor.wait_for_timeout(guard, timeout, take).1;
            }
            while !take(&mut guard) {
                let notified;
                (guard, notified) = monitor.wait_timeout(guard, timeout);
                assert!(notified, "the time can't be over");
            }
            true
        }
    });
    until_they_wait(&*monitor, &waits, 2);
    *monitor.lock() = 2;
    monitor.notify(2);
    assert_eq!(join(waiters), [true; 2]);
}

/// Two predicates on one condition: who makes the other one true can't know whom a single notification would
/// wake, so it wakes all, and those who are not meant wait on.
pub fn two_predicates<M: Monitor>() {
    const WAITERS: usize = 6;
    let (monitor, waits) = (Arc::new(M::default()), Arc::new(AtomicUsize::new(0)));
    *monitor.lock() = -1;
    let waiters = bunch(WAITERS, {
        let (monitor, waits) = (Arc::clone(&monitor), Arc::clone(&waits));
        move |number| {
            let kind = i64::from(number % 2 == 1);
            let guard = monitor.lock();
            waits.fetch_add(1, Ordering::SeqCst);
            let mut guard = monitor.wait_for(guard, |turn| *turn >= 0 && *turn % 2 == kind);
            let turn = *guard;
            *guard += 1;
            monitor.notify_all();
            drop(guard);
            assert_eq!(turn % 2, kind);
            turn
        }
    });
    until_they_wait(&*monitor, &waits, WAITERS);
    *monitor.lock() = 0;
    monitor.notify_all();
    let mut turns = join(waiters);
    turns.sort_unstable();
    assert_eq!(turns, [0, 1, 2, 3, 4, 5]);
}

/// Stray notifications go on until the waiter has given up: that it does at all is the test.
pub fn stray_notifications_do_not_restart_a_timeout<M: Monitor>() {
    let (monitor, gave_up) = (Arc::new(M::default()), Arc::new(AtomicBool::new(false)));
    let waiter = bunch(1, {
        let (monitor, gave_up) = (Arc::clone(&monitor), Arc::clone(&gave_up));
        move |_| {
            let start = Instant::now();
            let (guard, holds) = monitor.wait_for_timeout(monitor.lock(), SHORT, |_| false);
            let waited = start.elapsed();
            drop(guard);
            gave_up.store(true, Ordering::SeqCst);
            assert!(waited >= SHORT, "{waited:?}");
            holds
        }
    });
    until("it gives up", || {
        monitor.notify_all();
        gave_up.load(Ordering::SeqCst)
    });
    assert_eq!(join(waiter), [false]);
}

/// Two threads take turns, and each waits for the other with nothing but its notification: one that was lost
/// between the release of the mutex and the wait would be the last. Half of them are made with the mutex
/// held, half without.
pub fn no_wakeup_is_lost<M: Monitor>() {
    const ROUNDS: i64 = 2_000;
    let monitor = Arc::new(M::default());
    let players = bunch(2, {
        let monitor = Arc::clone(&monitor);
        move |number| {
            let me = i64::from(number == 1);
            for round in 0..ROUNDS {
                let mut guard = monitor.lock();
                while *guard % 2 != me {
                    guard = monitor.wait(guard);
                }
                *guard += 1;
                if round % 2 == 0 {
                    monitor.notify(1);
                    drop(guard);
                } else {
                    drop(guard);
                    monitor.notify(1);
                }
            }
        }
    });
    join(players);
    assert_eq!(*monitor.lock(), 2 * ROUNDS);
}

/// Four put tokens in and wake one, several or all; four take them out, each waiting in another way. Every token is
/// taken once, and nobody waits for ever.
pub fn stress<M: Monitor>() {
    const EACH: i64 = 1_000;
    let monitor = Arc::new(M::default());
    let workers = bunch(8, {
        let monitor = Arc::clone(&monitor);
        move |number| {
            for round in 0..EACH {
                let mut tokens = monitor.lock();
                if number < 4 {
                    *tokens += 1;
                    drop(tokens);
                    match round % 3 {
                        0 => monitor.notify(1),
                        1 => monitor.notify(2),
                        _ => monitor.notify_all(),
                    }
                    continue;
                }
                while *tokens == 0 {
                    let short = Duration::from_micros(50);
                    tokens = match number {
                        4 => monitor.wait(tokens),
                        5 => monitor.wait_for(tokens, |tokens| *tokens > 0),
                        6 => monitor.wait_timeout(tokens, short).0,
                        _ => monitor.wait_for_timeout(tokens, short, |tokens| *tokens > 0).0,
                    };
                }
                *tokens -= 1;
            }
        }
    });
    join(workers);
    assert_eq!(*monitor.lock(), 0);
}

/// A waiter panics when it has been woken, with the mutex in hand: the others wait on and are woken, and
/// whoever asks gets the mutex.
pub fn a_panic_leaves_the_mutex_usable<M: Monitor>() {
    const OTHERS: usize = 2;
    let (monitor, waits) = (Arc::new(M::default()), Arc::new(AtomicUsize::new(0)));
    let panicking = bunch(1, {
        let (monitor, waits) = (Arc::clone(&monitor), Arc::clone(&waits));
        move |_| {
            panics(|| {
                let guard = monitor.lock();
                waits.fetch_add(1, Ordering::SeqCst);
                let _guard = monitor.wait_for(guard, |state| *state == 1);
                panic!("while it is held");
            })
        }
    });
    let others = bunch(OTHERS, {
        let (monitor, waits) = (Arc::clone(&monitor), Arc::clone(&waits));
        move |number| {
            let guard = monitor.lock();
            waits.fetch_add(1, Ordering::SeqCst);
            if number == 0 {
                *monitor.wait_for(guard, |state| *state == 2)
            } else {
                *monitor.wait_for_timeout(guard, Duration::from_hours(1), |state| *state == 2).0
            }
        }
    });
    until_they_wait(&*monitor, &waits, 1 + OTHERS);
    *monitor.lock() = 1;
    monitor.notify_all();
    assert_eq!(join(panicking), [true]);
    assert_eq!(*monitor.lock(), 1);
    *monitor.lock() = 2;
    monitor.notify_all();
    assert_eq!(join(others), [2; OTHERS]);
}
