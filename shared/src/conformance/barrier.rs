//! What a barrier must survive: CPython's `BarrierTests`, and more.

use std::fmt::Debug;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::{PATIENCE, SHORT, bunch, join, panics, until};
use crate::misuse::BrokenBarrier;

/// How many meet in most of the tests.
const PARTIES: usize = 5;

/// A barrier, whoever waits at it.
pub trait Barrier: Debug + Send + Sync + 'static {
    /// For so many parties.
    fn new(parties: usize) -> Self;
    /// With something that the last to arrive does.
    fn with_action(parties: usize, action: impl Fn() + Send + Sync + 'static) -> Self;
    /// At which everybody waits for at most so long.
    fn with_timeout(parties: usize, timeout: Duration) -> Self;
    /// Waits until all are there.
    ///
    /// # Errors
    /// If it is broken, or breaks meanwhile.
    fn wait(&self) -> Result<usize, BrokenBarrier>;
    /// Waits for at most so long.
    ///
    /// # Errors
    /// As [`wait`](Self::wait), and if the time is over.
    fn wait_timeout(&self, timeout: Duration) -> Result<usize, BrokenBarrier>;
    /// Gives whoever waits an error, and begins anew.
    fn reset(&self);
    /// Breaks it.
    fn abort(&self);
    /// Whether it is broken.
    fn is_broken(&self) -> bool;
    /// How many wait.
    fn n_waiting(&self) -> usize;
    /// How many it takes to pass.
    fn parties(&self) -> usize;
}

/// Makes the tests of a barrier.
#[macro_export]
macro_rules! barrier_conformance {
    ($barrier:ty) => {
        $crate::conformance_tests!(barrier, $barrier:
            barrier, barrier_10, wait_return, action, abort, reset, abort_and_reset, timeout, default_timeout,
            single_thread, repr,
            #[should_panic(expected = "a barrier needs at least one party")] no_party,
            counts, nobody_laps, what_passed_stays_passed, what_broke_stays_broken,
            a_broken_barrier_refuses_newcomers, a_panic_in_the_action_breaks_it, a_timeout_of_zero,
            the_longest_timeout, an_own_timeout_goes_before_the_default, a_waiter_with_a_timeout_passes,
            resets_in_between, stress,
        );
    };
}

/// So many threads more that wait, and are known to.
fn waiters<B: Barrier>(barrier: &Arc<B>, count: usize) -> Vec<JoinHandle<Result<usize, BrokenBarrier>>> {
    let all = barrier.n_waiting() + count;
    let waiters = bunch(count, {
        let barrier = Arc::clone(barrier);
        move |_| barrier.wait()
    });
    until("all wait", || barrier.n_waiting() == all);
    waiters
}

/// These are all parties of one round that passed: each has a number of its own, from 0 up.
#[track_caller]
pub fn assert_passed(results: impl IntoIterator<Item = Result<usize, BrokenBarrier>>) {
    let mut numbers: Vec<_> = results.into_iter().map(|result| result.expect("the round passed")).collect();
    numbers.sort_unstable();
    assert!(numbers.iter().copied().eq(0..numbers.len()), "{numbers:?}");
}

/// A way to end the round when all but one wait, and whether it passes by that.
type End<B> = (fn(&B), bool);

/// All such ways; the last of them breaks the barrier.
fn ends<B: Barrier>() -> [End<B>; 3] {
    [(B::reset, false), (|barrier| assert!(barrier.wait().is_ok()), true), (B::abort, false)]
}

/// CPython: `test_barrier`. Nobody goes on before all are there.
pub fn barrier<B: Barrier>() {
    lockstep::<B>(1);
}

/// CPython: `test_barrier_10`. As often as one likes.
pub fn barrier_10<B: Barrier>() {
    lockstep::<B>(10);
}

fn lockstep<B: Barrier>(rounds: usize) {
    // Its patience ends, so that one thread that fails leaves no others behind.
    let barrier = Arc::new(B::with_timeout(PARTIES, PATIENCE));
    let (before, after) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let steps = bunch(PARTIES, {
        let barrier = Arc::clone(&barrier);
        move |_| {
            for round in 0..rounds {
                before.fetch_add(1, Ordering::SeqCst);
                assert_eq!(after.load(Ordering::SeqCst), round * PARTIES);
                barrier.wait().expect("nobody breaks it");
                after.fetch_add(1, Ordering::SeqCst);
                assert_eq!(before.load(Ordering::SeqCst), (round + 1) * PARTIES);
                barrier.wait().expect("nobody breaks it");
            }
        }
    });
    join(steps);
    assert_eq!(barrier.n_waiting(), 0);
    assert!(!barrier.is_broken());
}

