//! A barrier of tasks, held to what it must survive.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use futures::FutureExt as _;
use futures::future::BoxFuture;
use shared::conformance::barrier::assert_passed;
use shared::conformance::polled::{Woken, poll_with};
use shared::conformance::{self, Driven, SHORT};
use tokio::runtime::{self, Runtime};

use super::{Barrier, BrokenBarrier};

#[derive(Debug)]
struct Subject(Driven<Barrier>);

impl conformance::barrier::Barrier for Subject {
    fn new(parties: usize) -> Self {
        Self(Driven::new(Barrier::new(parties)))
    }

    fn with_action(parties: usize, action: impl Fn() + Send + Sync + 'static) -> Self {
        Self(Driven::new(Barrier::new(parties).with_action(action)))
    }

    fn with_timeout(parties: usize, timeout: Duration) -> Self {
        Self(Driven::new(Barrier::new(parties).with_timeout(timeout)))
    }

    fn wait(&self) -> Result<usize, BrokenBarrier> {
        self.0.drive(Barrier::wait)
    }

    fn wait_timeout(&self, timeout: Duration) -> Result<usize, BrokenBarrier> {
        self.0.drive(|barrier| barrier.wait_timeout(timeout))
    }

    fn reset(&self) {
        self.0.primitive().reset();
    }

    fn abort(&self) {
        self.0.primitive().abort();
    }

    fn is_broken(&self) -> bool {
        self.0.primitive().is_broken()
    }

    fn n_waiting(&self) -> usize {
        self.0.primitive().n_waiting()
    }

    fn parties(&self) -> usize {
        self.0.primitive().parties()
    }
}

shared::barrier_conformance!(Subject);

/// How a round ended for one.
type Passage = Result<usize, BrokenBarrier>;

/// What ends a round.
type End = fn(&Barrier);

/// One more that waits, polled once.
fn waiter(barrier: &Barrier) -> BoxFuture<'_, Passage> {
    let waiting = barrier.n_waiting();
    let mut waiter = barrier.wait().boxed();
    assert_eq!((&mut waiter).now_or_never(), None);
    assert_eq!(barrier.n_waiting(), waiting + 1);
    waiter
}

/// So many more that wait.
fn waiters(barrier: &Barrier, count: usize) -> Vec<BoxFuture<'_, Passage>> {
    (0..count).map(|_| waiter(barrier)).collect()
}

/// What somebody gets whose round is over, or who needn't wait.
fn now(waiter: impl Future<Output = Passage>) -> Passage {
    waiter.now_or_never().expect("the round is over")
}

/// What all of these get.
fn all_now(waiters: Vec<BoxFuture<'_, Passage>>) -> Vec<Passage> {
    waiters.into_iter().map(now).collect()
}

/// CPython, asyncio: `test_filling_one_task_twice`. Who needs nobody else is through at the first poll.
#[test]
fn filling_one_task_twice() {
    let barrier = Barrier::new(1);
    for _ in 0..2 {
        assert_eq!(barrier.wait().now_or_never(), Some(Ok(0)));
        assert_eq!(barrier.n_waiting(), 0);
    }
    assert!(!barrier.is_broken());
}

/// CPython, asyncio: `test_filling_task_by_task`. Nobody is counted before the first poll.
#[test]
fn filling_task_by_task() {
    let barrier = Barrier::new(3);
    let third = barrier.wait();
    assert_eq!(barrier.n_waiting(), 0);
    let mut two = waiters(&barrier, 2);
    assert!(two.iter_mut().all(|waiter| waiter.now_or_never().is_none()), "one is missing");
    assert_eq!(barrier.n_waiting(), 2);
    assert_eq!(now(third), Ok(0), "the last goes on first");
    assert_eq!(all_now(two), [Ok(1), Ok(2)]);
    assert_eq!(barrier.n_waiting(), 0);
    assert!(!barrier.is_broken());
}

