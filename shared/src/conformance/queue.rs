//! What a queue must survive, beside what every [buffer](super::buffer) must: the cases for a first-in, first-out queue
//! of CPython's `test/test_queue.py`, those of crossbeam-channel's `tests/array.rs` that are about a queue, and more.
//!
//! Of CPython's, these have nothing to hold here: negative timeouts (a `Duration` has none), a `maxsize` that is
//! changed while the queue is in use (`test_shrinking_queue`), `shutdown`, and the last-in-first-out and priority
//! queues. Of crossbeam's, neither have `fairness`, which is about how `select!` chooses between channels, and
//! `disconnect_wakes_sender` and its like: a queue is not disconnected, because whoever has it may put and get.

use std::fmt::Debug;
use std::hint;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::buffer::{Buffer, Counted, in_and_out, many, shared};
use super::{SHORT, bunch, join, panics, until};
use crate::misuse::{Empty, Full, TooManyDone};

/// A queue, whoever waits for it. With room for zero items it is one with room for any number.
pub trait Queue<T>: Buffer<T> + Debug {
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
    /// Panics with the queue's own lock in hand.
    fn panic_inside(&self);
}

/// Makes the tests of a queue, given its name without the type of its items.
#[macro_export]
macro_rules! queue_conformance {
    ($queue:ident) => {
        $crate::buffer_conformance!($queue);
        $crate::conformance_tests!(queue, $queue<usize>:
            basic, nowait, queue_task_done, queue_join, failing_queue, simple_basic, many_threads,
            many_threads_nonblock, many_threads_timeout, linearizable_without_waiting, stress_timeout_two_threads,
            unbounded, repr, a_get_that_gives_up_takes_nothing, a_put_that_gives_up_leaves_nothing, extreme_timeouts,
            whoever_waits_an_hour_is_woken, join_of_an_empty_queue, join_waits_for_what_is_done,
            join_wakes_all_who_wait, join_returns_though_a_put_follows, join_that_gives_up,
            extra_task_done_changes_nothing, an_item_counts_from_the_moment_that_it_is_in,
        );
        $crate::conformance_tests!(queue, $queue<$crate::conformance::buffer::Counted>: references);
    };
}

/// The room in the queues of CPython's cases.
const QUEUE_SIZE: usize = 5;

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

/// crossbeam-channel: `linearizable`, more exactly: nobody even has to wait.
pub fn linearizable_without_waiting<Q: Queue<usize>>() {
    in_and_out::<Q>(
        |queue, item| queue.try_put(item).expect("others leave room for each"),
        |queue| queue.try_get().expect("others leave one for each"),
    );
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

/// CPython: `SimpleQueueTest.test_references`. The queue keeps nothing of an item that has left it, nor of one that
/// didn't get in.
pub fn references<Q: Queue<Counted>>() {
    let (queue, dropped) = (Q::new(2), Arc::new(AtomicUsize::new(0)));
    let item = || Counted::new(&dropped);
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
