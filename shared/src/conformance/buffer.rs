//! What a buffer must survive, be it a bounded buffer or a queue: cases of CPython's `test/test_queue.py` and of
//! crossbeam-channel's `tests/array.rs` that need no more than to put and to get, and more.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::{bunch, elsewhere, join, until};

/// A buffer, whoever waits for it: what is put into it waits for room, and what is got from it for an item.
pub trait Buffer<T>: Send + Sync + 'static {
    /// One with room for so many items.
    fn new(capacity: usize) -> Self;
    /// Waits for room, and puts the item in.
    fn put(&self, item: T);
    /// Waits for an item, and takes it out.
    fn get(&self) -> T;
    /// How many items are in it.
    fn len(&self) -> usize;
    /// Whether there is none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// How many calls wait, for whatever it is.
    fn waiting(&self) -> usize;
    /// Wakes all who wait for room or for an item, without a reason.
    fn stray_wakeup(&self);
}

/// Makes the tests of a buffer, given its name without the type of its items.
#[macro_export]
macro_rules! buffer_conformance {
    ($buffer:ident) => {
        $crate::conformance_tests!(buffer, $buffer<usize>:
            len, fifo, order, mpmc, linearizable, stress_oneshot, items_for_all_who_wait, room_for_all_who_wait,
            a_put_goes_on_when_the_consumer_does, putters_and_getters_wait_at_once, a_stray_wakeup_ends_no_wait,
        );
        $crate::conformance_tests!(buffer, $buffer<$crate::conformance::buffer::Counted>: drops);
    };
}

/// A new buffer, to be shared.
pub(super) fn shared<B: Buffer<usize>>(capacity: usize) -> Arc<B> {
    Arc::new(B::new(capacity))
}

/// crossbeam-channel: `len`. It is right after each put and each get, and never more than there is room for, whoever
/// comes first when there is some.
pub fn len<B: Buffer<usize>>() {
    const CAPACITY: usize = 5;
    const ITEMS: usize = 1_000;
    let buffer = shared::<B>(CAPACITY);
    for _ in 0..10 {
        for item in 0..CAPACITY {
            assert_eq!(buffer.len(), item);
            buffer.put(item);
        }
        for item in 0..CAPACITY {
            assert_eq!(buffer.len(), CAPACITY - item);
            assert_eq!(buffer.get(), item);
        }
    }
    // Two put, and two get. Who sees too many says so when all have ended, lest the others wait for it in vain.
    let seen = join(bunch(4, {
        let buffer = Arc::clone(&buffer);
        move |number| {
            let put_or_get = |item| {
                if number % 2 == 0 {
                    buffer.put(item);
                } else {
                    buffer.get();
                }
                buffer.len()
            };
            (0..ITEMS).map(put_or_get).max()
        }
    }));
    assert!(seen.iter().max() <= Some(&Some(CAPACITY)), "{seen:?}");
    assert_eq!(buffer.len(), 0);
}

/// Items come out in the order in which they went in, also when the room is used again and again.
pub fn fifo<B: Buffer<usize>>() {
    for capacity in [1, 2, 3, 7] {
        let buffer = B::new(capacity);
        let (mut next_in, mut next_out) = (0, 0);
        for round in 0..100 {
            for _ in 0..=(round % capacity) {
                if buffer.len() < capacity {
                    buffer.put(next_in);
                    next_in += 1;
                }
            }
            assert_eq!(buffer.len(), next_in - next_out);
            assert_eq!(buffer.get(), next_out);
            next_out += 1;
        }
    }
}

/// CPython: `SimpleQueueTest.test_order`. From one producer to one consumer nothing changes places.
pub fn order<B: Buffer<usize>>() {
    let buffer = shared::<B>(3);
    let consumer = bunch(1, {
        let buffer = Arc::clone(&buffer);
        move |_| (0..1_000).map(|_| buffer.get()).collect::<Vec<_>>()
    });
    (0..1_000).for_each(|item| buffer.put(item));
    assert!(join(consumer).concat().into_iter().eq(0..1_000));
}

/// crossbeam-channel: `mpmc`. With little room.
pub fn mpmc<B: Buffer<usize>>() {
    many::<B>(3, |buffer| Some(buffer.get()));
}

