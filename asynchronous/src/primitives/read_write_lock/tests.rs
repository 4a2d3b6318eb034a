//! A read–write lock of tasks, held to what it must survive.

use std::future::{self, poll_fn};
use std::hint;
use std::mem;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Wake, Waker};
use std::thread;
use std::time::{Duration, Instant};

use futures::FutureExt as _;
use futures::future::{BoxFuture, join_all};
use shared::conformance::{self, Driven, until};
use tokio::runtime::Runtime;
use tokio::task;

use super::{Policy, PolicyLock, ReadGuard, ReadWriteLock, ReaderPreference, WriteGuard};

const HOUR: Duration = Duration::from_hours(1);

#[derive(Debug)]
pub(crate) struct Subject<P: Policy>(Driven<PolicyLock<i64, P>>);

impl<P: Policy + 'static> conformance::read_write_lock::ReadWriteLock for Subject<P> {
    type ReadGuard<'a> = ReadGuard<'a, i64, P>;
    type WriteGuard<'a> = WriteGuard<'a, i64, P>;

    fn new(value: i64) -> Self {
        Self(Driven::new(PolicyLock::new(value)))
    }

    fn read(&self) -> Self::ReadGuard<'_> {
        self.0.drive(PolicyLock::read)
    }

    fn try_read(&self) -> Option<Self::ReadGuard<'_>> {
        self.0.primitive().try_read()
    }

    fn read_timeout(&self, timeout: Duration) -> Option<Self::ReadGuard<'_>> {
        self.0.drive(|lock| lock.read_timeout(timeout))
    }

    fn write(&self) -> Self::WriteGuard<'_> {
        self.0.drive(PolicyLock::write)
    }

    fn try_write(&self) -> Option<Self::WriteGuard<'_>> {
        self.0.primitive().try_write()
    }

    fn write_timeout(&self, timeout: Duration) -> Option<Self::WriteGuard<'_>> {
        self.0.drive(|lock| lock.write_timeout(timeout))
    }

    fn readers(&self) -> usize {
        self.0.primitive().readers()
    }

    fn is_writing(&self) -> bool {
        self.0.primitive().is_writing()
    }

    fn waiting(&self) -> usize {
        self.0.waiting()
    }
}

shared::read_write_lock_conformance!(Subject<ReaderPreference>);

/// Each way to wait.
pub(crate) fn ways<P: Policy>(lock: &PolicyLock<i64, P>) -> [BoxFuture<'_, ()>; 4] {
    [
        lock.read().map(drop).boxed(),
        lock.read_timeout(HOUR).map(drop).boxed(),
        lock.write().map(drop).boxed(),
        lock.write_timeout(HOUR).map(drop).boxed(),
    ]
}

pub(crate) fn assert_unused<P: Policy>(lock: &PolicyLock<i64, P>) {
    assert_eq!((lock.readers(), lock.is_writing()), (0, false));
    assert!(lock.try_write().is_some());
    assert!(lock.try_read().is_some());
}

/// One who waits, and whether it has been woken since it was polled last.
pub(crate) struct Waiter<'a> {
    future: BoxFuture<'a, ()>,
    woken: Arc<Woken>,
}

#[derive(Default)]
struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::SeqCst);
    }
}

impl<'a> Waiter<'a> {
    pub(crate) fn new(future: BoxFuture<'a, ()>) -> Self {
        let mut waiter = Self { future, woken: Arc::default() };
        assert!(!waiter.comes_in());
        waiter
    }

    pub(crate) fn is_woken(&self) -> bool {
        self.woken.0.load(Ordering::SeqCst)
    }

    pub(crate) fn comes_in(&mut self) -> bool {
        self.woken.0.store(false, Ordering::SeqCst);
        let waker = Waker::from(Arc::clone(&self.woken));
        self.future.as_mut().poll(&mut Context::from_waker(&waker)).is_ready()
    }
}

pub(crate) fn runtime() -> Runtime {
    Runtime::new().expect("room for a runtime")
}

