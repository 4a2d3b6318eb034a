//! An event of tasks, held to what it must survive.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;
use futures::future::{self, Either};
use shared::conformance::event::Near;
use shared::conformance::{self, Driven, SHORT, bunch, join};
use tokio::runtime::Runtime;
use tokio::task;

use super::Event;

#[derive(Debug, Default)]
struct Subject(Driven<Event>);

impl conformance::event::Event for Subject {
    fn set(&self) {
        self.0.primitive().set();
    }

    fn clear(&self) {
        self.0.primitive().clear();
    }

    fn is_set(&self) -> bool {
        self.0.primitive().is_set()
    }

    fn wait(&self) {
        self.0.drive(Event::wait);
    }

    fn wait_timeout(&self, timeout: Duration) -> bool {
        self.0.drive(|event| event.wait_timeout(timeout))
    }

    fn waiting(&self) -> usize {
        self.0.waiting()
    }
}

shared::event_conformance!(Subject);

/// Who is polled again and again for nothing gives up all the same: that it does is the test.
#[test]
fn stray_wakeups_are_no_set() {
    let event = Event::new();
    let was_set = Runtime::new().expect("room for a runtime").block_on(async {
        let mut waiter = pin!(event.wait_timeout(SHORT));
        loop {
            if let Either::Left((was_set, _)) = future::select(waiter.as_mut(), pin!(task::yield_now())).await
            {
                break was_set;
            }
        }
    });
    assert!(!was_set);
}

/// The set falls now before, now into, now after a waiter's first poll: the second one gets through in any case.
#[test]
fn a_set_that_races_with_a_poll() {
    const EVENTS: usize = 30_000;
    let row: Arc<Vec<Event>> = Arc::new((0..EVENTS).map(|_| Event::new()).collect());
    let near = Arc::new(Near::default());
    let mut waiters: Vec<_> = row.iter().map(|event| Box::pin(event.wait())).collect();
    let setter = bunch(1, {
        let (row, near) = (Arc::clone(&row), Arc::clone(&near));
        move |_| near.set(&row, Event::set)
    });
    let mut number = 0;
    waiters.retain_mut(|waiter| {
        number += 1;
        near.waiter_at(number);
        waiter.now_or_never().is_none()
    });
    join(setter);
    assert!(waiters.into_iter().all(|waiter| waiter.now_or_never().is_some()), "a set was lost");
}

/// CPython, asyncio: `EventTests.test_wait`. All get through when it is set, also who has not begun to wait. (In
/// which order is asyncio's loop's choice; here it is the test that polls.)
#[test]
fn wait() {
    let event = Event::new();
    let (mut first, mut second) = (Box::pin(event.wait()), Box::pin(event.wait()));
    assert!(first.as_mut().now_or_never().is_none());
    assert!(second.as_mut().now_or_never().is_none());
    let third = event.wait();
    event.set();
    assert!(third.now_or_never().is_some());
    assert!(first.as_mut().now_or_never().is_some());
    assert!(second.as_mut().now_or_never().is_some());
}

/// CPython, asyncio: `EventTests.test_wait_on_set`. What is set, nobody waits for.
#[test]
fn wait_on_set() {
    let event = Event::new();
    event.set();
    assert!(event.wait().now_or_never().is_some());
    assert_eq!(event.wait_timeout(Duration::ZERO).now_or_never(), Some(true));
}

/// CPython, asyncio: `EventTests.test_wait_cancel`. A waiter that is dropped stands in no queue any more.
#[test]
fn wait_cancel() {
    let event = Event::new();
    let nobody = format!("{event:?}");
    let mut waiter = Box::pin(event.wait());
    assert!(waiter.as_mut().now_or_never().is_none());
    assert_ne!(format!("{event:?}"), nobody);
    drop(waiter);
    assert_eq!(format!("{event:?}"), nobody);
}

/// CPython, asyncio: `EventTests.test_clear`.
#[test]
fn clear() {
    let event = Event::new();
    assert!(!event.is_set());
    event.set();
    assert!(event.is_set());
    event.clear();
    assert!(!event.is_set());
    assert!(event.wait().now_or_never().is_none());
}

/// CPython, asyncio: `EventTests.test_clear_with_waiters`. Set, cleared, and set twice before the waiter runs: it
/// gets through, and has left the queue.
#[test]
fn clear_with_waiters() {
    let event = Event::new();
    let mut waiter = Box::pin(event.wait());
    assert!(waiter.as_mut().now_or_never().is_none());
    event.set();
    event.clear();
    assert!(!event.is_set());
    event.set();
    event.set();
    let nobody = format!("{event:?}");
    assert!(waiter.as_mut().now_or_never().is_some());
    assert_eq!(format!("{event:?}"), nobody);
}

/// A waiter is dropped after any number of polls, before the set, after it, or after the clear that follows: the
/// other waiter gets through, and nothing is left for who comes later.
#[test]
fn dropped_after_any_number_of_polls() {
    let runtime = Runtime::new().expect("room for a runtime");
    let _timers = runtime.enter();
    for (polls, when, with_timeout) in
        (0..4).flat_map(|polls| (0..3).flat_map(move |when| [false, true].map(|with| (polls, when, with))))
    {
        let event = Event::new();
        let dropped = if with_timeout {
            event.wait_timeout(Duration::MAX).map(drop).left_future()
        } else {
            event.wait().right_future()
        };
        let (mut dropped, mut other) = (Some(Box::pin(dropped)), Box::pin(event.wait()));
        for _ in 0..polls {
            assert!(dropped.as_mut().and_then(FutureExt::now_or_never).is_none());
        }
        assert!(other.as_mut().now_or_never().is_none());
        for step in 0..3 {
            if step == when {
                drop(dropped.take());
            }
            match step {
                0 => event.set(),
                1 => event.clear(),
                _ => {}
            }
        }
        assert!(other.as_mut().now_or_never().is_some(), "{polls} polls, {when}");
        assert!(event.wait().now_or_never().is_none(), "{polls} polls, {when}");
    }
}

/// A notification that comes late, from a setting that was consumed and cleared before the wait began, ends no wait.
#[test]
fn a_late_notification_is_no_set() {
    let event = Event::new();
    event.set();
    event.clear();
    let mut waiter = Box::pin(event.wait());
    assert!(waiter.as_mut().now_or_never().is_none());
    event.was_set.notify_waiters();
    assert!(waiter.as_mut().now_or_never().is_none());
    event.set();
    assert!(waiter.as_mut().now_or_never().is_some());
}
