//! What a queue must survive: the cases for a first-in, first-out queue of CPython's `test/test_queue.py`, those of
//! crossbeam-channel's `tests/array.rs` that are about a queue, and more.
//!
//! Of CPython's, these have nothing to hold here: negative timeouts (a `Duration` has none), a `maxsize` that is changed
//! while the queue is in use (`test_shrinking_queue`), `shutdown`, and the last-in-first-out and priority queues.

use std::fmt::Debug;
use std::hint;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::{SHORT, bunch, elsewhere, join, panics, until};
use crate::misuse::{Empty, Full, TooManyDone};

/// A queue, whoever waits for it.
pub trait Queue<T>: Debug + Send + Sync + 'static {
    /// One with room for so many items; with zero, for any number.
    fn new(maxsize: usize) -> Self;
    /// Waits for room, and puts the item in.
    fn put(&self, item: T);
    /// Puts the item in if there is room.
    ///
    /// # Errors
    /// If there is none.
    fn try_put(&self, item: T) -> Result<(), Full<T>>;
    /// Waits for at most so long for room.
    ///
    /// # Errors
    /// If there was none in time.
    fn put_timeout(&self, item: T, timeout: Duration) -> Result<(), Full<T>>;
    /// Waits for an item, and takes it out.
    fn get(&self) -> T;
    /// Takes an item out if there is one.
    ///
    /// # Errors
    /// If there is none.
    fn try_get(&self) -> Result<T, Empty>;
    /// Waits for at most so long for an item.
    ///
    /// # Errors
    /// If there was none in time.
    fn get_timeout(&self, timeout: Duration) -> Result<T, Empty>;
    /// How many items are in it.
    fn len(&self) -> usize;
    /// Whether there is none.
    fn is_empty(&self) -> bool;
    /// Whether there is no room.
    fn is_full(&self) -> bool;
    /// Says that one item is done.
    ///
    /// # Errors
    /// If as many are done as were put.
    fn task_done(&self) -> Result<(), TooManyDone>;
    /// Waits until all items are done.
    fn join(&self);
    /// Waits for at most so long until all are done.
    fn join_timeout(&self, timeout: Duration) -> bool;
    /// How many calls wait, for whatever it is.
    fn waiting(&self) -> usize;
    /// Panics with the queue's own lock in hand.
    fn panic_inside(&self);
}

/// Makes the tests of a queue, given its name without the type of its items.
#[macro_export]
macro_rules! queue_conformance {
    ($queue:ident) => {
        $crate::conformance_tests!(queue, $queue<usize>:
            basic, nowait, queue_task_done, queue_join, failing_queue, simple_basic, order, many_threads,
            many_threads_nonblock, many_threads_timeout, fifo, mpmc, linearizable, stress_timeout_two_threads,
            unbounded, repr, items_for_all_who_wait, room_for_all_who_wait, a_put_goes_on_when_the_consumer_does,
            a_get_that_gives_up_takes_nothing, a_put_that_gives_up_leaves_nothing, extreme_timeouts,
            whoever_waits_an_hour_is_woken, join_of_an_empty_queue, join_waits_for_what_is_done,
            join_wakes_all_who_wait, join_returns_though_a_put_follows, join_that_gives_up,
            extra_task_done_changes_nothing, an_item_counts_from_the_moment_that_it_is_in,
        );
        $crate::conformance_tests!(queue, $queue<$crate::conformance::queue::Counted>: references, drops);
    };
}

/// The room in the queues of CPython's cases.
const QUEUE_SIZE: usize = 5;

/// A new queue, to be shared.
fn shared<Q: Queue<usize>>(maxsize: usize) -> Arc<Q> {
    Arc::new(Q::new(maxsize))
}

/// This call, made by another thread, which waits when this returns.
fn waits<T, Q: Queue<T>, R: Send + 'static>(
    queue: &Arc<Q>,
    call: impl Fn(&Q) -> R + Send + Sync + 'static,
) -> Vec<JoinHandle<R>> {
    let before = queue.waiting();
    let waiter = bunch(1, {
        let queue = Arc::clone(queue);
        move |_| call(&queue)
    });
    until("it waits", || queue.waiting() == before + 1);
    waiter
}