/// CPython, asyncio: `test_filling_tasks_wait_twice` and `test_filling_tasks_check_return_value`, with
/// tasks that share one thread.
#[test]
fn filling_tasks_wait_twice() {
    const PARTIES: usize = 5;
    let runtime = runtime::Builder::new_current_thread().build().expect("room for a runtime");
    let barrier = Arc::new(Barrier::new(PARTIES));
    let spawn = |_| {
        let barrier = Arc::clone(&barrier);
        runtime.spawn(async move { (barrier.wait().await, barrier.wait().await) })
    };
    let tasks: Vec<_> = (0..PARTIES).map(spawn).collect();
    let passages = tasks.into_iter().map(|task| runtime.block_on(task).expect("no task panics"));
    let (first, second): (Vec<_>, Vec<_>) = passages.unzip();
    assert_passed(first);
    assert_passed(second);
    assert_eq!(barrier.n_waiting(), 0);
    assert!(!barrier.is_broken());
}

/// CPython, asyncio: `test_draining_state` and `test_blocking_tasks_while_draining`. There, whoever comes
/// while a round is left waits for the last to leave. Here there is no such state: a newcomer belongs to
/// the next round at once, and that one can pass while some have not yet left the first.
#[test]
fn newcomers_while_a_round_is_left() {
    let barrier = Barrier::new(3);
    let first = waiters(&barrier, 2);
    assert_eq!(now(barrier.wait()), Ok(0));
    let second = waiters(&barrier, 2);
    assert_eq!(now(barrier.wait()), Ok(0));
    let third = waiter(&barrier);
    assert_eq!(all_now(second), [Ok(1), Ok(2)]);
    assert_eq!(all_now(first), [Ok(1), Ok(2)]);
    assert_eq!(third.now_or_never(), None, "it waits for its own round");
}

/// CPython, asyncio: `test_reset_barrier`. There is nobody to get an error.
#[test]
fn reset_barrier() {
    let barrier = Barrier::new(1);
    barrier.reset();
    assert_eq!(barrier.n_waiting(), 0);
    assert!(!barrier.is_broken());
    assert_eq!(now(barrier.wait()), Ok(0));
}

/// CPython, asyncio: `test_reset_barrier_while_tasks_waiting`.
#[test]
fn reset_barrier_while_tasks_waiting() {
    let barrier = Barrier::new(5);
    let four = waiters(&barrier, 4);
    barrier.reset();
    assert_eq!(barrier.n_waiting(), 0);
    assert_eq!(all_now(four), [Err(BrokenBarrier); 4]);
    assert!(!barrier.is_broken());
}

/// CPython, asyncio: `test_reset_barrier_while_tasks_waiting_and_waiting_again`. It makes no difference
/// whether the others have had their errors when the first waits again.
#[test]
fn reset_barrier_while_tasks_waiting_and_waiting_again() {
    let barrier = Barrier::new(5);
    let four = waiters(&barrier, 4);
    barrier.reset();
    let again: Vec<_> = four
        .into_iter()
        .map(|waiter_before| {
            assert_eq!(now(waiter_before), Err(BrokenBarrier));
            waiter(&barrier)
        })
        .collect();
    let fifth = now(barrier.wait());
    assert_passed(all_now(again).into_iter().chain([fifth]));
    assert_eq!(barrier.n_waiting(), 0);
    assert!(!barrier.is_broken());
}

/// CPython, asyncio: `test_reset_barrier_when_tasks_half_draining`, `..._half_draining_half_blocking` and
/// `test_reset_barrier_while_tasks_draining`. There, a reset takes the success from those who have not
/// yet left the round that passed, and newcomers don't notice. Here a round that passed has passed, and
/// only those who wait in the next one get an error.
#[test]
fn reset_barrier_when_tasks_half_left() {
    let barrier = Barrier::new(5);
    let mut slow = waiters(&barrier, 4);
    assert_eq!(now(barrier.wait()), Ok(0));
    assert_eq!(now(slow.remove(0)), Ok(1));
    let next = waiters(&barrier, 2);
    barrier.reset();
    assert_eq!(barrier.n_waiting(), 0);
    assert!(!barrier.is_broken());
    assert_eq!(all_now(next), [Err(BrokenBarrier); 2]);
    assert_eq!(all_now(slow), [Ok(2), Ok(3), Ok(4)]);
    let next = waiters(&barrier, 4);
    let last = now(barrier.wait());
    assert_passed(all_now(next).into_iter().chain([last]));
}

