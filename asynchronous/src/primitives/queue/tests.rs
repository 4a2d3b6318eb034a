//! A queue of tasks, held to what it must survive.

use std::fmt::Debug;
use std::hint;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::{Context, Wake, Waker};
use std::thread;
use std::time::{Duration, Instant};

use futures::FutureExt as _;
use futures::future::{self, BoxFuture};
use shared::conformance::polled::{Woken, now, poll_with, still_waits, waiter_with};
use shared::conformance::{self, Driven, SHORT, until};
use tokio::runtime::{self, Runtime};
use tokio::sync::Notify;
use tokio::task;

use super::{Empty, Full, Queue, TooManyDone, retry};

#[derive(Debug)]
struct Subject<T>(Driven<Queue<T>>);

impl<T: Send + 'static> conformance::buffer::Buffer<T> for Subject<T> {
    fn new(maxsize: usize) -> Self {
        Self(Driven::new(Queue::new(maxsize)))
    }

    fn put(&self, item: T) {
        self.0.drive(|queue| queue.put(item));
    }

    fn get(&self) -> T {
        self.0.drive(Queue::get)
    }

    fn len(&self) -> usize {
        self.0.primitive().len()
    }

    fn is_empty(&self) -> bool {
        self.0.primitive().is_empty()
    }

    fn waiting(&self) -> usize {
        self.0.waiting()
    }

    fn stray_wakeup(&self) {
        self.0.primitive().not_full.notify_waiters();
        self.0.primitive().not_empty.notify_waiters();
    }
}

impl<T: Debug + Send + 'static> conformance::queue::Queue<T> for Subject<T> {
    fn try_put(&self, item: T) -> Result<(), Full<T>> {
        self.0.primitive().try_put(item)
    }

    fn put_timeout(&self, item: T, timeout: Duration) -> Result<(), Full<T>> {
        self.0.drive(|queue| queue.put_timeout(item, timeout))
    }

    fn try_get(&self) -> Result<T, Empty> {
        self.0.primitive().try_get()
    }

    fn get_timeout(&self, timeout: Duration) -> Result<T, Empty> {
        self.0.drive(|queue| queue.get_timeout(timeout))
    }

    fn is_full(&self) -> bool {
        self.0.primitive().is_full()
    }

    fn task_done(&self) -> Result<(), TooManyDone> {
        self.0.primitive().task_done()
    }

    fn join(&self) {
        self.0.drive(Queue::join);
    }

    fn join_timeout(&self, timeout: Duration) -> bool {
        self.0.drive(|queue| queue.join_timeout(timeout))
    }

    fn panic_inside(&self) {
        let _state = self.0.primitive().state();
        panic!("with the state locked");
    }
}

shared::queue_conformance!(Subject);

/// An hour, which is not going to pass.
const HOUR: Duration = Duration::from_hours(1);

/// A queue that is full of these.
fn full<const N: usize>(items: [u32; N]) -> Queue<u32> {
    let queue = Queue::new(N);
    for item in items {
        assert_eq!(queue.try_put(item), Ok(()));
    }
    queue
}

