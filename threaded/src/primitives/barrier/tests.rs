//! A barrier of threads, held to what it must survive.

use std::sync::Arc;
use std::time::{Duration, Instant};

use shared::conformance::{self, SHORT, bunch, join, until};

use super::{Barrier, BrokenBarrier};

impl conformance::barrier::Barrier for Barrier {
    fn new(parties: usize) -> Self {
        Self::new(parties)
    }

    fn with_action(parties: usize, action: impl Fn() + Send + Sync + 'static) -> Self {
        Self::new(parties).with_action(action)
    }

    fn with_timeout(parties: usize, timeout: Duration) -> Self {
        Self::new(parties).with_timeout(timeout)
    }

    fn wait(&self) -> Result<usize, BrokenBarrier> {
        self.wait()
    }

    fn wait_timeout(&self, timeout: Duration) -> Result<usize, BrokenBarrier> {
        self.wait_timeout(timeout)
    }

    fn reset(&self) {
        self.reset();
    }

    fn abort(&self) {
        self.abort();
    }

    fn is_broken(&self) -> bool {
        self.is_broken()
    }

    fn n_waiting(&self) -> usize {
        self.n_waiting()
    }

    fn parties(&self) -> usize {
        self.parties()
    }
}

shared::barrier_conformance!(Barrier);

/// While the state is in our hands nobody wakes, so the sleeper surely misses the round after its own.
#[test]
fn a_slow_waiter_learns_how_its_own_round_ended() {
    for (own, next) in [(Ok(()), Err(BrokenBarrier)), (Err(BrokenBarrier), Ok(()))] {
        let barrier = Arc::new(Barrier::new(2));
        let slow = bunch(1, {
            let barrier = Arc::clone(&barrier);
            move |_| barrier.wait()
        });
        until("it waits", || barrier.n_waiting() == 1);
        let mut state = barrier.state();
        state.end_round(own);
        state.end_round(next);
        drop(state);
        assert_eq!(join(slow), [own.map(|()| 0)]);
    }
}

/// Stray wakeups go on until the waiter has given up: that it does is the test, and not before its time.
#[test]
fn a_stray_wakeup_restarts_no_timeout() {
    let barrier = Arc::new(Barrier::new(2));
    let one = bunch(1, {
        let barrier = Arc::clone(&barrier);
        move |_| {
            let start = Instant::now();
            (barrier.wait_timeout(SHORT), start.elapsed() >= SHORT)
        }
    });
    until("it gives up", || {
        barrier.state().round.over.notify_all();
        one[0].is_finished()
    });
    assert_eq!(join(one), [(Err(BrokenBarrier), true)]);
}