/// What a lock of tasks must survive whatever its policy: each lock has a test of each of these names.
pub(crate) mod any {
    use super::*;

    /// A guard may be held across an `.await` of a task that moves from thread to thread.
    pub(crate) fn guards_go_with_their_task<P: Policy>() {
        fn is_send(_: impl Send) {}
        let lock = PolicyLock::<i64, P>::new(0);
        is_send(lock.try_read());
        is_send(lock.try_write());
    }

    /// Zero is a try, for which no timer is needed: there is no runtime here.
    pub(crate) fn a_try_needs_no_timer<P: Policy>() {
        let lock = PolicyLock::<i64, P>::new(0);
        let guard = lock.write_timeout(Duration::ZERO).now_or_never().expect("a try doesn't wait");
        assert!(lock.read_timeout(Duration::ZERO).now_or_never().expect("a try doesn't wait").is_none());
        assert!(lock.write_timeout(Duration::ZERO).now_or_never().expect("a try doesn't wait").is_none());
        drop(guard);
        assert!(lock.read_timeout(Duration::ZERO).now_or_never().expect("a try doesn't wait").is_some());
        assert_unused(&lock);
    }

    /// Each future that waits, dropped after so many polls, before the place is free or after that: whoever waits with
    /// it is woken, and comes in.
    pub(crate) fn a_dropped_future_loses_nothing<P: Policy>() {
        let runtime = runtime();
        let _timers = runtime.enter();
        for (polls, after) in [0, 1, 2, 5].into_iter().flat_map(|polls| [(polls, false), (polls, true)]) {
            for (way, next_way) in (0..4).flat_map(|way| (0..4).map(move |next| (way, next))) {
                let lock = PolicyLock::<i64, P>::new(0);
                let guard = lock.try_write().expect("nobody is inside");
                let mut dropped = ways(&lock).into_iter().nth(way).expect("one of four");
                for _ in 0..polls {
                    assert!((&mut dropped).now_or_never().is_none());
                }
                let mut next = Waiter::new(ways(&lock).into_iter().nth(next_way).expect("one of four"));
                if after {
                    drop(guard);
                    drop(dropped);
                } else {
                    drop(dropped);
                    assert!(!next.comes_in());
                    drop(guard);
                }
                assert!(next.is_woken(), "way {next_way} after {polls} polls of way {way}");
                assert!(next.comes_in());
                assert_unused(&lock);
            }
        }
    }