/// This future, polled once, which waits.
fn waiter<'a, R: 'a>(future: impl Future<Output = R> + Send + 'a) -> BoxFuture<'a, R> {
    let mut waiter = future.boxed();
    assert!((&mut waiter).now_or_never().is_none(), "it needn't wait");
    waiter
}

/// CPython, asyncio: `test_empty`, `test_full`, `test_order`, `test_blocking_put`, `test_blocking_get`,
/// `test_nonblocking_put` and `test_nonblocking_get`. What needn't wait doesn't.
#[test]
fn what_need_not_wait() {
    let queue = Queue::new(0);
    assert!(queue.is_empty());
    for item in [1, 3, 2] {
        now(queue.put(item));
        assert!(!queue.is_empty());
        assert!(!queue.is_full());
    }
    assert_eq!([(); 3].map(|()| now(queue.get())), [1, 3, 2]);
    assert!(queue.is_empty());
    assert!(full([1]).is_full());
}

/// CPython, asyncio: `test_nonblocking_get_exception` and `test_nonblocking_put_exception`.
#[test]
fn what_cannot_wait() {
    assert_eq!(Queue::<u32>::new(1).try_get(), Err(Empty));
    assert_eq!(full([1]).try_put(2), Err(Full(2)));
}

/// CPython, asyncio: `test_blocking_get_wait` and `test_put_with_waiting_getters`.
#[test]
fn blocking_get_wait() {
    let queue = Queue::new(0);
    let get = waiter(queue.get());
    now(queue.put("a"));
    assert_eq!(now(get), "a");
    assert!(queue.is_empty());
}

/// CPython, asyncio: `test_blocking_put_wait` and `test_get_with_putters`.
#[test]
fn blocking_put_wait() {
    let queue = full([1]);
    let put = waiter(queue.put(2));
    assert_eq!(queue.len(), 1);
    assert_eq!(now(queue.get()), 1);
    now(put);
    assert_eq!(queue.try_get(), Ok(2));
}

/// CPython, asyncio: `test_get_with_waiting_putters`. Two who put, one place, one who gets.
#[test]
fn get_with_waiting_putters() {
    let queue = Queue::new(1);
    let gets = async { [queue.get().await, queue.get().await] };
    let ((), (), got) = current_thread().block_on(future::join3(queue.put("a"), queue.put("b"), gets));
    assert_eq!(got, ["a", "b"]);
}

/// CPython, asyncio: `test_why_are_getters_waiting`. More items than room go from one task to another.
#[test]
fn why_are_getters_waiting() {
    let queue = Arc::new(Queue::new(1));
    let runtime = current_thread();
    let consumer = runtime.spawn({
        let queue = Arc::clone(&queue);
        async move { [queue.get().await, queue.get().await, queue.get().await] }
    });
    let producer = runtime.spawn(async move {
        for item in 0..3 {
            queue.put(item).await;
        }
    });
    assert_eq!(runtime.block_on(consumer).expect("no task panics"), [0, 1, 2]);
    runtime.block_on(producer).expect("no task panics");
}

/// CPython, asyncio: `test_why_are_putters_waiting`. Four who put wait for two places, and two gets let all of
/// them in.
#[test]
fn why_are_putters_waiting() {
    let queue = full([0, 1]);
    let puts = [2, 3].map(|item| waiter(queue.put(item)));
    assert_eq!([queue.try_get(), queue.try_get()], [Ok(0), Ok(1)]);
    puts.into_iter().for_each(now);
    assert_eq!([queue.try_get(), queue.try_get()], [Ok(2), Ok(3)]);
}

/// CPython, asyncio: `test_get_cancelled_race`. The first of two who wait is dropped: the item goes to the second.
#[test]
fn get_cancelled_race() {
    let queue = Queue::new(0);
    let (first, second) = (waiter(queue.get()), waiter(queue.get()));
    drop(first);
    now(queue.put("a"));
    assert_eq!(now(second), "a");
}

/// CPython, asyncio: `test_put_cancelled_race`. Of two who wait for room one is dropped: its item doesn't come, and
/// that of the other does.
#[test]
fn put_cancelled_race() {
    for first_is_dropped in [false, true] {
        let queue = full([0]);
        let (first, second) = (waiter(queue.put(1)), waiter(queue.put(2)));
        let (dropped, kept) = if first_is_dropped { (first, second) } else { (second, first) };
        drop(dropped);
        assert_eq!(queue.try_get(), Ok(0));
        now(kept);
        assert_eq!(queue.try_get(), Ok(if first_is_dropped { 2 } else { 1 }));
        assert_eq!(queue.try_get(), Err(Empty));
    }
}

/// CPython, asyncio: `test_get_cancel_drop_one_pending_reader`. Who waits is dropped when its item is there: the next
/// gets that one, not a later one.
#[test]
fn get_cancel_drop_one_pending_reader() {
    let queue = Queue::new(0);
    let reader = waiter(queue.get());
    assert_eq!(queue.try_put(1), Ok(()));
    assert_eq!(queue.try_put(2), Ok(()));
    drop(reader);
    assert_eq!([now(queue.get()), now(queue.get())], [1, 2]);
}

/// CPython, asyncio: `test_get_cancel_drop_many_pending_readers`. Three wait, two items come, and any one of the three
/// is dropped: the other two get them.
#[test]
fn get_cancel_drop_many_pending_readers() {
    for dropped in 0..3 {
        let queue = Queue::new(0);
        let woken: [Arc<Woken>; 3] = Default::default();
        let mut readers: Vec<_> = woken.iter().map(|woken| waiter_with(woken, queue.get())).collect();
        assert_eq!(queue.try_put(1), Ok(()));
        assert_eq!(queue.try_put(2), Ok(()));
        drop(readers.remove(dropped));
        // Nobody would poll the two if nobody had woken them.
        let woken: Vec<_> = woken.iter().map(|woken| woken.count()).collect();
        assert_eq!(woken, if dropped == 2 { [1, 1, 0] } else { [1, 1, 1] });
        assert_eq!(readers.into_iter().map(now).collect::<Vec<_>>(), [1, 2]);
    }
}

/// CPython, asyncio: `test_put_cancel_drop`, and `test_cancelled_put_silence_value_error_exception`. Who waits for
/// room is dropped when the room is there: the room is free, and its item isn't in.
#[test]
fn put_cancel_drop() {
    let queue = full([1]);
    let writer = waiter(queue.put(2));
    assert_eq!(queue.try_get(), Ok(1));
    drop(writer);
    assert_eq!(queue.len(), 0);
    now(queue.put(3));
    assert_eq!(queue.try_get(), Ok(3));
    assert!(queue.is_empty());
}

/// CPython, asyncio: `test_put_cancelled`. A put that needn't wait is done at its first poll, and not before.
#[test]
fn put_cancelled() {
    let queue = Queue::new(0);
    drop(queue.put(1));
    assert!(queue.is_empty());
    now(queue.put(2));
    assert_eq!(now(queue.get()), 2);
}

/// CPython, asyncio: `test_cancelled_getters_not_being_held_in_self_getters` and
/// `test_cancelled_puts_not_being_held_in_self_putters`. After any number that gave up, the one that waits is the
/// one that is woken.
#[test]
fn who_gave_up_is_not_woken() {
    let queue = full([1]);
    for round in 2..20 {
        let gave_up: [Arc<Woken>; 2] = Default::default();
        for woken in &gave_up {
            drop(waiter_with(woken, queue.put(0)));
        }
        let put = Arc::default();
        let mut waits = waiter_with(&put, queue.put(round));
        assert_eq!(queue.try_get(), Ok(round - 1));
        assert_eq!(gave_up.map(|woken| woken.count()), [0; 2]);
        assert_eq!(put.count(), 1);
        assert!(!still_waits(&mut waits));
    }
    assert_eq!(queue.try_get(), Ok(19));
    let gave_up = Arc::default();
    drop(waiter_with(&gave_up, queue.get()));
    let get = Arc::default();
    let waits = waiter_with(&get, queue.get());
    assert_eq!(queue.try_put(20), Ok(()));
    assert_eq!([gave_up.count(), get.count()], [0, 1]);
    assert_eq!(now(waits), 20);
}

/// CPython, asyncio: `test_task_done_underflow`.
#[test]
fn task_done_underflow() {
    assert_eq!(Queue::<u32>::new(0).task_done(), Err(TooManyDone));
}

/// CPython, asyncio: `test_task_done`. Two workers, as tasks of one thread, do a hundred items while somebody joins.
#[test]
fn task_done() {
    let (queue, sum) = (Arc::new(Queue::new(0)), Arc::new(AtomicUsize::new(0)));
    (0..100).for_each(|item| queue.try_put(item).expect("there is room"));
    let runtime = current_thread();
    let workers = [(); 2].map(|()| {
        let (queue, sum) = (Arc::clone(&queue), Arc::clone(&sum));
        runtime.spawn(async move {
            loop {
                let item = queue.get().await;
                task::yield_now().await;
                sum.fetch_add(item, Ordering::SeqCst);
                queue.task_done().expect("it is done once");
            }
        })
    });
    runtime.block_on(queue.join());
    assert_eq!(sum.load(Ordering::SeqCst), (0..100).sum::<usize>());
    for worker in workers {
        worker.abort();
    }
    assert_eq!(queue.task_done(), Err(TooManyDone));
}

/// Who waits for an item is woken in turn; one that comes again is behind those who waited meanwhile.
#[test]
fn getters_take_turns() {
    let queue = Queue::new(0);
    let woken: [Arc<Woken>; 3] = Default::default();
    let mut getters: Vec<_> = woken.iter().map(|woken| waiter_with(woken, queue.get())).collect();
    for item in 0..9 {
        let turn = item % 3;
        assert_eq!(queue.try_put(item), Ok(()));
        let counts: Vec<_> = woken.iter().map(|woken| woken.count()).collect();
        assert!((0..3).all(|getter| counts[getter] == item / 3 + usize::from(getter <= turn)), "{counts:?}");
        assert_eq!((&mut getters[turn]).now_or_never(), Some(item));
        getters[turn] = waiter_with(&woken[turn], queue.get());
    }
}

/// Who waits for room is woken in turn, so that the items go in in the order in which their puts began.
#[test]
fn putters_keep_their_order() {
    let queue = full([0]);
    let woken: [Arc<Woken>; 4] = Default::default();
    let mut puts: Vec<_> =
        (1..).zip(&woken).map(|(item, woken)| waiter_with(woken, queue.put(item))).collect();
    for item in 0..4 {
        assert_eq!(queue.try_get(), Ok(item));
        let counts: Vec<_> = woken.iter().map(|woken| woken.count()).collect();
        assert_eq!(counts.iter().sum::<usize>(), usize::try_from(item).expect("it is small") + 1);
        now(puts.remove(0));
    }
    assert_eq!(queue.try_get(), Ok(4));
}

/// Who is woken and finds that a newcomer has taken the item waits on, and the next item is its own.
#[test]
fn a_newcomer_overtakes() {
    let queue = Queue::new(1);
    let mut get = waiter(queue.get());
    assert_eq!(queue.try_put(1), Ok(()));
    assert_eq!(queue.try_get(), Ok(1));
    assert!(still_waits(&mut get));
    assert_eq!(queue.try_put(2), Ok(()));
    let mut put = waiter(queue.put(4));
    assert_eq!(now(get), 2);
    assert_eq!(queue.try_put(3), Ok(()));
    assert!(still_waits(&mut put));
    assert_eq!(queue.try_get(), Ok(3));
    now(put);
    assert_eq!(queue.try_get(), Ok(4));
}

/// Each future that waits for an item, dropped after so many polls, before the item comes or after that: the item is
/// there, once, and another who waits is woken for it.
#[test]
fn a_dropped_get_loses_nothing() {
    let runtime = current_thread();
    let _context = runtime.enter();
    for (polls, after) in [0, 1, 2, 5].into_iter().flat_map(|polls| [(polls, false), (polls, true)]) {
        for timed in [false, true] {
            let (queue, woken) = (Queue::new(1), Arc::default());
            let mut dropped =
                if timed { queue.get_timeout(HOUR).map(drop).boxed() } else { queue.get().map(drop).boxed() };
            assert!((0..polls).all(|_| still_waits(&mut dropped)));
            let other = waiter_with(&woken, queue.get_timeout(HOUR));
            if after {
                assert_eq!(queue.try_put(1), Ok(()));
            }
            drop(dropped);
            if !after {
                assert_eq!(queue.try_put(1), Ok(()));
            }
            assert!(queue.is_full());
            assert_eq!(woken.count(), 1);
            assert_eq!(now(other), Ok(1));
            assert_eq!(queue.try_get(), Err(Empty));
            assert_eq!(queue.task_done(), Ok(()));
            assert_eq!(queue.task_done(), Err(TooManyDone));
        }
    }
}

/// The same for room: it is there, once, and the item that was dropped is not in, and not unfinished.
#[test]
fn a_dropped_put_loses_nothing() {
    let runtime = current_thread();
    let _context = runtime.enter();
    for (polls, after) in [0, 1, 2, 5].into_iter().flat_map(|polls| [(polls, false), (polls, true)]) {
        for timed in [false, true] {
            let (queue, woken) = (full([1]), Arc::default());
            let mut dropped =
                if timed { queue.put_timeout(0, HOUR).map(drop).boxed() } else { queue.put(0).boxed() };
            assert!((0..polls).all(|_| still_waits(&mut dropped)));
            let other = waiter_with(&woken, queue.put_timeout(2, HOUR));
            if after {
                assert_eq!(queue.try_get(), Ok(1));
            }
            drop(dropped);
            if !after {
                assert_eq!(queue.try_get(), Ok(1));
            }
            assert!(queue.is_empty());
            assert_eq!(woken.count(), 1);
            assert_eq!(now(other), Ok(()));
            assert_eq!(queue.try_put(3), Err(Full(3)));
            assert_eq!(queue.try_get(), Ok(2));
            assert_eq!([queue.task_done(), queue.task_done()], [Ok(()); 2]);
            assert_eq!(queue.task_done(), Err(TooManyDone));
        }
    }
}

/// The same for the end: others who wait for it are woken.
#[test]
fn a_dropped_join_loses_nothing() {
    let runtime = current_thread();
    let _context = runtime.enter();
    for (polls, after) in [0, 1, 2, 5].into_iter().flat_map(|polls| [(polls, false), (polls, true)]) {
        for timed in [false, true] {
            let queue = full([1]);
            let woken: [Arc<Woken>; 2] = Default::default();
            let mut dropped =
                if timed { queue.join_timeout(HOUR).map(drop).boxed() } else { queue.join().boxed() };
            let one = waiter_with(&woken[0], queue.join());
            assert!((0..polls).all(|_| still_waits(&mut dropped)));
            let other = waiter_with(&woken[1], queue.join_timeout(HOUR).map(|done| assert!(done)));
            if after {
                assert_eq!(queue.task_done(), Ok(()));
            }
            drop(dropped);
            if !after {
                assert_eq!(queue.task_done(), Ok(()));
            }
            assert_eq!(woken.map(|woken| woken.count()), [1; 2]);
            now(one);
            now(other);
            now(queue.join());
        }
    }
}

/// Who waits for all to be done learns it however late it is polled, and a new round doesn't deceive it.
#[test]
fn a_join_is_of_its_own_round() {
    let queue = full([1]);
    let first = waiter(queue.join());
    assert_eq!(queue.task_done(), Ok(()));
    assert_eq!(queue.try_get(), Ok(1));
    now(queue.put(2));
    let mut second = waiter(queue.join());
    now(first);
    assert!(still_waits(&mut second));
    // A notification of the first round, if it came as late as now.
    queue.all_done.notify_waiters();
    assert!(still_waits(&mut second));
    assert_eq!(queue.task_done(), Ok(()));
    now(second);
}

/// Two look and find nothing, and two notifications come before either of them waits: a notification is remembered only
/// once if nobody stands in line, so both must.
#[test]
fn who_looks_stands_in_line() {
    let changed = Notify::new();
    let (mut looks, mut others_looks) = (0, 0);
    let mut other = retry(&changed, || {
        others_looks += 1;
        if others_looks == 2 {
            changed.notify_one();
            changed.notify_one();
        }
        (others_looks > 2).then_some(())
    })
    .boxed();
    now(retry(&changed, || {
        looks += 1;
        if looks == 2 {
            now(&mut other);
        }
        (looks > 2).then_some(())
    }));
}

/// Whoever is polled without a reason goes on waiting, and is woken where it was polled last.
#[test]
fn a_stray_wakeup_ends_nothing() {
    let queue = Queue::new(0);
    let wakers: [Arc<Woken>; 3] = Default::default();
    let mut get = queue.get().boxed();
    for woken in &wakers {
        poll_with(woken, &mut get);
    }
    queue.not_empty.notify_one();
    assert_eq!(wakers.map(|woken| woken.count()), [0, 0, 1]);
    for _ in 0..3 {
        assert!(still_waits(&mut get));
        queue.not_empty.notify_one();
    }
    assert_eq!(queue.try_put(1), Ok(()));
    assert_eq!(now(get), 1);
}

/// Stray polls and notifications prolong no timeout: they go on until the waiter has given up, and that it does is the
/// test.
#[test]
fn a_stray_wakeup_restarts_no_timeout() {
    let runtime = Runtime::new().expect("room for a runtime");
    let _context = runtime.enter();
    let (empty, full) = (Queue::<u32>::new(1), full([1]));
    let waits: [BoxFuture<'_, bool>; 3] = [
        empty.get_timeout(SHORT).map(|got| got == Err(Empty)).boxed(),
        full.put_timeout(2, SHORT).map(|put| put == Err(Full(2))).boxed(),
        full.join_timeout(SHORT).map(|done| !done).boxed(),
    ];
    for mut waits in waits {
        let start = Instant::now();
        let gave_up = loop {
            if let Some(gave_up) = (&mut waits).now_or_never() {
                break gave_up;
            }
            empty.not_empty.notify_one();
            full.not_full.notify_one();
            full.all_done.notify_waiters();
            thread::yield_now();
        };
        assert!(gave_up);
        assert!(start.elapsed() >= SHORT, "a stray poll ended the wait");
    }
}

/// Whoever waits for no time at all has its answer at the first poll; there isn't even a runtime here.
#[test]
fn a_timeout_of_zero_needs_no_timer() {
    let queue = Queue::new(1);
    assert_eq!(now(queue.get_timeout(Duration::ZERO)), Err(Empty));
    assert!(now(queue.join_timeout(Duration::ZERO)));
    assert_eq!(now(queue.put_timeout(1, Duration::ZERO)), Ok(()));
    assert_eq!(now(queue.put_timeout(2, Duration::ZERO)), Err(Full(2)));
    assert!(!now(queue.join_timeout(Duration::ZERO)));
    assert_eq!(now(queue.get_timeout(Duration::ZERO)), Ok(1));
}

/// What wakes may run anything, also what uses the queue: its state is free by then.
#[test]
fn nobody_is_woken_with_the_state_locked() {
    /// Notes whether the state was free each time.
    struct Looks(Queue<u32>, AtomicUsize, AtomicBool);

    impl Wake for Looks {
        fn wake(self: Arc<Self>) {
            self.1.fetch_add(1, Ordering::SeqCst);
            self.2.fetch_and(self.0.state.try_lock().is_ok(), Ordering::SeqCst);
        }
    }

    let looks = Arc::new(Looks(Queue::new(1), AtomicUsize::new(0), AtomicBool::new(true)));
    let (queue, waker) = (&looks.0, Waker::from(Arc::clone(&looks)));
    let poll = |future: &mut BoxFuture<'_, ()>| {
        assert!(future.poll_unpin(&mut Context::from_waker(&waker)).is_pending());
    };
    let (mut dropped, mut get) = (queue.get().map(drop).boxed(), queue.get().map(drop).boxed());
    poll(&mut dropped);
    poll(&mut get);
    assert_eq!(queue.try_put(1), Ok(()));
    drop(dropped);
    now(get);
    assert_eq!(queue.try_put(2), Ok(()));
    let (mut dropped, mut put) = (queue.put(3).boxed(), queue.put(4).boxed());
    poll(&mut dropped);
    poll(&mut put);
    assert_eq!(queue.try_get(), Ok(2));
    drop(dropped);
    now(put);
    let mut join = queue.join().boxed();
    poll(&mut join);
    assert_eq!([(); 3].map(|()| queue.task_done()), [Ok(()); 3]);
    now(join);
    assert_eq!(looks.1.load(Ordering::SeqCst), 5, "four of them, and one more for the join");
    assert!(looks.2.load(Ordering::SeqCst), "the state was locked");
}

