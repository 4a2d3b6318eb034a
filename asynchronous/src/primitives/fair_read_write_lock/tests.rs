//! A fair read–write lock of tasks, held to what any must survive, and to who is served when.

use futures::FutureExt as _;

use super::{Fair, FairReadWriteLock};
use crate::primitives::read_write_lock::tests::{Subject, Waiter, any, assert_unused, runtime, ways};

shared::fair_read_write_lock_conformance!(Subject<Fair>);

#[test]
fn guards_go_with_their_task() {
    any::guards_go_with_their_task::<Fair>();
}

#[test]
fn a_try_needs_no_timer() {
    any::a_try_needs_no_timer::<Fair>();
}

#[test]
fn a_dropped_future_loses_nothing() {
    any::a_dropped_future_loses_nothing::<Fair>();
}

#[test]
fn a_waker_may_use_the_lock() {
    any::a_waker_may_use_the_lock::<Fair>();
}

#[test]
fn a_stray_wakeup_doesnt_restart_the_timeout() {
    any::a_stray_wakeup_doesnt_restart_the_timeout::<Fair>();
}

#[test]
fn a_thousand_tasks() {
    any::a_thousand_tasks::<Fair>();
}

#[test]
fn an_aborted_waiter_keeps_nobody_out() {
    any::an_aborted_waiter_keeps_nobody_out::<Fair>();
}

#[test]
fn an_aborted_holder_leaves() {
    any::an_aborted_holder_leaves::<Fair>();
}

/// tokio: `write_order`. It is the first poll that asks, not the call.
#[test]
fn write_order_is_that_of_polls() {
    let lock = FairReadWriteLock::new(0);
    let guard = lock.try_write().expect("nobody is inside");
    let (later, sooner) = (lock.write(), lock.write());
    let mut sooner = Waiter::new(sooner.map(drop).boxed());
    let mut later = Waiter::new(later.map(drop).boxed());
    drop(guard);
    assert_eq!([sooner.is_woken(), later.is_woken()], [true, false]);
    assert!(!later.comes_in());
    assert!(sooner.comes_in());
    assert!(later.comes_in());
    assert_unused(&lock);
}

/// tokio: `write_read_shared_drop_pending`. Somebody reads; a writer waits, and readers behind it. When its future is
/// dropped, after however many polls, they come in beside the first.
#[test]
fn a_writer_that_is_dropped_lets_readers_in() {
    let runtime = runtime();
    let _timers = runtime.enter();
    for (polls, way) in [1, 2, 5].into_iter().flat_map(|polls| [(polls, 2), (polls, 3)]) {
        let lock = FairReadWriteLock::new(0);
        let guard = lock.try_read().expect("nobody is inside");
        let mut writer = Waiter::new(ways(&lock).into_iter().nth(way).expect("one of four"));
        let mut readers = ways(&lock).into_iter().take(2).map(Waiter::new).collect::<Vec<_>>();
        for _ in 1..polls {
            assert!(!writer.comes_in());
        }
        assert!(lock.try_read().is_none());
        drop(writer);
        for reader in &mut readers {
            assert!(reader.is_woken());
            assert!(reader.comes_in());
        }
        drop(guard);
        assert_unused(&lock);
    }
}

/// A reader asks once more while a writer waits for it: it would wait for the writer, and so for itself. To drop either
/// future is the way out.
#[test]
fn who_reads_must_not_ask_again() {
    for drops_the_writer in [false, true] {
        let lock = FairReadWriteLock::new(0);
        let guard = lock.try_read().expect("nobody is inside");
        let mut writer = Waiter::new(lock.write().map(drop).boxed());
        let mut again = Waiter::new(lock.read().map(drop).boxed());
        assert!(!writer.comes_in() && !again.comes_in());
        if drops_the_writer {
            drop(writer);
            assert!(again.comes_in());
            drop(guard);
        } else {
            drop(again);
            drop(guard);
            assert!(writer.comes_in());
        }
        assert_unused(&lock);
    }
}