/// CPython: `QueueTest.test_basic`. The order, the bounds, and each of the ways to wait; twice.
pub fn basic<Q: Queue<usize>>() {
    let queue = shared::<Q>(QUEUE_SIZE);
    for _ in 0..2 {
        assert!(queue.is_empty());
        assert!(!queue.is_full());
        for item in [111, 333, 222] {
            queue.put(item);
        }
        assert_eq!([queue.get(), queue.get(), queue.get()], [111, 333, 222]);
        for item in 1..QUEUE_SIZE {
            queue.put(item);
            assert_eq!(queue.len(), item);
            assert!(!queue.is_empty());
            assert!(!queue.is_full());
        }
        queue.put(QUEUE_SIZE);
        assert!(queue.is_full());
        assert_eq!(queue.try_put(0), Err(Full(0)));
        assert_eq!(queue.put_timeout(0, SHORT), Err(Full(0)));
        let put = waits(&queue, |queue| queue.put(6));
        assert_eq!(queue.get(), 1);
        join(put);
        let put = waits(&queue, |queue| queue.put_timeout(7, Duration::from_hours(1)));
        assert_eq!(queue.get(), 2);
        assert_eq!(join(put), [Ok(())]);
        assert_eq!(queue.len(), QUEUE_SIZE);
        for item in 3..=7 {
            assert_eq!(queue.get(), item);
        }
        assert!(queue.is_empty());
        assert_eq!(queue.try_get(), Err(Empty));
        assert_eq!(queue.get_timeout(SHORT), Err(Empty));
        let get = waits(&queue, Q::get);
        queue.put(8);
        assert_eq!(join(get), [8]);
        let get = waits(&queue, |queue| queue.get_timeout(Duration::from_hours(1)));
        queue.put(9);
        assert_eq!(join(get), [Ok(9)]);
    }
}

/// CPython: `QueueTest.test_nowait`, and what of `test_shrinking_queue` is about a full queue: an item that
/// finds no room changes nothing.
pub fn nowait<Q: Queue<usize>>() {
    let queue = Q::new(QUEUE_SIZE);
    for item in 0..QUEUE_SIZE {
        assert_eq!(queue.try_put(item), Ok(()));
    }
    assert_eq!(queue.try_put(QUEUE_SIZE), Err(Full(QUEUE_SIZE)));
    assert_eq!(queue.len(), QUEUE_SIZE);
    for item in 0..QUEUE_SIZE {
        assert_eq!(queue.try_get(), Ok(item));
    }
    assert_eq!(queue.try_get(), Err(Empty));
    assert_eq!(queue.len(), 0);
}

/// CPython: `QueueTest.test_queue_task_done`.
pub fn queue_task_done<Q: Queue<usize>>() {
    assert_eq!(Q::new(0).task_done(), Err(TooManyDone));
}

/// CPython: `QueueTest.test_queue_join`. When the join returns, two workers have done everything; it works twice,
/// and in the end nothing is left to be done.
pub fn queue_join<Q: Queue<usize>>() {
    const END: usize = usize::MAX;
    let queue = shared::<Q>(0);
    for _ in 0..2 {
        let sum = Arc::new(AtomicUsize::new(0));
        let workers = bunch(2, {
            let (queue, sum) = (Arc::clone(&queue), Arc::clone(&sum));
            move |_| {
                loop {
                    let item = queue.get();
                    if item == END {
                        return queue.task_done();
                    }
                    sum.fetch_add(item, Ordering::SeqCst);
                    queue.task_done().expect("it is done once");
                }
            }
        });
        (0..100).for_each(|item| queue.put(item));
        queue.join();
        assert_eq!(sum.load(Ordering::SeqCst), (0..100).sum::<usize>());
        queue.put(END);
        queue.put(END);
        queue.join();
        assert_eq!(join(workers), [Ok(()); 2]);
    }
    assert_eq!(queue.task_done(), Err(TooManyDone));
}