/// CPython, asyncio: `test_abort_barrier`. There is nobody to get an error, but whoever comes gets one.
#[test]
fn abort_barrier() {
    let barrier = Barrier::new(1);
    barrier.abort();
    assert_eq!(barrier.n_waiting(), 0);
    assert!(barrier.is_broken());
    assert_eq!(now(barrier.wait()), Err(BrokenBarrier));
}

/// CPython, asyncio: `test_abort_barrier_when_tasks_half_draining_half_blocking`. As with the reset,
/// except that the barrier stays broken.
#[test]
fn abort_barrier_when_tasks_half_left() {
    let barrier = Barrier::new(5);
    let mut slow = waiters(&barrier, 4);
    assert_eq!(now(barrier.wait()), Ok(0));
    assert_eq!(now(slow.remove(0)), Ok(1));
    let next = waiters(&barrier, 2);
    barrier.abort();
    assert_eq!(barrier.n_waiting(), 0);
    assert!(barrier.is_broken());
    assert_eq!(now(barrier.wait()), Err(BrokenBarrier));
    assert_eq!(all_now(next), [Err(BrokenBarrier); 2]);
    assert_eq!(all_now(slow), [Ok(2), Ok(3), Ok(4)]);
}

/// Whoever is polled late learns how its own round ended, not how the next did.
#[test]
fn a_slow_waiter_learns_how_its_own_round_ended() {
    let barrier = Barrier::new(2);
    let of_the_reset = waiter(&barrier);
    barrier.reset();
    let of_the_passed = waiter(&barrier);
    assert_eq!(now(barrier.wait()), Ok(0));
    let of_the_broken = waiter(&barrier);
    barrier.abort();
    barrier.reset();
    let of_the_last = waiter(&barrier);
    assert_eq!(now(barrier.wait()), Ok(0));
    assert_eq!(now(of_the_reset), Err(BrokenBarrier));
    assert_eq!(now(of_the_passed), Ok(1));
    assert_eq!(now(of_the_broken), Err(BrokenBarrier));
    assert_eq!(now(of_the_last), Ok(1));
}

/// Whoever is polled without a reason goes on waiting, is counted once, and is woken where it was polled
/// last.
#[test]
fn a_stray_wakeup_ends_nothing() {
    let barrier = Barrier::new(2);
    let wakers: [Arc<Woken>; 3] = Default::default();
    let mut one = barrier.wait().boxed();
    for woken in &wakers {
        poll_with(woken, &mut one);
        assert_eq!(barrier.n_waiting(), 1);
    }
    assert_eq!(now(barrier.wait()), Ok(0));
    assert_eq!(wakers.map(|woken| woken.count()), [0, 0, 1]);
    assert_eq!(now(one), Ok(1));
}

/// Stray polls go on until the waiter has given up: that it does is the test, and not before its time.
#[test]
fn a_stray_wakeup_restarts_no_timeout() {
    let runtime = Runtime::new().expect("room for a runtime");
    let _context = runtime.enter();
    let barrier = Barrier::new(2);
    let mut one = barrier.wait_timeout(SHORT).boxed();
    let start = Instant::now();
    let passage = loop {
        if let Some(passage) = (&mut one).now_or_never() {
            break passage;
        }
        thread::yield_now();
    };
    assert!(start.elapsed() >= SHORT);
    assert_eq!(passage, Err(BrokenBarrier));
    assert!(barrier.is_broken());
}

/// Whoever waits for no time at all has its answer at the first poll; there isn't even a runtime here.
#[test]
fn a_timeout_of_zero_needs_no_timer() {
    let barrier = Barrier::new(2);
    let one = waiter(&barrier);
    assert_eq!(barrier.wait_timeout(Duration::ZERO).now_or_never(), Some(Ok(0)));
    assert_eq!(now(one), Ok(1));
    assert_eq!(barrier.wait_timeout(Duration::ZERO).now_or_never(), Some(Err(BrokenBarrier)));
    assert!(barrier.is_broken());
}

/// CPython, asyncio: `test_filling_tasks_cancel_one`. The cancelled one is not counted any more; another
/// comes in its place.
#[test]
fn filling_tasks_cancel_one() {
    let barrier = Barrier::new(3);
    let (first, second) = (waiter(&barrier), waiter(&barrier));
    drop(first);
    assert_eq!(barrier.n_waiting(), 1);
    let third = waiter(&barrier);
    assert_eq!(barrier.n_waiting(), 2);
    let fourth = now(barrier.wait());
    assert_passed([now(second), now(third), fourth]);
    assert_eq!(barrier.n_waiting(), 0);
    assert!(!barrier.is_broken());
}