/// CPython: `test_wait_return`; asyncio: `test_context_manager`. Each number from 0 up once, so one leader.
pub fn wait_return<B: Barrier>() {
    let barrier = Arc::new(B::new(PARTIES));
    assert_passed(join(bunch(PARTIES, move |_| barrier.wait())));
}

/// CPython: `test_action`. Done once in each round, when all are there and nobody has gone on.
pub fn action<B: Barrier>() {
    const ROUNDS: usize = 10;
    let (passed, seen) = (Arc::new(AtomicUsize::new(0)), Arc::new(Mutex::new(Vec::new())));
    let look = {
        let (passed, seen) = (Arc::clone(&passed), Arc::clone(&seen));
        move || seen.lock().expect("nobody panics with it").push(passed.load(Ordering::SeqCst))
    };
    let barrier = Arc::new(B::with_action(PARTIES, look));
    let counts = join(bunch(PARTIES, {
        let seen = Arc::clone(&seen);
        move |_| {
            let pass = |_| {
                barrier.wait().expect("nobody breaks it");
                let count = seen.lock().expect("nobody panics with it").len();
                passed.fetch_add(1, Ordering::SeqCst);
                count
            };
            (0..ROUNDS).map(pass).collect::<Vec<_>>()
        }
    }));
    assert_eq!(counts, vec![(1..=ROUNDS).collect::<Vec<_>>(); PARTIES]);
    let all_of_the_rounds_before: Vec<_> = (0..ROUNDS).map(|round| round * PARTIES).collect();
    assert_eq!(*seen.lock().expect("nobody panics with it"), all_of_the_rounds_before);
}

/// CPython: `test_abort`; asyncio: `test_abort_barrier_when_exception`. One breaks it instead of coming
/// again.
pub fn abort<B: Barrier>() {
    let barrier = Arc::new(B::new(PARTIES));
    let second_round = join(bunch(PARTIES, {
        let barrier = Arc::clone(&barrier);
        move |_| pass_or_abort(&*barrier)
    }));
    assert_eq!(second_round.iter().flatten().collect::<Vec<_>>(), [&Err(BrokenBarrier); PARTIES - 1]);
    assert!(barrier.is_broken());
    assert_eq!(barrier.n_waiting(), 0);
}

/// How the second round ended; one aborts it instead.
fn pass_or_abort<B: Barrier>(barrier: &B) -> Option<Result<usize, BrokenBarrier>> {
    if barrier.wait().expect("nobody breaks the first round") == PARTIES / 2 {
        barrier.abort();
        return None;
    }
    Some(barrier.wait())
}

/// CPython: `test_reset`. Whoever waits gets an error, and all can meet again.
pub fn reset<B: Barrier>() {
    let barrier = Arc::new(B::new(PARTIES));
    let rounds = join(bunch(PARTIES, {
        let barrier = Arc::clone(&barrier);
        move |_| {
            let second = if barrier.wait().expect("nobody breaks the first round") == PARTIES / 2 {
                until("all others wait", || barrier.n_waiting() == PARTIES - 1);
                barrier.reset();
                None
            } else {
                Some(barrier.wait())
            };
            (second, barrier.wait())
        }
    }));
    let (second, third): (Vec<_>, Vec<_>) = rounds.into_iter().unzip();
    assert_eq!(second.iter().flatten().collect::<Vec<_>>(), [&Err(BrokenBarrier); PARTIES - 1]);
    assert_passed(third);
    assert!(!barrier.is_broken());
}

