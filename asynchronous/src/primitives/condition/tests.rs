//! A condition of tasks, held to what it must survive.

use std::pin::Pin;
use std::sync::{Arc, Barrier, Mutex as StdMutex, PoisonError};
use std::task::{Context, Wake, Waker};
use std::thread;
use std::time::Duration;

use futures::FutureExt as _;
use shared::conformance::{self, Driven, SHORT};
use tokio::runtime::Runtime;
use tokio::sync::{Mutex, MutexGuard};
use tokio::time;

use super::Condition;

#[derive(Debug, Default)]
struct Subject(Driven<(Mutex<i64>, Condition)>);

impl conformance::condition::Monitor for Subject {
    type Guard<'a> = MutexGuard<'a, i64>;

    fn lock(&self) -> Self::Guard<'_> {
        self.0.drive(|(state, _)| state.lock())
    }

    fn try_lock(&self) -> Option<Self::Guard<'_>> {
        self.0.primitive().0.try_lock().ok()
    }

    fn wait<'a>(&'a self, guard: Self::Guard<'a>) -> Self::Guard<'a> {
        self.0.drive(|(_, condition)| condition.wait(guard))
    }

    fn wait_timeout<'a>(&'a self, guard: Self::Guard<'a>, timeout: Duration) -> (Self::Guard<'a>, bool) {
        self.0.drive(|(_, condition)| condition.wait_timeout(guard, timeout))
    }

    fn wait_for<'a>(
        &'a self,
        guard: Self::Guard<'a>,
        predicate: impl FnMut(&mut i64) -> bool,
    ) -> Self::Guard<'a> {
        self.0.drive(|(_, condition)| condition.wait_for(guard, predicate))
    }

    fn wait_for_timeout<'a>(
        &'a self,
        guard: Self::Guard<'a>,
        timeout: Duration,
        predicate: impl FnMut(&mut i64) -> bool,
    ) -> (Self::Guard<'a>, bool) {
        self.0.drive(|(_, condition)| condition.wait_for_timeout(guard, timeout, predicate))
    }

    fn notify(&self, count: usize) {
        self.0.primitive().1.notify(count);
    }

    fn notify_all(&self) {
        self.0.primitive().1.notify_all();
    }
}

shared::condition_conformance!(Subject);

type Waiting<'a> = Pin<Box<dyn Future<Output = MutexGuard<'a, i64>> + Send + 'a>>;

/// One who has begun to wait.
fn waiting<'a>(state: &'a Mutex<i64>, condition: &'a Condition) -> Waiting<'a> {
    let guard = state.try_lock().expect("nobody holds the mutex");
    let mut waiter = Box::pin(condition.wait(guard));
    assert!(waiter.as_mut().now_or_never().is_none());
    waiter
}

/// Which of them were notified and return, each with the mutex in turn.
fn returned(waiters: &mut Vec<Waiting<'_>>) -> usize {
    let before = waiters.len();
    waiters.retain_mut(|waiter| waiter.as_mut().now_or_never().is_none());
    before - waiters.len()
}

fn queued(condition: &Condition) -> usize {
    condition.queue().waiting.len()
}

/// CPython, asyncio: `ConditionTests.test_wait`. Three wait; who is notified returns when the mutex is
/// free, the first first, and holds it.
#[test]
fn wait() {
    let (state, condition) = (Mutex::new(0), Condition::new());
    let [mut first, mut second, mut third] = [(); 3].map(|()| waiting(&state, &condition));
    let guard = state.try_lock().expect("who waits doesn't hold it");
    condition.notify(1);
    assert!(first.as_mut().now_or_never().is_none());
    drop(guard);
    let guard = first.as_mut().now_or_never().expect("it was notified, and the mutex is free");
    assert!(state.try_lock().is_err());
    assert!(second.as_mut().now_or_never().is_none());
    condition.notify(2);
    assert!(second.as_mut().now_or_never().is_none());
    assert!(third.as_mut().now_or_never().is_none());
    drop(guard);
    assert!(third.as_mut().now_or_never().is_none(), "the second asked for the mutex before it");
    drop(second.as_mut().now_or_never().expect("it was notified, and the mutex is free"));
    assert!(third.as_mut().now_or_never().is_some());
}

/// CPython, asyncio: `ConditionTests.test_wait_cancel`. Nothing stays in the queue. There the mutex is taken again
/// first; here whoever drops a wait has given up the mutex with it.
#[test]
fn wait_cancel() {
    let (state, condition) = (Mutex::new(0), Condition::new());
    let waiter = waiting(&state, &condition);
    assert_eq!(queued(&condition), 1);
    drop(waiter);
    assert_eq!(queued(&condition), 0);
    assert!(state.try_lock().is_ok());
}