/// One who waits for an item is aborted while the item is put: either it has got it, or the item is there.
#[test]
fn an_aborted_get_takes_no_item_away() {
    let (runtime, queue) = (Runtime::new().expect("room for a runtime"), Arc::new(Queue::new(1)));
    for round in 0..200 {
        let get = abortable(&runtime, &queue, |queue| async move { queue.get().await }.boxed());
        // Two wait: the notification of the one that dies is for the other.
        let next = abortable(&runtime, &queue, |queue| async move { queue.get().await }.boxed());
        thread::scope(|scope| {
            scope.spawn(|| queue.try_put(round).expect("there is room"));
            // The new thread needs its time: from round to round the abort comes later.
            (0..round % 50 * 100).for_each(|_| hint::spin_loop());
            get.abort();
        });
        match runtime.block_on(get) {
            Ok(got) => {
                assert_eq!(got, round);
                queue.try_put(round).expect("there is room");
            }
            Err(aborted) => assert!(aborted.is_cancelled()),
        }
        assert_eq!(runtime.block_on(next).expect("it is not aborted"), round);
        assert!(queue.is_empty());
    }
}

/// One who waits for room is aborted while there comes some: either its item is in, or the room is there.
#[test]
fn an_aborted_put_takes_no_room_away() {
    let (runtime, queue) = (Runtime::new().expect("room for a runtime"), Arc::new(full([0])));
    for round in 0..200 {
        let put = abortable(&runtime, &queue, |queue| async move { queue.put(1).await }.boxed());
        let next = abortable(&runtime, &queue, |queue| async move { queue.put(2).await }.boxed());
        thread::scope(|scope| {
            scope.spawn(|| queue.try_get().expect("there is an item"));
            (0..round % 50 * 100).for_each(|_| hint::spin_loop());
            put.abort();
        });
        if runtime.block_on(put).is_ok() {
            assert_eq!(runtime.block_on(queue.get()), 1);
        }
        runtime.block_on(next).expect("it is not aborted");
        assert_eq!(queue.len(), 1);
    }
}