/// Whichever of the waiters is dropped, after however many polls: it is as if it had never come.
#[test]
fn dropped_after_any_number_of_polls() {
    const PARTIES: usize = 4;
    let runtime = Runtime::new().expect("room for a runtime");
    let _context = runtime.enter();
    let barrier = Barrier::new(PARTIES);
    for polls in 0..4 {
        for before in 0..=PARTIES - 2 {
            for mut dropped in [barrier.wait().boxed(), barrier.wait_timeout(Duration::from_hours(1)).boxed()]
            {
                let mut others = waiters(&barrier, before);
                for _ in 0..polls {
                    assert_eq!((&mut dropped).now_or_never(), None);
                }
                others.extend(waiters(&barrier, PARTIES - 2 - before));
                assert_eq!(barrier.n_waiting(), PARTIES - 2 + usize::from(polls > 0));
                drop(dropped);
                assert_eq!(barrier.n_waiting(), PARTIES - 2);
                others.push(waiter(&barrier));
                let last = now(barrier.wait());
                assert_passed(all_now(others).into_iter().chain([last]));
                assert_eq!(barrier.n_waiting(), 0);
            }
        }
    }
}

/// All who wait are dropped, one after another in any order: the barrier is as new.
#[test]
fn all_are_dropped() {
    let barrier = Barrier::new(4);
    for order in [[0, 0, 0], [1, 0, 0], [2, 0, 0], [0, 1, 0], [1, 1, 0], [2, 1, 0]] {
        let mut three = waiters(&barrier, 3);
        for (left, index) in (0..3).rev().zip(order) {
            drop(three.remove(index));
            assert_eq!(barrier.n_waiting(), left);
        }
        let three = waiters(&barrier, 3);
        let last = now(barrier.wait());
        assert_passed(all_now(three).into_iter().chain([last]));
    }
}

/// A waiter is dropped when its round is over but it hasn't been polled since. The next round doesn't
/// lose a party by that, and those of its own still learn how it ended.
#[test]
fn dropped_when_its_round_is_over() {
    let pass = |barrier: &Barrier| assert_eq!(now(barrier.wait()), Ok(0));
    let abort_and_reset = |barrier: &Barrier| {
        barrier.abort();
        barrier.reset();
    };
    let ends: [(End, [Passage; 2]); 3] = [
        (pass, [Ok(1), Ok(2)]),
        (Barrier::reset, [Err(BrokenBarrier); 2]),
        (abort_and_reset, [Err(BrokenBarrier); 2]),
    ];
    for (end, outcomes) in ends {
        for index in 0..3 {
            let barrier = Barrier::new(4);
            let mut three = waiters(&barrier, 3);
            end(&barrier);
            let mut next = waiters(&barrier, 2);
            drop(three.remove(index));
            assert_eq!(barrier.n_waiting(), 2);
            assert_eq!(all_now(three), outcomes);
            next.push(waiter(&barrier));
            let last = now(barrier.wait());
            assert_passed(all_now(next).into_iter().chain([last]));
        }
    }
}

/// One is dropped while another arrives: either both are of a round that passed, or the other waits for a
/// third.
#[test]
fn dropped_while_the_last_arrives() {
    const TIMES: usize = 500;
    let barrier = Barrier::new(2);
    for _ in 0..TIMES {
        let dropped = waiter(&barrier);
        let mut other = barrier.wait().boxed();
        let start = std::sync::Barrier::new(2);
        let passage = thread::scope(|scope| {
            scope.spawn(|| {
                start.wait();
                drop(dropped);
            });
            start.wait();
            (&mut other).now_or_never()
        });
        if let Some(passage) = passage {
            assert_eq!(passage, Ok(0));
        } else {
            assert_eq!(barrier.n_waiting(), 1);
            assert_eq!(now(barrier.wait()), Ok(0));
            assert_eq!(now(other), Ok(1));
        }
        assert_eq!(barrier.n_waiting(), 0);
    }
}