/// CPython, asyncio: `ConditionTests.test_wait_cancel_contested`. A notified waiter is dropped while it
/// waits to take the mutex again: the mutex is not lost, and the notification goes to the next.
#[test]
fn wait_cancel_contested() {
    let (state, condition) = (Mutex::new(0), Condition::new());
    let [mut first, mut second] = [(); 2].map(|()| waiting(&state, &condition));
    let guard = state.try_lock().expect("who waits doesn't hold it");
    condition.notify(1);
    assert!(first.as_mut().now_or_never().is_none());
    assert!(second.as_mut().now_or_never().is_none());
    drop(first);
    drop(guard);
    assert!(second.as_mut().now_or_never().is_some());
    assert!(state.try_lock().is_ok());
}

/// The same, dropped when the mutex is already its own.
#[test]
fn wait_cancel_with_the_mutex() {
    let (state, condition) = (Mutex::new(0), Condition::new());
    let [mut first, mut second] = [(); 2].map(|()| waiting(&state, &condition));
    let guard = state.try_lock().expect("who waits doesn't hold it");
    condition.notify(1);
    assert!(first.as_mut().now_or_never().is_none());
    drop(guard);
    assert!(state.try_lock().is_err(), "it is the first's");
    drop(first);
    assert!(second.as_mut().now_or_never().is_some());
    assert!(state.try_lock().is_ok());
}

/// CPython, asyncio: `ConditionTests.test_wait_cancel_after_notify`. A waiter is dropped before it has seen its
/// notification: that goes to the next.
#[test]
fn wait_cancel_after_notify() {
    let (state, condition) = (Mutex::new(0), Condition::new());
    let [first, mut second, mut third] = [(); 3].map(|()| waiting(&state, &condition));
    condition.notify(1);
    drop(first);
    assert!(second.as_mut().now_or_never().is_some());
    assert!(third.as_mut().now_or_never().is_none(), "only one was notified");
}

/// A notification that nobody consumes is passed on to those who waited when it was made, and to nobody else.
#[test]
fn who_begins_later_is_not_woken() {
    let (state, condition) = (Mutex::new(0), Condition::new());
    let first = waiting(&state, &condition);
    condition.notify_all();
    let mut later = waiting(&state, &condition);
    drop(first);
    assert!(later.as_mut().now_or_never().is_none());
    condition.notify(1);
    assert!(later.as_mut().now_or_never().is_some());
}

/// A notification without a waiter is not kept.
#[test]
fn a_notification_is_not_kept() {
    let (state, condition) = (Mutex::new(0), Condition::new());
    condition.notify(3);
    condition.notify_all();
    let mut waiter = waiting(&state, &condition);
    assert!(waiter.as_mut().now_or_never().is_none());
}

/// CPython, asyncio: `ConditionTests.test_wait_for`. A notification without what is waited for is not enough.
#[test]
fn wait_for() {
    let (state, condition) = (Mutex::new(0), Condition::new());
    let guard = state.try_lock().expect("nobody holds the mutex");
    let mut waiter = Box::pin(condition.wait_for(guard, |state| *state == 1));
    assert!(waiter.as_mut().now_or_never().is_none());
    condition.notify(1);
    assert!(waiter.as_mut().now_or_never().is_none());
    *state.try_lock().expect("who waits doesn't hold it") = 1;
    assert!(waiter.as_mut().now_or_never().is_none(), "nobody has said so");
    condition.notify(1);
    assert_eq!(*waiter.as_mut().now_or_never().expect("the predicate holds"), 1);
}

/// CPython, asyncio: `ConditionTests.test_wait_for_unacquired`, as far as it compiles here: what holds
/// already is not waited for.
#[test]
fn wait_for_what_holds() {
    let (state, condition) = (Mutex::new(0), Condition::new());
    let guard = state.try_lock().expect("nobody holds the mutex");
    assert!(condition.wait_for(guard, |_| true).now_or_never().is_some());
    assert_eq!(queued(&condition), 0);
}

/// CPython, asyncio: `ConditionTests.test_notify`. Exactly so many return, also when they are fewer.
#[test]
fn notify_wakes_exactly_so_many() {
    let (state, condition) = (Mutex::new(0), Condition::new());
    let mut waiters: Vec<_> = (0..9).map(|_| waiting(&state, &condition)).collect();
    let mut notify = |count| {
        condition.notify(count);
        returned(&mut waiters)
    };
    assert_eq!([0, 1, 3, 2, 2048, 1].map(&mut notify), [0, 1, 3, 2, 3, 0]);
}