/// Several producers and as many consumers: each item comes out once, none is left, and a consumer gets those of
/// one producer in their order.
pub(super) fn many<B: Buffer<usize>>(
    capacity: usize,
    get: impl Fn(&B) -> Option<usize> + Send + Sync + 'static,
) {
    const THREADS: usize = 4;
    const EACH: usize = 1_000;
    let buffer = shared::<B>(capacity);
    let consumers = bunch(THREADS, {
        let buffer = Arc::clone(&buffer);
        move |_| {
            let mut got = Vec::new();
            while got.len() < EACH {
                match get(&buffer) {
                    Some(item) => got.push(item),
                    None => thread::yield_now(),
                }
            }
            got
        }
    });
    let producers = bunch(THREADS, {
        let buffer = Arc::clone(&buffer);
        move |number| (0..EACH).for_each(|item| buffer.put(number * EACH + item))
    });
    join(producers);
    let got = join(consumers);
    for items in &got {
        for producer in 0..THREADS {
            let of_it = items.iter().filter(|item| **item / EACH == producer);
            assert!(of_it.is_sorted(), "items of one producer changed places");
        }
    }
    let mut all = got.concat();
    all.sort_unstable();
    assert!(all.into_iter().eq(0..THREADS * EACH));
    assert_eq!(buffer.len(), 0);
}

/// crossbeam-channel: `linearizable`. Returning at all is the test.
pub fn linearizable<B: Buffer<usize>>() {
    in_and_out::<B>(B::put, B::get);
}

/// Whoever has put an item finds one, though others take too; and whoever has taken one from a buffer that was full
/// finds room.
pub(super) fn in_and_out<B: Buffer<usize>>(put: fn(&B, usize), get: fn(&B) -> usize) {
    const THREADS: usize = 4;
    const ROUNDS: usize = 2_000;
    for full in [false, true] {
        let buffer = shared::<B>(THREADS);
        if full {
            (0..THREADS).for_each(|item| buffer.put(item));
        }
        join(bunch(THREADS, {
            let buffer = Arc::clone(&buffer);
            move |_| {
                for round in 0..ROUNDS {
                    if full {
                        get(&buffer);
                    }
                    put(&buffer, round);
                    if !full {
                        get(&buffer);
                    }
                }
            }
        }));
        assert_eq!(buffer.len(), if full { THREADS } else { 0 });
    }
}

/// crossbeam-channel: `stress_oneshot`. A new buffer each time, for one item, which may come before who gets it or
/// after.
pub fn stress_oneshot<B: Buffer<usize>>() {
    for item in 0..500 {
        let buffer = shared::<B>(1);
        let getter = bunch(1, {
            let buffer = Arc::clone(&buffer);
            move |_| buffer.get()
        });
        buffer.put(item);
        assert_eq!(join(getter), [item]);
    }
}

/// As many items as there are waiters, put as fast as can be: each waiter gets one, and no wakeup is lost.
pub fn items_for_all_who_wait<B: Buffer<usize>>() {
    const WAITERS: usize = 5;
    let buffer = shared::<B>(WAITERS);
    let waiters = bunch(WAITERS, {
        let buffer = Arc::clone(&buffer);
        move |_| buffer.get()
    });
    until("all wait", || buffer.waiting() == WAITERS);
    (0..WAITERS).for_each(|item| buffer.put(item));
    let mut got = join(waiters);
    got.sort_unstable();
    assert_eq!(got, [0, 1, 2, 3, 4]);
    assert!(buffer.is_empty());
}

/// As much room as there are waiters, made as fast as can be: each of their items goes in.
pub fn room_for_all_who_wait<B: Buffer<usize>>() {
    const WAITERS: usize = 5;
    let buffer = shared::<B>(WAITERS);
    (0..WAITERS).for_each(|item| buffer.put(item));
    let waiters = bunch(WAITERS, {
        let buffer = Arc::clone(&buffer);
        move |number| buffer.put(WAITERS + number)
    });
    until("all wait", || buffer.waiting() == WAITERS);
    assert_eq!(buffer.len(), WAITERS);
    let mut got: Vec<_> = (0..WAITERS).map(|_| buffer.get()).collect();
    join(waiters);
    assert_eq!(buffer.len(), WAITERS);
    got.extend((0..WAITERS).map(|_| buffer.get()));
    assert!(got[..WAITERS].iter().copied().eq(0..WAITERS));
    got.sort_unstable();
    assert!(got.into_iter().eq(0..2 * WAITERS));
}