    /// Who is woken may ask for the lock, and leave it, before the call that woke it is over: so nothing may be locked
    /// then. Returning at all is the test.
    pub(crate) fn a_waker_may_use_the_lock<P: Policy + 'static>() {
        struct Uses<P: Policy>(Arc<PolicyLock<i64, P>>, AtomicUsize);
        impl<P: Policy + 'static> Wake for Uses<P> {
            fn wake(self: Arc<Self>) {
                drop(self.0.try_read());
                self.1.fetch_add(1, Ordering::SeqCst);
            }
        }
        let lock = Arc::new(PolicyLock::<i64, P>::new(0));
        let uses = Arc::new(Uses(Arc::clone(&lock), AtomicUsize::new(0)));
        let waker = Waker::from(Arc::clone(&uses));
        let guard = lock.try_write().expect("nobody is inside");
        let mut waiters = ways(&lock).into_iter().step_by(2).collect::<Vec<_>>();
        for waiter in &mut waiters {
            assert!(waiter.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
        }
        drop(guard);
        // A fair policy wakes the second when the first has left.
        assert!(waiters.into_iter().all(|waiter| waiter.now_or_never().is_some()));
        assert!(uses.1.load(Ordering::SeqCst) >= 2);
    }

    /// Stray polls prolong no timeout: they go on until the waiter has given up, and that it gives up is the test.
    pub(crate) fn a_stray_wakeup_doesnt_restart_the_timeout<P: Policy>() {
        // Longer than a busy machine may keep this thread from the next one.
        const TIMEOUT: Duration = Duration::from_millis(200);
        let (runtime, lock) = (runtime(), PolicyLock::<i64, P>::new(0));
        let _timers = runtime.enter();
        let _guard = lock.try_write().expect("nobody is inside");
        for writes in [false, true] {
            let start = Instant::now();
            let came_in = async {
                if writes {
                    lock.write_timeout(TIMEOUT).await.is_some()
                } else {
                    lock.read_timeout(TIMEOUT).await.is_some()
                }
            };
            let waiter = Mutex::new(came_in.boxed());
            until("it gives up", || {
                let polled = waiter.lock().expect("nobody panics with it in hand").as_mut().now_or_never();
                assert_ne!(polled, Some(true), "somebody writes");
                polled.is_some()
            });
            assert!(start.elapsed() >= TIMEOUT, "a stray poll ended the wait");
        }
    }

    /// A thousand tasks, of which a tenth write, and a third are aborted, wherever they are: one who writes is alone,
    /// what was written is there, and in the end nobody is inside.
    pub(crate) fn a_thousand_tasks<P: Policy + 'static>() {
        const WRITER: usize = 10_000;
        let (runtime, lock) = (runtime(), Arc::new(PolicyLock::<i64, P>::new(0)));
        let (inside, written) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicI64::new(0)));
        let visit = |number: usize| {
            let (lock, inside, written) = (Arc::clone(&lock), Arc::clone(&inside), Arc::clone(&written));
            runtime.spawn(async move {
                if number.is_multiple_of(10) {
                    let mut guard = lock.write().await;
                    let inside = Stay::new(&inside, WRITER);
                    assert_eq!(inside.others, 0, "somebody else is inside");
                    *guard += 1;
                    written.fetch_add(1, Ordering::SeqCst);
                    task::yield_now().await;
                } else {
                    let _guard = lock.read().await;
                    let inside = Stay::new(&inside, 1);
                    assert!(inside.others < WRITER, "somebody writes");
                    task::yield_now().await;
                }
            })
        };
        let tasks: Vec<_> = (0..1_000).map(visit).collect();
        for task in tasks.iter().step_by(3) {
            task.abort();
        }
        for (number, visited) in runtime.block_on(join_all(tasks)).into_iter().enumerate() {
            assert!(visited.is_ok() || number % 3 == 0 && visited.is_err_and(|error| error.is_cancelled()));
        }
        assert_unused(&lock);
        let lock = Arc::into_inner(lock).expect("all tasks are over");
        assert_eq!(lock.into_inner(), written.load(Ordering::SeqCst));
    }

    /// One who is inside, counted by its weight until it leaves, also by an abort.
    struct Stay<'a> {
        inside: &'a AtomicUsize,
        weight: usize,
        others: usize,
    }

    impl<'a> Stay<'a> {
        fn new(inside: &'a AtomicUsize, weight: usize) -> Self {
            Self { inside, weight, others: inside.fetch_add(weight, Ordering::SeqCst) }
        }
    }

    impl Drop for Stay<'_> {
        fn drop(&mut self) {
            self.inside.fetch_sub(self.weight, Ordering::SeqCst);
        }
    }

    /// A task that waits to write is aborted while the one who is inside leaves: whichever comes first, the next is let
    /// in.
    pub(crate) fn an_aborted_waiter_keeps_nobody_out<P: Policy + 'static>() {
        let (runtime, lock) = (runtime(), Arc::new(PolicyLock::<i64, P>::new(0)));
        for round in 0..200 {
            let guard = lock.try_write().expect("nobody is inside");
            let waits = Arc::new(AtomicUsize::new(0));
            let waiter = |lock: Arc<PolicyLock<i64, P>>| {
                let waits = Arc::clone(&waits);
                async move {
                    let mut write = Box::pin(lock.write());
                    let mut first = true;
                    poll_fn(|context| {
                        let polled = write.as_mut().poll(context);
                        waits.fetch_add(usize::from(mem::take(&mut first)), Ordering::SeqCst);
                        polled.map(drop)
                    })
                    .await;
                }
            };
            let aborted = runtime.spawn(waiter(Arc::clone(&lock)));
            until("it waits", || waits.load(Ordering::SeqCst) == 1);
            let next = runtime.spawn(waiter(Arc::clone(&lock)));
            until("both wait", || waits.load(Ordering::SeqCst) == 2);
            thread::scope(|scope| {
                scope.spawn(move || drop(guard));
                // The new thread needs its time: from round to round the abort comes later.
                (0..round % 50 * 100).for_each(|_| hint::spin_loop());
                aborted.abort();
            });
            runtime.block_on(next).expect("it comes in");
            // Aborted or not, it is over.
            let _ = runtime.block_on(aborted);
            assert_unused(&lock);
        }
    }

    /// A task that is aborted inside leaves.
    pub(crate) fn an_aborted_holder_leaves<P: Policy + 'static>() {
        let (runtime, lock) = (runtime(), Arc::new(PolicyLock::<i64, P>::new(0)));
        for writes in [false, true] {
            let holder = runtime.spawn({
                let lock = Arc::clone(&lock);
                async move {
                    let _guards = if writes {
                        (None, Some(lock.write().await))
                    } else {
                        (Some(lock.read().await), None)
                    };
                    future::pending::<()>().await;
                }
            });
            until("it is inside", || lock.is_writing() || lock.readers() == 1);
            holder.abort();
            assert!(runtime.block_on(holder).is_err());
            assert_unused(&lock);
        }
    }
}