/// CPython, asyncio: `ConditionTests.test_notify_all`.
#[test]
fn notify_all_wakes_all() {
    let (state, condition) = (Mutex::new(0), Condition::new());
    let mut waiters: Vec<_> = (0..5).map(|_| waiting(&state, &condition)).collect();
    condition.notify_all();
    assert_eq!(returned(&mut waiters), 5);
}

/// So many that are still there are woken: who has given up doesn't count, wherever it stood.
#[test]
fn who_gave_up_does_not_count() {
    let (state, condition) = (Mutex::new(0), Condition::new());
    let mut waiters: Vec<_> = (0..6).map(|_| waiting(&state, &condition)).collect();
    for gone in [4, 2, 0] {
        drop(waiters.remove(gone));
    }
    condition.notify(2);
    assert_eq!(returned(&mut waiters), 2);
    assert_eq!(queued(&condition), 1);
}

/// CPython, asyncio: `ConditionTests.test_repr`. It shows who waits.
#[test]
fn repr() {
    let (state, condition) = (Mutex::new(0), Condition::new());
    let shown = || format!("{condition:?}").matches("Sender").count();
    assert_eq!(shown(), 0);
    let _waiters = [(); 2].map(|()| waiting(&state, &condition));
    assert_eq!(shown(), 2);
}

/// CPython, asyncio: `ConditionTests.test_timeout_in_block`. A timeout around a wait drops it, and the
/// mutex is free.
#[test]
fn timeout_in_block() {
    let (state, condition) = (Mutex::new(0), Condition::new());
    Runtime::new().expect("room for a runtime").block_on(async {
        let guard = state.lock().await;
        assert!(time::timeout(SHORT, condition.wait(guard)).await.is_err());
    });
    assert_eq!(queued(&condition), 0);
    assert!(state.try_lock().is_ok());
}

/// A wait whose time is over leaves nothing in the queue, and no notification was made up for it.
#[test]
fn a_timeout_that_expires_leaves_nothing() {
    let (state, condition) = (Mutex::new(0), Condition::new());
    Runtime::new().expect("room for a runtime").block_on(async {
        for timeout in [Duration::ZERO, Duration::from_millis(1)] {
            let (guard, notified) = condition.wait_timeout(state.lock().await, timeout).await;
            assert!(!notified);
            assert_eq!(queued(&condition), 0);
            drop(guard);
        }
    });
}

/// A notification that comes when the time is over, but before the mutex is held again, counts: nobody
/// else gets it.
#[test]
fn a_notification_may_come_until_the_mutex_is_held() {
    let (state, condition) = (Mutex::new(0), Condition::new());
    let guard = state.try_lock().expect("nobody holds the mutex");
    let mut ahead = Box::pin(state.lock());
    assert!(ahead.as_mut().now_or_never().is_none());
    let mut expired = Box::pin(condition.wait_timeout(guard, Duration::ZERO));
    assert!(expired.as_mut().now_or_never().is_none());
    let guard = ahead.as_mut().now_or_never().expect("the mutex was given to it");
    condition.notify(1);
    drop(guard);
    assert!(expired.as_mut().now_or_never().expect("the mutex is free").1);
}

/// Any wait, dropped after any number of polls: its notification is consumed by it or by the next, never by both and
/// never by nobody, and the mutex is free.
#[test]
fn a_dropped_wait_loses_nothing() {
    type Wait = for<'a> fn(&'a Condition, MutexGuard<'a, i64>) -> Waiting<'a>;
    const HOUR: Duration = Duration::from_hours(1);
    let waits: [Wait; 4] = [
        |condition, guard| Box::pin(condition.wait(guard)),
        |condition, guard| Box::pin(condition.wait_timeout(guard, HOUR).map(|(guard, _)| guard)),
        |condition, guard| Box::pin(condition.wait_for(guard, |state| *state == 1)),
        |condition, guard| {
            Box::pin(condition.wait_for_timeout(guard, HOUR, |state| *state == 1).map(|(guard, _)| guard))
        },
    ];
    let runtime = Runtime::new().expect("room for a runtime");
    let _timers = runtime.enter();
    for wait in waits {
        for polls in 0..=3 {
            let (state, condition) = (Mutex::new(0), Condition::new());
            let mut first = wait(&condition, state.try_lock().expect("nobody holds the mutex"));
            let mut next = None;
            let mut held = None;
            let mut consumed = false;
            for poll in 1..=polls {
                consumed = first.as_mut().now_or_never().is_some();
                assert_eq!(consumed, poll == 3);
                match poll {
                    // It waits: now the next does, and it is notified while somebody holds the mutex.
                    1 => {
                        next = Some(waiting(&state, &condition));
                        let mut guard = state.try_lock().expect("who waits doesn't hold it");
                        *guard = 1;
                        condition.notify(1);
                        held = Some(guard);
                    }
                    // It waits for the mutex.
                    2 => held = None,
                    _ => {}
                }
            }
            drop(first);
            drop(held);
            let mut next = next.unwrap_or_else(|| {
                let next = waiting(&state, &condition);
                condition.notify(1);
                next
            });
            assert_eq!(next.as_mut().now_or_never().is_none(), consumed, "after {polls} polls");
            assert_eq!(queued(&condition), usize::from(consumed));
            assert!(state.try_lock().is_ok());
        }
    }
}