/// CPython: `FailingQueueTest.test_failing_queue`. There, a subclass fails while it puts or gets; here nothing
/// of the caller's runs inside. So what fails is a thread with the queue's lock in hand, while others wait
/// for items, for room and for all to be done: the queue goes on.
pub fn failing_queue<Q: Queue<usize>>() {
    let queue = shared::<Q>(1);
    for _ in 0..2 {
        let get = waits(&queue, Q::get);
        assert!(panics(|| queue.panic_inside()));
        queue.put(1);
        assert_eq!(join(get), [1]);
        queue.put(2);
        let put = waits(&queue, |queue| queue.put(3));
        let all_done = waits(&queue, Q::join);
        assert!(panics(|| queue.panic_inside()));
        assert!(queue.is_full());
        assert_eq!(queue.try_put(4), Err(Full(4)));
        assert_eq!(queue.get(), 2);
        join(put);
        assert_eq!(queue.len(), 1);
        assert_eq!(queue.try_get(), Ok(3));
        assert!(queue.is_empty());
        for _ in 0..3 {
            assert_eq!(queue.task_done(), Ok(()));
        }
        join(all_done);
        assert_eq!(queue.task_done(), Err(TooManyDone));
        assert!(format!("{queue:?}").contains("Queue"));
    }
}

/// CPython: `SimpleQueueTest.test_basic`. All ways to put and to get, one after another.
pub fn simple_basic<Q: Queue<usize>>() {
    let queue = Q::new(0);
    assert!(queue.is_empty());
    queue.put(1);
    assert_eq!(queue.len(), 1);
    assert_eq!(queue.try_put(2), Ok(()));
    assert_eq!(queue.put_timeout(3, SHORT), Ok(()));
    queue.put(4);
    assert!(!queue.is_empty());
    assert_eq!(queue.len(), 4);
    assert_eq!(queue.get(), 1);
    assert_eq!(queue.try_get(), Ok(2));
    assert_eq!(queue.get_timeout(SHORT), Ok(3));
    assert_eq!(queue.get_timeout(Duration::ZERO), Ok(4));
    assert!(queue.is_empty());
    assert_eq!(queue.try_get(), Err(Empty));
    let start = Instant::now();
    assert_eq!(queue.get_timeout(SHORT), Err(Empty));
    assert!(start.elapsed() >= SHORT);
    assert_eq!(queue.len(), 0);
}

/// CPython: `SimpleQueueTest.test_order`. From one producer to one consumer nothing changes places.
pub fn order<Q: Queue<usize>>() {
    let queue = shared::<Q>(3);
    let consumer = bunch(1, {
        let queue = Arc::clone(&queue);
        move |_| (0..1_000).map(|_| queue.get()).collect::<Vec<_>>()
    });
    (0..1_000).for_each(|item| queue.put(item));
    assert!(join(consumer).concat().into_iter().eq(0..1_000));
}

/// CPython: `SimpleQueueTest.test_many_threads`.
pub fn many_threads<Q: Queue<usize>>() {
    many::<Q>(0, |queue| Some(queue.get()));
}

/// CPython: `SimpleQueueTest.test_many_threads_nonblock`.
pub fn many_threads_nonblock<Q: Queue<usize>>() {
    many::<Q>(0, |queue| queue.try_get().ok());
}

/// CPython: `SimpleQueueTest.test_many_threads_timeout`. Some of the timeouts expire just when an item comes.
pub fn many_threads_timeout<Q: Queue<usize>>() {
    many::<Q>(0, |queue| queue.get_timeout(Duration::from_micros(10)).ok());
}

/// crossbeam-channel: `mpmc`. As many, with little room.
pub fn mpmc<Q: Queue<usize>>() {
    many::<Q>(3, |queue| Some(queue.get()));
}