#[test]
fn guards_go_with_their_task() {
    any::guards_go_with_their_task::<ReaderPreference>();
}

#[test]
fn a_try_needs_no_timer() {
    any::a_try_needs_no_timer::<ReaderPreference>();
}

#[test]
fn a_dropped_future_loses_nothing() {
    any::a_dropped_future_loses_nothing::<ReaderPreference>();
}

#[test]
fn a_waker_may_use_the_lock() {
    any::a_waker_may_use_the_lock::<ReaderPreference>();
}

#[test]
fn a_stray_wakeup_doesnt_restart_the_timeout() {
    any::a_stray_wakeup_doesnt_restart_the_timeout::<ReaderPreference>();
}

#[test]
fn a_thousand_tasks() {
    any::a_thousand_tasks::<ReaderPreference>();
}

#[test]
fn an_aborted_waiter_keeps_nobody_out() {
    any::an_aborted_waiter_keeps_nobody_out::<ReaderPreference>();
}

#[test]
fn an_aborted_holder_leaves() {
    any::an_aborted_holder_leaves::<ReaderPreference>();
}

/// The one writer that was woken is dropped when readers have come before it: the last of them wakes the next.
#[test]
fn a_woken_writer_that_is_dropped_too_late() {
    let lock = ReadWriteLock::new(0);
    let guard = lock.try_write().expect("nobody is inside");
    let [mut first, mut second] = [(); 2].map(|()| Waiter::new(lock.write().map(drop).boxed()));
    drop(guard);
    assert_eq!([first.is_woken(), second.is_woken()], [true, false], "one is enough");
    let guard = lock.try_read().expect("nobody writes");
    assert!(!first.comes_in());
    drop(first);
    drop(guard);
    assert!(second.is_woken());
    assert!(second.comes_in());
    assert_unused(&lock);
}

/// A place that became free while nobody waited is offered to the next who waits to write, in vain: it goes on waiting.
#[test]
fn a_notification_that_was_kept_lets_nobody_in() {
    let lock = ReadWriteLock::new(0);
    drop(lock.try_write());
    let guard = lock.try_read();
    let mut writer = Waiter::new(lock.write().map(drop).boxed());
    assert!(!writer.comes_in());
    drop(guard);
    assert!(writer.is_woken());
    assert!(writer.comes_in());
}
