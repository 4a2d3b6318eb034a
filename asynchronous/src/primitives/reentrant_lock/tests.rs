//! A reentrant lock of tasks, held to what it must survive.

use std::cell::Cell;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Wake, Waker};
use std::time::Duration;

use futures::FutureExt as _;
use futures::future::{self, Either};
use shared::conformance::{self, Driven, SHORT, bunch, join};
use tokio::runtime::Runtime;
use tokio::task;

use super::{NotOwner, Owner, ReentrantLock};

thread_local! {
    /// Each thread of a test is an owner.
    static ME: Owner = Owner::new();
}

#[derive(Debug, Default)]
struct Subject(Driven<ReentrantLock>);

impl conformance::lock::Lock for Subject {
    fn acquire(&self) {
        ME.with(|me| self.0.drive(|lock| lock.acquire(me)));
    }

    fn try_acquire(&self) -> bool {
        ME.with(|me| self.0.primitive().try_acquire(me))
    }

    fn acquire_timeout(&self, timeout: Duration) -> bool {
        ME.with(|me| self.0.drive(|lock| lock.acquire_timeout(me, timeout)))
    }

    fn release(&self) -> bool {
        ME.with(|me| self.0.primitive().release(me).is_ok())
    }

    fn locked(&self) -> bool {
        self.0.primitive().locked()
    }

    fn guarded(&self, body: impl FnOnce()) {
        ME.with(|me| {
            let _guard = self.0.drive(|lock| lock.guard(me));
            body();
        });
    }

    fn waiting(&self) -> usize {
        self.0.waiting()
    }
}

impl conformance::reentrant_lock::ReentrantLock for Subject {
    fn is_owned(&self) -> bool {
        ME.with(|me| self.0.primitive().is_owned(me))
    }

    fn recursion_count(&self) -> usize {
        ME.with(|me| self.0.primitive().recursion_count(me))
    }
}

shared::reentrant_lock_conformance!(Subject);

/// Two futures of one task, each with an owner of its own: never both inside.
#[test]
fn joined_owners_exclude_each_other() {
    const ROUNDS: usize = 100;
    let (lock, inside) = (ReentrantLock::new(), Cell::new(0));
    let visits = async || {
        let me = Owner::new();
        for _ in 0..ROUNDS {
            let _outer = lock.guard(&me).await;
            let _inner = lock.guard(&me).await;
            assert_eq!(inside.replace(1), 0, "two are inside");
            task::yield_now().await;
            inside.set(0);
        }
    };
    Runtime::new().expect("room for a runtime").block_on(future::join(visits(), visits()));
    assert!(!lock.locked());

    let (one, other) = (Owner::new(), Owner::new());
    assert!(future::join(lock.acquire(&one), lock.acquire(&other)).now_or_never().is_none());
    assert_eq!((lock.recursion_count(&one), lock.recursion_count(&other)), (1, 0));
}

/// Two futures of one task with the same owner: the second doesn't wait for the first.
#[test]
fn a_joined_owner_does_not_exclude_itself() {
    let (lock, me) = (ReentrantLock::new(), Owner::new());
    assert!(future::join(lock.acquire(&me), lock.acquire(&me)).now_or_never().is_some());
    assert_eq!(lock.recursion_count(&me), 2);
}

/// Two futures with the same owner wait while somebody else owns it: what the first gets is the second's own, so
/// neither waits any longer, whoever stands between them.
#[test]
fn an_owner_that_waits_twice_does_not_exclude_itself() {
    let (lock, me, holder, between) = (ReentrantLock::new(), Owner::new(), Owner::new(), Owner::new());
    assert!(lock.try_acquire(&holder));
    let mut first = Box::pin(lock.acquire(&me));
    let mut middle = Box::pin(lock.acquire(&between));
    let mut second = Box::pin(lock.acquire(&me));
    assert!(first.as_mut().now_or_never().is_none());
    assert!(middle.as_mut().now_or_never().is_none());
    assert!(second.as_mut().now_or_never().is_none());
    assert_eq!(lock.release(&holder), Ok(()));
    // On a runtime, which polls only what was woken.
    Runtime::new().expect("room for a runtime").block_on(future::join(second, first));
    assert_eq!(lock.recursion_count(&me), 2);
    assert!(middle.as_mut().now_or_never().is_none());
    assert_eq!((lock.release(&me), lock.release(&me)), (Ok(()), Ok(())));
    assert!(middle.as_mut().now_or_never().is_some());
    assert_eq!(lock.recursion_count(&between), 1);
}