/// Many tasks put and get on a few threads, and half of them are aborted at some moment: what went in is what came out
/// and what is left, and those who are not aborted end.
#[test]
fn aborts_lose_nothing() {
    const TASKS: usize = 40;
    let (runtime, queue) = (Runtime::new().expect("room for a runtime"), Arc::new(Queue::new(2)));
    let (put, got) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    for round in 0..20 {
        let tasks: Vec<_> = (0..TASKS)
            .map(|number| {
                let (queue, put, got) = (Arc::clone(&queue), Arc::clone(&put), Arc::clone(&got));
                runtime.spawn(async move {
                    if number % 2 == 0 {
                        // No await in between: an abort can't fall there.
                        queue.put(()).await;
                        put.fetch_add(1, Ordering::SeqCst);
                    } else {
                        queue.get().await;
                        got.fetch_add(1, Ordering::SeqCst);
                    }
                })
            })
            .collect();
        (0..round * 100).for_each(|_| hint::spin_loop());
        let (aborted, kept): (Vec<_>, Vec<_>) =
            tasks.into_iter().enumerate().partition(|(number, _)| number % 4 < 2);
        for (_, task) in &aborted {
            task.abort();
        }
        for (_, task) in aborted {
            // It may have been done before.
            let _ = runtime.block_on(task);
        }
        // Whoever still waits is served from here.
        until("all have ended", || {
            if let Ok(()) = queue.try_get() {
                got.fetch_add(1, Ordering::SeqCst);
            } else if queue.try_put(()).is_ok() {
                put.fetch_add(1, Ordering::SeqCst);
            }
            kept.iter().all(|(_, task)| task.is_finished())
        });
        assert_eq!(queue.len(), put.load(Ordering::SeqCst) - got.load(Ordering::SeqCst));
    }
}

/// A task that makes this call, which has been polled once when this returns.
fn abortable<R: Send + 'static>(
    runtime: &Runtime,
    queue: &Arc<Queue<u32>>,
    call: fn(Arc<Queue<u32>>) -> BoxFuture<'static, R>,
) -> task::JoinHandle<R> {
    let waits = Arc::new(AtomicBool::new(false));
    let task = runtime.spawn({
        let (mut call, waits) = (call(Arc::clone(queue)), Arc::clone(&waits));
        future::poll_fn(move |context| {
            let polled = call.poll_unpin(context);
            waits.store(true, Ordering::SeqCst);
            polled
        })
    });
    until("it waits", || waits.load(Ordering::SeqCst));
    task
}

fn current_thread() -> Runtime {
    runtime::Builder::new_current_thread().enable_time().build().expect("room for a runtime")
}