/// CPython, asyncio: `test_maxsize`. A producer stops where there is no room, and goes on with the consumer, item by
/// item.
pub fn a_put_goes_on_when_the_consumer_does<B: Buffer<usize>>() {
    let (buffer, put) = (shared::<B>(2), Arc::new(AtomicUsize::new(0)));
    let producer = bunch(1, {
        let (buffer, put) = (Arc::clone(&buffer), Arc::clone(&put));
        move |_| {
            for item in 0..10 {
                buffer.put(item);
                put.fetch_add(1, Ordering::SeqCst);
            }
        }
    });
    for got in 0..8 {
        until("it put what there is room for", || put.load(Ordering::SeqCst) == got + 2);
        until("it waits", || buffer.waiting() == 1);
        assert_eq!(put.load(Ordering::SeqCst), got + 2);
        assert_eq!(buffer.len(), 2);
        assert_eq!(buffer.get(), got);
    }
    join(producer);
    assert_eq!([buffer.get(), buffer.get()], [8, 9]);
}

/// Several wait for items when as many come with some, and then several for room when as many come for items. As there
/// is room for only one, both kinds soon wait at once, and a wakeup for the one must not be spent on the other: that is
/// how a buffer with a single condition stops for ever.
pub fn putters_and_getters_wait_at_once<B: Buffer<usize>>() {
    const WAITERS: usize = 4;
    for _ in 0..50 {
        let buffer = shared::<B>(1);
        let put = || {
            let buffer = Arc::clone(&buffer);
            bunch(WAITERS, move |number| buffer.put(number))
        };
        let get = || {
            let buffer = Arc::clone(&buffer);
            bunch(WAITERS, move |_| buffer.get())
        };
        let getters = get();
        until("all wait", || buffer.waiting() == WAITERS);
        join(put());
        let mut got = join(getters);
        got.sort_unstable();
        assert_eq!(got, [0, 1, 2, 3]);

        buffer.put(4);
        let putters = put();
        until("all wait", || buffer.waiting() == WAITERS);
        let mut got = join(get());
        join(putters);
        got.push(buffer.get());
        got.sort_unstable();
        assert_eq!(got, [0, 1, 2, 3, 4]);
    }
}

/// Stray wakeups find nothing, and those who are woken wait on: for an item, and for room.
pub fn a_stray_wakeup_ends_no_wait<B: Buffer<usize>>() {
    let buffer = shared::<B>(1);
    let getters = bunch(2, {
        let buffer = Arc::clone(&buffer);
        move |_| buffer.get()
    });
    until("both wait", || buffer.waiting() == 2);
    let stray_wakeups = |len| {
        for _ in 0..300 {
            buffer.stray_wakeup();
            thread::yield_now();
            assert_eq!(buffer.len(), len);
        }
    };
    stray_wakeups(0);
    buffer.put(1);
    buffer.put(2);
    let mut got = join(getters);
    got.sort_unstable();
    assert_eq!(got, [1, 2]);

    buffer.put(3);
    let putters = bunch(2, {
        let buffer = Arc::clone(&buffer);
        move |number| buffer.put(4 + number)
    });
    until("both wait", || buffer.waiting() == 2);
    stray_wakeups(1);
    let mut got = [(); 3].map(|()| buffer.get());
    join(putters);
    got.sort_unstable();
    assert_eq!(got, [3, 4, 5]);
}

/// An item that counts how many of its kind were dropped.
#[derive(Debug)]
pub struct Counted(Arc<AtomicUsize>);

impl Counted {
    /// One that counts here.
    pub(super) fn new(dropped: &Arc<AtomicUsize>) -> Self {
        Self(Arc::clone(dropped))
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

/// crossbeam-channel: `drops`. Every item is dropped once: by who got it, or with the buffer.
pub fn drops<B: Buffer<Counted>>() {
    for (taken, left) in [(0, 0), (0, 7), (7, 0), (100, 1), (999, 50)] {
        let (buffer, dropped) = (Arc::new(B::new(50)), Arc::new(AtomicUsize::new(0)));
        let consumer = bunch(1, {
            let buffer = Arc::clone(&buffer);
            move |_| (0..taken).for_each(|_| drop(buffer.get()))
        });
        for _ in 0..taken + left {
            buffer.put(Counted::new(&dropped));
        }
        join(consumer);
        assert_eq!(dropped.load(Ordering::SeqCst), taken);
        assert_eq!(buffer.len(), left);
        // The consumer has given its share of the buffer away with its thread.
        let buffer = Arc::into_inner(buffer).expect("nobody else has it");
        elsewhere(move || drop(buffer));
        assert_eq!(dropped.load(Ordering::SeqCst), taken + left);
    }
}