/// A waiter is dropped on one thread while it is notified on another: the next is woken, unless the first
/// has consumed.
#[test]
fn notify_against_drop() {
    for round in 0..1_000 {
        let (state, condition) = (Mutex::new(0), Condition::new());
        let [mut first, mut second] = [(); 2].map(|()| waiting(&state, &condition));
        let consumed = thread::scope(|scope| {
            let dropping = scope.spawn(move || {
                let consumed = round % 2 == 0 && first.as_mut().now_or_never().is_some();
                drop(first);
                consumed
            });
            condition.notify(1);
            dropping.join().expect("a thread of the test panicked")
        });
        assert_eq!(second.as_mut().now_or_never().is_none(), consumed);
    }
}

/// Many waiters are dropped on one thread while as many are notified on another: who is about to leave is
/// passed over, so all those who stay are woken.
#[test]
fn notify_against_many_drops() {
    const WAITERS: usize = 5_000;
    for _ in 0..10 {
        let (state, condition) = (Mutex::new(0), Condition::new());
        let [leaving, mut staying] =
            [(); 2].map(|()| (0..WAITERS).map(|_| waiting(&state, &condition)).collect::<Vec<_>>());
        let ready = Barrier::new(2);
        thread::scope(|scope| {
            scope.spawn(|| {
                ready.wait();
                drop(leaving);
            });
            ready.wait();
            for _ in 0..WAITERS {
                condition.notify(1);
            }
        });
        assert_eq!(returned(&mut staying), WAITERS);
    }
}

/// Two waiters are dropped on two threads, the one notified and the other not: nothing stays in the
/// queue, and the third is woken.
#[test]
fn drop_against_drop() {
    for _ in 0..1_000 {
        let (state, condition) = (Mutex::new(0), Condition::new());
        let [first, second, mut third] = [(); 3].map(|()| waiting(&state, &condition));
        condition.notify(1);
        thread::scope(|scope| {
            scope.spawn(move || drop(first));
            scope.spawn(move || drop(second));
        });
        assert!(third.as_mut().now_or_never().is_some());
        assert_eq!(queued(&condition), 0);
    }
}

/// What its task owns is dropped as soon as somebody wakes it, as by an executor that has been shut down.
struct DropsWhenWoken(StdMutex<Option<Waiting<'static>>>);

impl DropsWhenWoken {
    fn take(&self) -> Option<Waiting<'static>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl Wake for DropsWhenWoken {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        drop(self.take());
    }
}

/// A notification drops a waiter on the thread that makes it: it goes to the next, and nobody waits for
/// the queue that this thread has in hand. Returning at all is the test.
#[test]
fn a_waker_may_drop_its_waiter() {
    let shared: &'static (Mutex<i64>, Condition) = Box::leak(Box::default());
    let (state, condition) = shared;
    let woken = Arc::new(DropsWhenWoken(StdMutex::new(None)));
    let mut first = waiting(state, condition);
    let waker = Waker::from(Arc::clone(&woken));
    assert!(first.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
    *woken.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(first);
    let mut second = waiting(state, condition);
    condition.notify(1);
    assert!(woken.take().is_none(), "it was woken");
    assert!(second.as_mut().now_or_never().is_some());
}

/// No guard of the queue is held across an `.await`, so every future may go to another thread.
#[test]
fn every_wait_is_send() {
    fn assert_send(_: impl Send) {}
    let (state, condition) = (Mutex::new(0), Condition::new());
    let lock = || state.try_lock().expect("nobody holds the mutex");
    assert_send(condition.wait(lock()));
    assert_send(condition.wait_timeout(lock(), SHORT));
    assert_send(condition.wait_for(lock(), |_| true));
    assert_send(condition.wait_for_timeout(lock(), SHORT, |_| true));
}