/// CPython: `test_abort_and_reset`; asyncio: `test_abort_barrier_when_exception_then_resetting`. A broken
/// barrier is whole again after a reset.
pub fn abort_and_reset<B: Barrier>() {
    let (barrier, other) = (Arc::new(B::new(PARTIES)), Arc::new(B::new(PARTIES)));
    let rounds = join(bunch(PARTIES, {
        let barrier = Arc::clone(&barrier);
        move |_| {
            let second = pass_or_abort(&*barrier);
            // All have seen that it is broken before it is reset, and nobody comes before that.
            if other.wait().expect("nobody breaks the other one") == PARTIES / 2 {
                barrier.reset();
            }
            other.wait().expect("nobody breaks the other one");
            (second, barrier.wait())
        }
    }));
    let (second, third): (Vec<_>, Vec<_>) = rounds.into_iter().unzip();
    assert_eq!(second.iter().flatten().collect::<Vec<_>>(), [&Err(BrokenBarrier); PARTIES - 1]);
    assert_passed(third);
    assert!(!barrier.is_broken());
}

/// CPython: `test_timeout`. One never comes, one has waited for long enough: it breaks for all, and for the
/// late.
pub fn timeout<B: Barrier>() {
    let barrier = Arc::new(B::new(PARTIES));
    let patient = waiters(&barrier, PARTIES - 2);
    let start = Instant::now();
    assert_eq!(barrier.wait_timeout(SHORT), Err(BrokenBarrier));
    let waited = start.elapsed();
    assert!(waited >= SHORT, "{waited:?}");
    assert_eq!(join(patient), [Err(BrokenBarrier); PARTIES - 2]);
    assert!(barrier.is_broken());
    assert_eq!(barrier.n_waiting(), 0);
    assert_eq!(barrier.wait(), Err(BrokenBarrier));

    let barrier = Arc::new(B::new(PARTIES));
    let other = Arc::clone(&barrier);
    let all_too_few = join(bunch(PARTIES - 1, move |_| other.wait_timeout(SHORT)));
    assert_eq!(all_too_few, [Err(BrokenBarrier); PARTIES - 1]);
    assert!(barrier.is_broken());
}

/// CPython: `test_default_timeout`.
pub fn default_timeout<B: Barrier>() {
    let barrier = B::with_timeout(2, SHORT);
    let start = Instant::now();
    assert_eq!(barrier.wait(), Err(BrokenBarrier));
    let waited = start.elapsed();
    assert!(waited >= SHORT, "{waited:?}");
    assert!(barrier.is_broken());
}

/// CPython: `test_single_thread`; asyncio: `test_filling_one_task`. Who needs nobody else doesn't wait.
pub fn single_thread<B: Barrier>() {
    let barrier = B::new(1);
    assert_eq!(barrier.wait(), Ok(0));
    assert_eq!(barrier.wait(), Ok(0));
    assert_eq!(barrier.n_waiting(), 0);
}

/// CPython: `test_repr`; asyncio: `test_repr`, whose *draining* and *resetting* are no states here: a round
/// that is over isn't the barrier's any more.
pub fn repr<B: Barrier>() {
    let shows = |barrier: &B, waiting: usize, broken: bool| {
        let shown = format!("{barrier:?}");
        for part in ["parties: 3".into(), format!("n_waiting: {waiting}"), format!("broken: {broken}")] {
            assert!(shown.contains(&part), "{part} in {shown}");
        }
    };
    let barrier = Arc::new(B::new(3));
    shows(&barrier, 0, false);
    let two = waiters(&barrier, 2);
    shows(&barrier, 2, false);
    barrier.wait().expect("nobody breaks it");
    shows(&barrier, 0, false);
    join(two);
    barrier.abort();
    shows(&barrier, 0, true);
    barrier.reset();
    shows(&barrier, 0, false);
}

/// CPython, asyncio: `test_barrier_parties`. (That the number isn't negative, the type sees to.)
pub fn no_party<B: Barrier>() {
    B::new(0);
}

/// Each that waits is counted, until its round is over, however that ends.
pub fn counts<B: Barrier>() {
    let barrier = Arc::new(B::new(PARTIES));
    for (end, passes) in ends::<B>() {
        assert_eq!(barrier.n_waiting(), 0);
        // One after another, each waits until it is counted.
        let all: Vec<_> = (1..PARTIES).flat_map(|_| waiters(&barrier, 1)).collect();
        assert_eq!(barrier.n_waiting(), PARTIES - 1);
        end(&barrier);
        assert_eq!(barrier.n_waiting(), 0);
        assert!(join(all).iter().all(|result| result.is_ok() == passes));
        assert_eq!(barrier.n_waiting(), 0);
    }
    assert_eq!(barrier.parties(), PARTIES);
}

