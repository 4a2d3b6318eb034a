//! A bounded buffer of tasks, held to what it must survive.

use std::sync::Arc;

use futures::FutureExt as _;
use futures::future::BoxFuture;
use shared::conformance::polled::{Woken, now, still_waits, waiter_with};
use shared::conformance::{self, Driven};

use super::BoundedBuffer;

struct Subject<T>(Driven<BoundedBuffer<T>>);

impl<T: Send + 'static> conformance::buffer::Buffer<T> for Subject<T> {
    fn new(capacity: usize) -> Self {
        Self(Driven::new(BoundedBuffer::new(capacity)))
    }

    fn put(&self, item: T) {
        self.0.drive(|buffer| buffer.put(item));
    }

    fn get(&self) -> T {
        self.0.drive(BoundedBuffer::get)
    }

    fn len(&self) -> usize {
        self.0.drive(BoundedBuffer::len)
    }

    fn waiting(&self) -> usize {
        self.0.waiting()
    }

    fn stray_wakeup(&self) {
        self.0.primitive().not_full.notify_all();
        self.0.primitive().not_empty.notify_all();
    }
}

shared::buffer_conformance!(Subject);

/// When a future is dropped that waits for something.
#[derive(Debug, Clone, Copy)]
enum Moment {
    /// Before it comes.
    Before,
    /// After it has come.
    After,
    /// When it has come, and the future has heard of that and wants the items, which somebody else has locked.
    OnItsWay,
}

/// All moments, after each of some numbers of polls.
fn moments() -> impl Iterator<Item = (usize, Moment)> {
    let moments = [Moment::Before, Moment::After, Moment::OnItsWay];
    [0, 1, 2, 5].into_iter().flat_map(move |polls| moments.map(|moment| (polls, moment)))
}

/// Drops the future at this moment, of what comes by this call.
fn drop_at<R>(
    moment: Moment,
    mut dropped: BoxFuture<'_, ()>,
    buffer: &BoundedBuffer<u32>,
    come: impl Future<Output = R>,
) -> R {
    match moment {
        Moment::Before => {
            drop(dropped);
            now(come)
        }
        Moment::After => {
            let result = now(come);
            drop(dropped);
            result
        }
        Moment::OnItsWay => {
            let result = now(come);
            let _items = now(buffer.items());
            assert!(still_waits(&mut dropped));
            drop(dropped);
            result
        }
    }
}

/// Each future that waits for an item, dropped after so many polls: the item is there, once, and another who waits is
/// woken for it.
#[test]
fn a_dropped_get_loses_nothing() {
    for (polls, moment) in moments() {
        let (buffer, woken) = (BoundedBuffer::new(1), Arc::default());
        let mut dropped = buffer.get().map(drop).boxed();
        assert!((0..polls).all(|_| still_waits(&mut dropped)));
        let other = waiter_with(&woken, buffer.get());
        drop_at(moment, dropped, &buffer, buffer.put(1));
        assert_eq!(now(buffer.len()), 1);
        assert_eq!(woken.count(), 1);
        assert_eq!(now(other), 1);
        assert_eq!(now(buffer.len()), 0);
    }
}

/// The same for room: it is there, once, and the item that was dropped is not in.
#[test]
fn a_dropped_put_loses_nothing() {
    for (polls, moment) in moments() {
        let (buffer, woken) = (BoundedBuffer::new(1), Arc::default());
        now(buffer.put(1));
        let mut dropped = buffer.put(0).boxed();
        assert!((0..polls).all(|_| still_waits(&mut dropped)));
        let other = waiter_with(&woken, buffer.put(2));
        assert_eq!(drop_at(moment, dropped, &buffer, buffer.get()), 1);
        assert_eq!(now(buffer.len()), 0);
        assert_eq!(woken.count(), 1);
        now(other);
        assert_eq!(now(buffer.get()), 2);
        assert_eq!(now(buffer.len()), 0);
    }
}

/// Two wait for an item, and then one for room: the wakeup that comes with the room is for that one, though the others
/// have waited longer. With a single condition it would be spent on one of them, and nobody would go on.
#[test]
fn a_wakeup_reaches_one_whom_it_is_for() {
    let (buffer, woken) = (BoundedBuffer::new(1), Arc::default());
    let (get, other_get) = (waiter_with(&Arc::default(), buffer.get()), waiter_with(&woken, buffer.get()));
    now(buffer.put(1));
    let put_woken = Arc::default();
    let put = waiter_with(&put_woken, buffer.put(2));
    assert_eq!(now(get), 1);
    assert_eq!([woken.count(), put_woken.count()], [0, 1]);
    now(put);
    assert_eq!([woken.count(), put_woken.count()], [1, 1]);
    assert_eq!(now(other_get), 2);
}

/// Who waits is woken in turn, for items as for room.
#[test]
fn first_come_first_served() {
    let buffer = BoundedBuffer::new(1);
    let woken: [Arc<Woken>; 3] = Default::default();
    let counts = || [0, 1, 2].map(|waiter: usize| woken[waiter].count());
    let gets = [0, 1, 2].map(|waiter: usize| waiter_with(&woken[waiter], buffer.get()));
    for (get, (item, expected)) in gets.into_iter().zip([(1, [1, 0, 0]), (2, [1, 1, 0]), (3, [1, 1, 1])]) {
        now(buffer.put(item));
        assert_eq!((now(get), counts()), (item, expected));
    }
    now(buffer.put(0));
    let puts = [0, 1, 2].map(|waiter: usize| waiter_with(&woken[waiter], buffer.put(1 + waiter)));
    for (put, (item, expected)) in puts.into_iter().zip([(0, [2, 1, 1]), (1, [2, 2, 1]), (2, [2, 2, 2])]) {
        assert_eq!((now(buffer.get()), counts()), (item, expected));
        now(put);
    }
    assert_eq!(now(buffer.get()), 3);
}
