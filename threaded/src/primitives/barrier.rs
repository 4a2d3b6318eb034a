//! A barrier: nobody goes on before all are there.
//!
//! Invariant: every round of the barrier ends once, for all of its parties alike: passed, or broken.
//!
//! `std::sync::Barrier` is the choice not taken: it can't be broken or given up, so that one party that never comes
//! makes all others wait for ever. Each round is a value of its own that its waiters share, which is how a
//! waiter that is slow to wake still learns how *its* round ended, however many there were since.

use std::fmt::{self, Debug};
use std::mem;
use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

pub use shared::misuse::BrokenBarrier;

/// A point that a number of parties pass together, again and again.
///
/// ```
/// use std::sync::Arc;
/// use std::thread;
/// use threaded::primitives::barrier::Barrier;
///
/// let barrier = Arc::new(Barrier::new(2));
/// let other = thread::spawn({
///     let barrier = Arc::clone(&barrier);
///     move || barrier.wait()
/// });
/// let (mine, others) = (barrier.wait().unwrap(), other.join().unwrap().unwrap());
/// assert_eq!(mine + others, 1, "each has a number of its own");
/// ```
pub struct Barrier {
    parties: usize,
    action: Option<Box<dyn Fn() + Send + Sync>>,
    timeout: Option<Duration>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    round: Arc<Round>,
    /// How many wait in this round.
    arrived: usize,
    broken: bool,
}

/// One time that the barrier is passed, or broken.
#[derive(Debug, Default)]
struct Round {
    /// How it ended.
    outcome: OnceLock<Result<(), BrokenBarrier>>,
    /// How many have passed it.
    passed: AtomicUsize,
    over: Condvar,
}

impl Barrier {
    /// A barrier for so many parties.
    ///
    /// # Panics
    /// With no party at all.
    pub fn new(parties: usize) -> Self {
        assert!(parties > 0, "a barrier needs at least one party");
        Self { parties, action: None, timeout: None, state: Mutex::default() }
    }

    /// The same barrier, with something that the last to arrive does before anybody passes. It must not use the
    /// barrier itself; if it panics, the barrier breaks.
    #[must_use]
    pub fn with_action(self, action: impl Fn() + Send + Sync + 'static) -> Self {
        Self { action: Some(Box::new(action)), ..self }
    }

    /// The same barrier, at which everybody waits for at most this long.
    #[must_use]
    pub fn with_timeout(self, timeout: Duration) -> Self {
        Self { timeout: Some(timeout), ..self }
    }

    /// Waits until all parties are there. Each gets a number of its own, from 0 up in the order in which they go on.
    ///
    /// # Errors
    /// If the barrier is broken, or breaks meanwhile: all who wait get this error.
    ///
    /// # Panics
    /// If this is the last to arrive and the action panics.
    pub fn wait(&self) -> Result<usize, BrokenBarrier> {
        self.pass(self.timeout)
    }

    /// Waits for at most this long until all parties are there; if they aren't, the barrier breaks for all.
    ///
    /// # Errors
    /// As [`wait`](Self::wait), and if the time is over.
    ///
    /// # Panics
    /// As [`wait`](Self::wait).
    pub fn wait_timeout(&self, timeout: Duration) -> Result<usize, BrokenBarrier> {
        self.pass(Some(timeout))
    }

    /// Gives whoever waits an error, and begins anew; a broken barrier is whole again.
    pub fn reset(&self) {
        let mut state = self.state();
        state.end_round(Err(BrokenBarrier));
        state.broken = false;
    }

    /// Breaks the barrier: whoever waits, or comes, gets an error, until it is reset.
    pub fn abort(&self) {
        self.state().break_round();
    }

    /// Whether the barrier is broken.
    pub fn is_broken(&self) -> bool {
        self.state().broken
    }

    /// How many wait.
    pub fn n_waiting(&self) -> usize {
        self.state().arrived
    }

    /// How many it takes to pass.
    pub fn parties(&self) -> usize {
        self.parties
    }

    fn pass(&self, timeout: Option<Duration>) -> Result<usize, BrokenBarrier> {
        let (mut state, round) = self.arrive()?;
        if round.outcome.get().is_none() {
            let not_over = |_: &mut State| round.outcome.get().is_none();
            let waited = round.over.wait_timeout_while(state, timeout.unwrap_or(Duration::MAX), not_over);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
            if round.outcome.get().is_none() {
                state.break_round();
            }
        }
        drop(state);
        round.leave()
    }

    /// One party more; the last of them ends the round.
    fn arrive(&self) -> Result<(MutexGuard<'_, State>, Arc<Round>), BrokenBarrier> {
        let mut state = self.state();
        if state.broken {
            return Err(BrokenBarrier);
        }
        let round = Arc::clone(&state.round);
        state.arrived += 1;
        if state.arrived == self.parties {
            let act = || self.action.iter().for_each(|action| action());
            if let Err(panic) = panic::catch_unwind(AssertUnwindSafe(act)) {
                state.break_round();
                drop(state);
                panic::resume_unwind(panic);
            }
            state.end_round(Ok(()));
        }
        Ok((state, round))
    }

    /// An action's panic is caught before the lock is released, so poisoning can be ignored.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn break_round(&mut self) {
        self.end_round(Err(BrokenBarrier));
        self.broken = true;
    }

    /// Ends the round for all who wait in it; the next begins.
    fn end_round(&mut self, outcome: Result<(), BrokenBarrier>) {
        let round = mem::take(&mut self.round);
        self.arrived = 0;
        round.outcome.set(outcome).expect("a round that is over is not the state's any more");
        round.over.notify_all();
    }
}

impl Round {
    fn leave(&self) -> Result<usize, BrokenBarrier> {
        let outcome = self.outcome.get().copied().expect("nobody leaves before the round is over");
        outcome.map(|()| self.passed.fetch_add(1, Ordering::Relaxed))
    }
}

impl Debug for Barrier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let State { arrived, broken, .. } = *self.state();
        let Self { parties, timeout, .. } = self;
        f.debug_struct("Barrier")
            .field("parties", parties)
            .field("n_waiting", &arrived)
            .field("broken", &broken)
            .field("timeout", timeout)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