/// Several producers and as many consumers: each item comes out once, none is left, and a consumer gets those of
/// one producer in their order.
fn many<Q: Queue<usize>>(maxsize: usize, get: impl Fn(&Q) -> Option<usize> + Send + Sync + 'static) {
    const THREADS: usize = 4;
    const EACH: usize = 1_000;
    let queue = shared::<Q>(maxsize);
    let consumers = bunch(THREADS, {
        let queue = Arc::clone(&queue);
        move |_| {
            let mut got = Vec::new();
            while got.len() < EACH {
                match get(&queue) {
                    Some(item) => got.push(item),
                    None => thread::yield_now(),
                }
            }
            got
        }
    });
    let producers = bunch(THREADS, {
        let queue = Arc::clone(&queue);
        move |number| (0..EACH).for_each(|item| queue.put(number * EACH + item))
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
    assert_eq!(queue.len(), 0);
}

/// Items come out in the order in which they went in, also when the room is used again and again.
pub fn fifo<Q: Queue<usize>>() {
    for maxsize in [1, 2, 3, 7] {
        let queue = Q::new(maxsize);
        let (mut next_in, mut next_out) = (0, 0);
        for round in 0..100 {
            for _ in 0..=(round % maxsize) {
                if queue.try_put(next_in) == Ok(()) {
                    next_in += 1;
                }
            }
            assert_eq!(queue.len(), next_in - next_out);
            assert_eq!(queue.try_get(), Ok(next_out));
            next_out += 1;
        }
    }
}

/// crossbeam-channel: `linearizable`. Whoever has put an item finds one, though others take too; and whoever has taken
/// one from a queue that was full finds room.
pub fn linearizable<Q: Queue<usize>>() {
    const THREADS: usize = 4;
    const ROUNDS: usize = 2_000;
    for full in [false, true] {
        let queue = shared::<Q>(THREADS);
        if full {
            (0..THREADS).for_each(|item| queue.put(item));
        }
        join(bunch(THREADS, {
            let queue = Arc::clone(&queue);
            move |_| {
                for round in 0..ROUNDS {
                    if full {
                        queue.try_get().expect("others leave one for each");
                    }
                    queue.try_put(round).expect("others leave room for each");
                    if !full {
                        queue.try_get().expect("others leave one for each");
                    }
                }
            }
        }));
        assert_eq!(queue.is_full(), full);
        assert_eq!(queue.is_empty(), !full);
    }
}

/// crossbeam-channel: `stress_timeout_two_threads`. Both sides give up and come again; nothing is lost or doubled.
pub fn stress_timeout_two_threads<Q: Queue<usize>>() {
    const ITEMS: usize = 1_000;
    let queue = shared::<Q>(2);
    let timeout = |round: usize| Duration::from_micros(if round.is_multiple_of(2) { 0 } else { 20 });
    let producer = bunch(1, {
        let queue = Arc::clone(&queue);
        move |_| {
            for item in 0..ITEMS {
                let mut round = item;
                while let Err(Full(back)) = queue.put_timeout(item, timeout(round)) {
                    assert_eq!(back, item);
                    round += 1;
                    thread::yield_now();
                }
            }
        }
    });
    for item in 0..ITEMS {
        let mut round = item;
        let got = loop {
            if let Ok(got) = queue.get_timeout(timeout(round)) {
                break got;
            }
            round += 1;
            thread::yield_now();
        };
        assert_eq!(got, item);
    }
    join(producer);
    assert!(queue.is_empty());
}

/// With zero there is always room.
pub fn unbounded<Q: Queue<usize>>() {
    let queue = Q::new(0);
    for item in 0..10_000 {
        assert_eq!(queue.try_put(item), Ok(()));
        assert!(!queue.is_full());
    }
    assert_eq!(queue.len(), 10_000);
    assert!((0..10_000).all(|item| queue.get() == item));
    // The greatest bound is one too.
    let queue = Q::new(usize::MAX);
    assert_eq!(queue.try_put(1), Ok(()));
    assert!(!queue.is_full());
    assert_eq!(queue.try_get(), Ok(1));
}

/// CPython, asyncio: `test_repr` and `test_format`.
pub fn repr<Q: Queue<usize>>() {
    let queue = Q::new(7);
    queue.put(1);
    queue.put(2);
    queue.get();
    let shown = format!("{queue:?}");
    for part in ["Queue", "maxsize: 7", "len: 1", "unfinished: 2"] {
        assert!(shown.contains(part), "{shown}");
    }
}

/// As many items as there are waiters, put as fast as can be: each waiter gets one, and no wakeup is lost.
pub fn items_for_all_who_wait<Q: Queue<usize>>() {
    const WAITERS: usize = 5;
    let queue = shared::<Q>(0);
    let waiters = bunch(WAITERS, {
        let queue = Arc::clone(&queue);
        move |_| queue.get()
    });
    until("all wait", || queue.waiting() == WAITERS);
    (0..WAITERS).for_each(|item| queue.put(item));
    let mut got = join(waiters);
    got.sort_unstable();
    assert_eq!(got, [0, 1, 2, 3, 4]);
    assert!(queue.is_empty());
}

/// As much room as there are waiters, made as fast as can be: each of their items goes in.
pub fn room_for_all_who_wait<Q: Queue<usize>>() {
    let queue = shared::<Q>(QUEUE_SIZE);
    (0..QUEUE_SIZE).for_each(|item| queue.put(item));
    let waiters = bunch(QUEUE_SIZE, {
        let queue = Arc::clone(&queue);
        move |number| queue.put(QUEUE_SIZE + number)
    });
    until("all wait", || queue.waiting() == QUEUE_SIZE);
    assert_eq!(queue.len(), QUEUE_SIZE);
    let mut got: Vec<_> = (0..QUEUE_SIZE).map(|_| queue.get()).collect();
    join(waiters);
    assert!(queue.is_full());
    got.extend((0..QUEUE_SIZE).map(|_| queue.get()));
    assert!(got[..QUEUE_SIZE].iter().copied().eq(0..QUEUE_SIZE));
    got.sort_unstable();
    assert!(got.into_iter().eq(0..2 * QUEUE_SIZE));
}

/// CPython, asyncio: `test_maxsize`. A producer stops where there is no room, and goes on with the consumer, item by
/// item.
pub fn a_put_goes_on_when_the_consumer_does<Q: Queue<usize>>() {
    let (queue, put) = (shared::<Q>(2), Arc::new(AtomicUsize::new(0)));
    let producer = bunch(1, {
        let (queue, put) = (Arc::clone(&queue), Arc::clone(&put));
        move |_| {
            for item in 0..10 {
                queue.put(item);
                put.fetch_add(1, Ordering::SeqCst);
            }
        }
    });
    for got in 0..8 {
        until("it put what there is room for", || put.load(Ordering::SeqCst) == got + 2);
        until("it waits", || queue.waiting() == 1);
        assert_eq!(put.load(Ordering::SeqCst), got + 2);
        assert_eq!(queue.len(), 2);
        assert_eq!(queue.get(), got);
    }
    join(producer);
    assert_eq!([queue.get(), queue.get()], [8, 9]);
}

/// Who gives up leaves no trace: an item that is put afterwards is there.
pub fn a_get_that_gives_up_takes_nothing<Q: Queue<usize>>() {
    let queue = shared::<Q>(1);
    let gave_up = bunch(3, {
        let queue = Arc::clone(&queue);
        move |_| {
            let start = Instant::now();
            (queue.get_timeout(SHORT), start.elapsed() >= SHORT)
        }
    });
    assert_eq!(join(gave_up), [(Err(Empty), true); 3]);
    assert_eq!(queue.waiting(), 0);
    assert_eq!(queue.try_put(1), Ok(()));
    assert!(queue.is_full());
    assert_eq!(queue.try_get(), Ok(1));
}

/// Who gives up gets its item back, which is not in the queue and not unfinished; the room is there afterwards.
pub fn a_put_that_gives_up_leaves_nothing<Q: Queue<usize>>() {
    let queue = shared::<Q>(1);
    queue.put(7);
    let gave_up = bunch(3, {
        let queue = Arc::clone(&queue);
        move |number| {
            let start = Instant::now();
            (queue.put_timeout(number, SHORT), start.elapsed() >= SHORT)
        }
    });
    assert_eq!(join(gave_up), [(Err(Full(0)), true), (Err(Full(1)), true), (Err(Full(2)), true)]);
    assert_eq!(queue.waiting(), 0);
    assert_eq!(queue.get(), 7);
    assert!(queue.is_empty());
    assert_eq!(queue.task_done(), Ok(()));
    assert_eq!(queue.task_done(), Err(TooManyDone));
    assert_eq!(queue.try_put(8), Ok(()));
}

/// Zero doesn't wait, and the longest time doesn't overflow.
pub fn extreme_timeouts<Q: Queue<usize>>() {
    let queue = shared::<Q>(1);
    assert_eq!(queue.get_timeout(Duration::ZERO), Err(Empty));
    assert!(queue.join_timeout(Duration::ZERO));
    assert_eq!(queue.put_timeout(1, Duration::ZERO), Ok(()));
    assert_eq!(queue.put_timeout(2, Duration::ZERO), Err(Full(2)));
    assert!(!queue.join_timeout(Duration::ZERO));
    assert_eq!(queue.get_timeout(Duration::ZERO), Ok(1));
    assert_eq!(queue.put_timeout(3, Duration::MAX), Ok(()));
    assert_eq!(queue.get_timeout(Duration::MAX), Ok(3));
    wake_all_kinds::<Q>(Duration::MAX);
}

/// An hour of patience ends when there is what was waited for: returning at all is the test.
pub fn whoever_waits_an_hour_is_woken<Q: Queue<usize>>() {
    wake_all_kinds::<Q>(Duration::from_hours(1));
}

/// One after another waits for an item, for room, and for all to be done.
fn wake_all_kinds<Q: Queue<usize>>(timeout: Duration) {
    let queue = shared::<Q>(1);
    let get = waits(&queue, move |queue| queue.get_timeout(timeout));
    queue.put(1);
    assert_eq!(join(get), [Ok(1)]);
    queue.put(2);
    let put = waits(&queue, move |queue| queue.put_timeout(3, timeout));
    assert_eq!(queue.get(), 2);
    assert_eq!(join(put), [Ok(())]);
    let all_done = waits(&queue, move |queue| queue.join_timeout(timeout));
    for _ in 0..3 {
        assert_eq!(queue.task_done(), Ok(()));
    }
    assert_eq!(join(all_done), [true]);
}

/// CPython, asyncio: `test_join_empty_queue`. There is nothing to wait for; twice.
pub fn join_of_an_empty_queue<Q: Queue<usize>>() {
    let queue = Q::new(0);
    for _ in 0..2 {
        queue.join();
        assert!(queue.join_timeout(Duration::ZERO));
    }
}

/// An item that is taken out is not yet done.
pub fn join_waits_for_what_is_done<Q: Queue<usize>>() {
    let (queue, done) = (shared::<Q>(0), Arc::new(AtomicBool::new(false)));
    queue.put(1);
    let all_done = waits(&queue, {
        let done = Arc::clone(&done);
        move |queue| {
            queue.join();
            done.load(Ordering::SeqCst)
        }
    });
    assert_eq!(queue.get(), 1);
    assert!(!queue.join_timeout(SHORT));
    assert_eq!(queue.waiting(), 1);
    done.store(true, Ordering::SeqCst);
    assert_eq!(queue.task_done(), Ok(()));
    assert_eq!(join(all_done), [true], "it returned before all was done");
    queue.join();
}

/// All who wait for the end are woken by it, and nobody by what comes before.
pub fn join_wakes_all_who_wait<Q: Queue<usize>>() {
    const WAITERS: usize = 4;
    let (queue, last) = (shared::<Q>(0), Arc::new(AtomicBool::new(false)));
    queue.put(1);
    queue.put(2);
    let waiters = bunch(WAITERS, {
        let (queue, last) = (Arc::clone(&queue), Arc::clone(&last));
        move |number| {
            let in_time = number > 0 || queue.join_timeout(Duration::from_hours(1));
            queue.join();
            in_time && last.load(Ordering::SeqCst)
        }
    });
    until("all wait", || queue.waiting() == WAITERS);
    assert_eq!(queue.task_done(), Ok(()));
    // It waits as they do, and whoever returns meanwhile is too early.
    assert!(!queue.join_timeout(SHORT));
    last.store(true, Ordering::SeqCst);
    assert_eq!(queue.task_done(), Ok(()));
    assert_eq!(join(waiters), [true; WAITERS]);
}

/// All was done while somebody waited for it, and at once there is more to do: who waited returns.
pub fn join_returns_though_a_put_follows<Q: Queue<usize>>() {
    const ROUNDS: usize = 50;
    let queue = shared::<Q>(0);
    queue.put(0);
    for round in 0..ROUNDS {
        let waiter = waits(&queue, move |queue| {
            if round.is_multiple_of(2) {
                queue.join();
                return true;
            }
            queue.join_timeout(Duration::from_hours(1))
        });
        assert_eq!(queue.task_done(), Ok(()));
        queue.put(0);
        assert_eq!(join(waiter), [true]);
        assert!(!queue.join_timeout(Duration::ZERO));
    }
}

/// A join that expires says so, not before its time, and changes nothing.
pub fn join_that_gives_up<Q: Queue<usize>>() {
    let queue = Q::new(0);
    queue.put(1);
    for _ in 0..2 {
        let start = Instant::now();
        assert!(!queue.join_timeout(SHORT));
        assert!(start.elapsed() >= SHORT);
    }
    assert_eq!(queue.waiting(), 0);
    assert_eq!(queue.task_done(), Ok(()));
    assert!(queue.join_timeout(SHORT));
}

/// More are said to be done than were put: an error each time, and the count goes on from where it was.
pub fn extra_task_done_changes_nothing<Q: Queue<usize>>() {
    let queue = Q::new(0);
    for _ in 0..2 {
        assert_eq!(queue.task_done(), Err(TooManyDone));
        assert_eq!(queue.task_done(), Err(TooManyDone));
        assert!(queue.join_timeout(Duration::ZERO));
        queue.put(1);
        assert!(!queue.join_timeout(Duration::ZERO));
        // An item may be said to be done before it is taken out: what is counted is calls.
        assert_eq!(queue.task_done(), Ok(()));
        assert!(queue.join_timeout(Duration::ZERO));
        assert_eq!(queue.len(), 1);
        assert_eq!(queue.get(), 1);
    }
}

/// A consumer that is done with an item as soon as it has it never hears that it was too many, though it is the only
/// item; and a join after the last put returns when all of them were done.
pub fn an_item_counts_from_the_moment_that_it_is_in<Q: Queue<usize>>() {
    const ITEMS: usize = 10_000;
    /// Comes back soon enough to see what is there only for a moment.
    fn hurry(attempt: impl Fn() -> bool) {
        until("it succeeds", || {
            (0..100).any(|_| {
                hint::spin_loop();
                attempt()
            })
        });
    }
    let (queue, done) = (shared::<Q>(1), Arc::new(AtomicUsize::new(0)));
    let consumer = bunch(1, {
        let (queue, done) = (Arc::clone(&queue), Arc::clone(&done));
        move |_| {
            for _ in 0..ITEMS {
                hurry(|| queue.try_get().is_ok());
                done.fetch_add(1, Ordering::SeqCst);
                queue.task_done().expect("the item was counted when it went in");
            }
        }
    });
    for item in 0..ITEMS {
        hurry(|| queue.try_put(item).is_ok());
    }
    queue.join();
    assert_eq!(done.load(Ordering::SeqCst), ITEMS);
    join(consumer);
    assert_eq!(queue.task_done(), Err(TooManyDone));
}

/// An item that counts how many of its kind were dropped.
#[derive(Debug)]
pub struct Counted(Arc<AtomicUsize>);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

/// CPython: `SimpleQueueTest.test_references`. The queue keeps nothing of an item that has left it, nor of one that
/// didn't get in.
pub fn references<Q: Queue<Counted>>() {
    let (queue, dropped) = (Q::new(2), Arc::new(AtomicUsize::new(0)));
    let item = || Counted(Arc::clone(&dropped));
    for round in 0..20 {
        queue.put(item());
        queue.put(item());
        let back = queue.try_put(item()).expect_err("there is no room");
        assert_eq!(dropped.load(Ordering::SeqCst), 3 * round);
        drop(back);
        assert_eq!(dropped.load(Ordering::SeqCst), 3 * round + 1);
        drop(queue.get());
        assert_eq!(dropped.load(Ordering::SeqCst), 3 * round + 2);
        drop(queue.get());
        assert_eq!(dropped.load(Ordering::SeqCst), 3 * round + 3);
    }
}

/// crossbeam-channel: `drops`. Every item is dropped once: by who got it, or with the queue.
pub fn drops<Q: Queue<Counted>>() {
    for (taken, left) in [(0, 0), (0, 7), (7, 0), (100, 1), (999, 50)] {
        let (queue, dropped) = (Arc::new(Q::new(50)), Arc::new(AtomicUsize::new(0)));
        let consumer = bunch(1, {
            let queue = Arc::clone(&queue);
            move |_| (0..taken).for_each(|_| drop(queue.get()))
        });
        for _ in 0..taken + left {
            queue.put(Counted(Arc::clone(&dropped)));
        }
        join(consumer);
        assert_eq!(dropped.load(Ordering::SeqCst), taken);
        assert_eq!(queue.len(), left);
        // The consumer has given its share of the queue away with its thread.
        let queue = Arc::into_inner(queue).expect("nobody else has it");
        elsewhere(move || drop(queue));
        assert_eq!(dropped.load(Ordering::SeqCst), taken + left);
    }
}