/// One owner that is shared by threads: while it acquires here and releases there, nobody else gets in.
#[test]
fn a_shared_owner_excludes_others() {
    const THREADS: usize = 4;
    const ROUNDS: usize = 10_000;
    let (lock, shared) = (Arc::new(Driven::new(ReentrantLock::new())), Arc::new(Owner::new()));
    let inside = Arc::new(AtomicUsize::new(0));
    let visits = bunch(THREADS, {
        let (lock, inside) = (Arc::clone(&lock), Arc::clone(&inside));
        move |number| {
            let own = Owner::new();
            for _ in 0..ROUNDS {
                // Three threads share an owner, and the fourth is alone.
                if number > 0 {
                    lock.drive(|lock| lock.acquire(&shared));
                    assert!(lock.primitive().is_owned(&shared));
                    assert_eq!(inside.load(Ordering::SeqCst), 0, "another is inside");
                    assert_eq!(lock.primitive().release(&shared), Ok(()));
                } else {
                    lock.drive(|lock| lock.acquire(&own));
                    inside.store(1, Ordering::SeqCst);
                    assert_eq!(lock.primitive().recursion_count(&own), 1);
                    inside.store(0, Ordering::SeqCst);
                    assert_eq!(lock.primitive().release(&own), Ok(()));
                }
            }
        }
    });
    join(visits);
    assert!(!lock.primitive().locked());
}

/// Who is polled again and again for nothing gives up all the same: that it does is the test.
#[test]
fn stray_wakeups_do_not_prolong_the_wait() {
    let (lock, me, holder) = (ReentrantLock::new(), Owner::new(), Owner::new());
    assert!(lock.try_acquire(&holder));
    let acquired = Runtime::new().expect("room for a runtime").block_on(async {
        let mut waiter = pin!(lock.acquire_timeout(&me, SHORT));
        loop {
            if let Either::Left((acquired, _)) =
                future::select(waiter.as_mut(), pin!(task::yield_now())).await
            {
                break acquired;
            }
        }
    });
    assert!(!acquired);
    assert_eq!(lock.recursion_count(&holder), 1);
}

/// A waiter that is dropped takes nothing, whether the lock is already its own, still another's, or was given back
/// first: the next gets it.
#[test]
fn cancel_race() {
    for released_first in [false, true] {
        let (lock, [holder, one, other]) = (ReentrantLock::new(), [Owner::new(), Owner::new(), Owner::new()]);
        assert!(lock.try_acquire(&holder));
        let (mut first, mut second) = (Box::pin(lock.acquire(&one)), Box::pin(lock.acquire(&other)));
        assert!(first.as_mut().now_or_never().is_none());
        assert!(second.as_mut().now_or_never().is_none());
        if released_first {
            assert_eq!(lock.release(&holder), Ok(()));
            drop(first);
        } else {
            drop(first);
            assert_eq!(lock.release(&holder), Ok(()));
        }
        assert!(second.as_mut().now_or_never().is_some());
        assert_eq!((lock.recursion_count(&one), lock.recursion_count(&other)), (0, 1));
    }
}

/// A waiter that has got the lock is dropped together with its guard: the lock is free.
#[test]
fn a_guard_that_was_waited_for_frees() {
    let (lock, me, holder) = (ReentrantLock::new(), Owner::new(), Owner::new());
    assert!(lock.try_acquire(&holder));
    let mut waiter = Box::pin(lock.guard(&me));
    assert!(waiter.as_mut().now_or_never().is_none());
    assert_eq!(lock.release(&holder), Ok(()));
    let guard = waiter.as_mut().now_or_never().expect("the lock was released");
    assert_eq!(lock.recursion_count(&me), 1);
    drop(guard);
    drop(waiter);
    assert!(!lock.locked());
    assert_eq!(lock.release(&me), Err(NotOwner));
}