/// Two that meet again and again: neither is ever more than the one round ahead that it now waits for.
pub fn nobody_laps<B: Barrier>() {
    const ROUNDS: usize = 1_000;
    let barrier = B::with_timeout(2, PATIENCE);
    let arrived = [AtomicUsize::new(0), AtomicUsize::new(0)];
    join(bunch(2, move |number| {
        for round in 1..=ROUNDS {
            arrived[number].store(round, Ordering::SeqCst);
            barrier.wait().expect("nobody breaks it");
            let other = arrived[1 - number].load(Ordering::SeqCst);
            assert!((round..=round + 1).contains(&other), "one in round {round}, the other in {other}");
        }
    }));
}

/// Whoever is slow to wake has still passed, though the barrier is broken or reset before it does.
pub fn what_passed_stays_passed<B: Barrier>() {
    for round in 0..100 {
        let barrier = Arc::new(B::new(PARTIES));
        let slow = waiters(&barrier, PARTIES - 1);
        let last = barrier.wait();
        let end = if round % 2 == 0 { B::abort } else { B::reset };
        end(&barrier);
        assert_passed(join(slow).into_iter().chain([last]));
    }
}

/// Whoever is slow to wake still gets the error, though others pass before it does.
pub fn what_broke_stays_broken<B: Barrier>() {
    for _ in 0..100 {
        let (barrier, whole) = (Arc::new(B::new(2)), Arc::new(AtomicBool::new(false)));
        let slow = waiters(&barrier, 1);
        let other = bunch(1, {
            let (barrier, whole) = (Arc::clone(&barrier), Arc::clone(&whole));
            move |_| {
                until("it is reset", || whole.load(Ordering::SeqCst));
                barrier.wait()
            }
        });
        barrier.reset();
        whole.store(true, Ordering::SeqCst);
        let mine = barrier.wait();
        assert_passed(join(other).into_iter().chain([mine]));
        assert_eq!(join(slow), [Err(BrokenBarrier)]);
    }
}

/// Nobody waits at a broken barrier, not even one who would be the last, until it is reset.
pub fn a_broken_barrier_refuses_newcomers<B: Barrier>() {
    let barrier = B::new(1);
    barrier.abort();
    barrier.abort();
    assert_eq!(barrier.wait(), Err(BrokenBarrier));
    assert_eq!(barrier.wait_timeout(Duration::from_hours(1)), Err(BrokenBarrier));
    assert!(barrier.is_broken());
    assert_eq!(barrier.n_waiting(), 0);
    barrier.reset();
    assert!(!barrier.is_broken());
    assert_eq!(barrier.wait(), Ok(0));

    let barrier = B::new(2);
    barrier.abort();
    assert_eq!(barrier.wait(), Err(BrokenBarrier));
    assert_eq!(barrier.n_waiting(), 0);
}

/// The panic is of the one who ran the action; the others get an error. A reset makes the barrier whole.
pub fn a_panic_in_the_action_breaks_it<B: Barrier>() {
    let first = AtomicBool::new(true);
    let once = move || assert!(!first.swap(false, Ordering::SeqCst), "the action fails");
    let barrier = Arc::new(B::with_action(PARTIES, once));
    let round = |barrier: &Arc<B>| {
        let barrier = Arc::clone(barrier);
        join(bunch(PARTIES, move |_| {
            let mut result = None;
            assert_eq!(panics(|| result = Some(barrier.wait())), result.is_none());
            result
        }))
    };
    let broken = round(&barrier);
    assert_eq!(broken.iter().flatten().collect::<Vec<_>>(), [&Err(BrokenBarrier); PARTIES - 1]);
    assert!(barrier.is_broken());
    assert_eq!(barrier.n_waiting(), 0);
    barrier.reset();
    assert_passed(round(&barrier).into_iter().map(|result| result.expect("the action fails only once")));
    assert!(!barrier.is_broken());
}