/// A waiter is dropped after any number of polls, before the release or after it, alone or beside another of the
/// same owner: no ownership and no count is lost or left behind.
#[test]
fn dropped_after_any_number_of_polls() {
    for (polls, released_first, beside) in (0..4).flat_map(|polls| {
        [(false, false), (false, true), (true, false), (true, true)]
            .map(|(released_first, beside)| (polls, released_first, beside))
    }) {
        let case = format!("{polls} polls, released first: {released_first}, beside another: {beside}");
        let (lock, [holder, me, next]) = (ReentrantLock::new(), [Owner::new(), Owner::new(), Owner::new()]);
        assert!(lock.try_acquire(&holder) && lock.try_acquire(&holder));
        let mut dropped = Box::pin(lock.acquire(&me));
        let mut other = Box::pin(lock.acquire(if beside { &me } else { &next }));
        for _ in 0..polls {
            assert!(dropped.as_mut().now_or_never().is_none(), "{case}");
        }
        assert!(other.as_mut().now_or_never().is_none(), "{case}");
        assert_eq!(lock.release(&holder), Ok(()));
        if released_first {
            assert_eq!(lock.release(&holder), Ok(()));
            drop(dropped);
        } else {
            drop(dropped);
            assert_eq!(lock.recursion_count(&holder), 1, "{case}");
            assert_eq!(lock.release(&holder), Ok(()));
        }
        assert!(other.as_mut().now_or_never().is_some(), "{case}");
        let owner = if beside { &me } else { &next };
        assert_eq!(lock.recursion_count(owner), 1, "{case}");
        assert_eq!(lock.release(owner), Ok(()));
        assert!(!lock.locked(), "{case}");
        assert!(lock.try_acquire(&holder), "{case}");
    }
}

/// Dropped when its owner has got the lock by another future, a waiter changes nothing.
#[test]
fn dropped_when_the_owner_has_it_already() {
    let (lock, me, holder) = (ReentrantLock::new(), Owner::new(), Owner::new());
    assert!(lock.try_acquire(&holder));
    let (mut first, mut second) = (Box::pin(lock.acquire(&me)), Box::pin(lock.acquire(&me)));
    assert!(first.as_mut().now_or_never().is_none());
    assert!(second.as_mut().now_or_never().is_none());
    assert_eq!(lock.release(&holder), Ok(()));
    assert!(first.as_mut().now_or_never().is_some());
    drop(second);
    assert_eq!(lock.recursion_count(&me), 1);
    assert_eq!(lock.release(&me), Ok(()));
    assert!(!lock.locked());
    assert!(lock.try_acquire(&holder));
}

/// Asks, when it is woken, whether it could look at the lock.
struct Asking(Arc<ReentrantLock>, AtomicUsize);

impl Wake for Asking {
    fn wake(self: Arc<Self>) {
        self.1.fetch_add(if self.0.state.try_lock().is_ok() { 1 } else { 100 }, Ordering::SeqCst);
    }
}

/// Nothing is locked while a waiter is woken, which may ask whose the lock is.
#[test]
fn nothing_is_locked_while_a_waiter_is_woken() {
    let (lock, me, other) = (Arc::new(ReentrantLock::new()), Owner::new(), Owner::new());
    assert!(lock.try_acquire(&me));
    let asking = Arc::new(Asking(Arc::clone(&lock), AtomicUsize::new(0)));
    let waker = Waker::from(Arc::clone(&asking));
    let mut waiter = pin!(lock.acquire(&other));
    assert!(waiter.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
    assert_eq!(lock.release(&me), Ok(()));
    assert_eq!(asking.1.load(Ordering::SeqCst), 1);
    assert_eq!(waiter.now_or_never(), Some(()));
    assert!(lock.is_owned(&other) && !lock.is_owned(&me));
}