/// Who waits for no time at all passes as the last, and else breaks the barrier for all who wait.
pub fn a_timeout_of_zero<B: Barrier>() {
    let barrier = Arc::new(B::new(3));
    let others = waiters(&barrier, 2);
    let last = barrier.wait_timeout(Duration::ZERO);
    assert_passed(join(others).into_iter().chain([last]));
    assert!(!barrier.is_broken());

    let one = waiters(&barrier, 1);
    assert_eq!(barrier.wait_timeout(Duration::ZERO), Err(BrokenBarrier));
    assert!(barrier.is_broken());
    assert_eq!(join(one), [Err(BrokenBarrier)]);
}

/// It doesn't overflow (CPython: `TIMEOUT_MAX`).
pub fn the_longest_timeout<B: Barrier>() {
    let barrier = Arc::new(B::with_timeout(3, Duration::MAX));
    let mut others = waiters(&barrier, 1);
    others.extend(bunch(1, {
        let barrier = Arc::clone(&barrier);
        move |_| barrier.wait_timeout(Duration::MAX)
    }));
    until("both wait", || barrier.n_waiting() == 2);
    let last = barrier.wait_timeout(Duration::MAX);
    assert_passed(join(others).into_iter().chain([last]));
}

/// With the default, the first would not wait at all.
pub fn an_own_timeout_goes_before_the_default<B: Barrier>() {
    let barrier = Arc::new(B::with_timeout(2, Duration::ZERO));
    let first = bunch(1, {
        let barrier = Arc::clone(&barrier);
        move |_| barrier.wait_timeout(Duration::from_hours(1))
    });
    until("it waits", || barrier.n_waiting() == 1);
    let last = barrier.wait();
    assert_passed(join(first).into_iter().chain([last]));
    assert_eq!(barrier.wait(), Err(BrokenBarrier));
}

/// An hour of patience ends when the round does, however that is: returning at all is the test.
pub fn a_waiter_with_a_timeout_passes<B: Barrier>() {
    let barrier = Arc::new(B::with_timeout(2, Duration::from_hours(1)));
    for (end, passes) in ends::<B>() {
        let one = waiters(&barrier, 1);
        end(&barrier);
        assert_eq!(join(one)[0].is_ok(), passes);
    }
}

/// All meet again and again while somebody resets the barrier. Who gets an error comes again, so if a round
/// had passed for some and broken for others, they would be in different rounds from then on.
pub fn resets_in_between<B: Barrier>() {
    const ROUNDS: usize = 200;
    const RESETS: usize = 200;
    let barrier = Arc::new(B::with_timeout(PARTIES, PATIENCE));
    let rounds: [AtomicUsize; PARTIES] = std::array::from_fn(|_| AtomicUsize::new(0));
    let parties = bunch(PARTIES, {
        let barrier = Arc::clone(&barrier);
        move |number| {
            for round in 0..ROUNDS {
                rounds[number].store(round, Ordering::SeqCst);
                while barrier.wait().is_err() {
                    assert!(!barrier.is_broken(), "a reset breaks only the round");
                }
                for other in &rounds {
                    let other = other.load(Ordering::SeqCst);
                    assert!((round..=round + 1).contains(&other), "one in round {round}, another in {other}");
                }
            }
        }
    });
    for _ in 0..RESETS {
        until("somebody waits, or all is over", || {
            barrier.n_waiting() > 0 || parties.iter().all(JoinHandle::is_finished)
        });
        barrier.reset();
    }
    join(parties);
    assert_eq!(barrier.n_waiting(), 0);
    assert!(!barrier.is_broken());
}

/// Many threads and rounds, with and without a timeout: in every round, all pass, each with its own number.
pub fn stress<B: Barrier>() {
    const THREADS: usize = 8;
    const ROUNDS: usize = 300;
    let barrier = Arc::new(B::with_timeout(THREADS, PATIENCE));
    let results = join(bunch(THREADS, {
        let barrier = Arc::clone(&barrier);
        move |thread| {
            let pass = |round| {
                assert!(barrier.n_waiting() < THREADS, "the last doesn't wait");
                if (thread + round) % 2 == 0 { barrier.wait() } else { barrier.wait_timeout(PATIENCE) }
            };
            (0..ROUNDS).map(pass).collect::<Vec<_>>()
        }
    }));
    for round in 0..ROUNDS {
        assert_passed(results.iter().map(|results| results[round]));
    }
    assert_eq!(barrier.n_waiting(), 0);
    assert!(!barrier.is_broken());
}
