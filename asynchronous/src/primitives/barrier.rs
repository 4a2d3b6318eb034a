//! A barrier: nobody goes on before all are there.
//!
//! Invariant: every round of the barrier ends once, for all of its parties alike: passed, or broken.
//!
//! `tokio::sync::Barrier` is the choice not taken: it can't be broken or given up, and a waiter that is cancelled is
//! still counted, so that the others pass without it. Each round is a value of its own that its waiters share, which
//! is how a waiter that is slow to wake still learns how *its* round ended, however many there were since.

use std::fmt::{self, Debug};
use std::mem;
use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::task::coop;
use tokio::time;

pub use shared::misuse::BrokenBarrier;

/// A point that a number of parties pass together, again and again.
///
/// ```
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// use asynchronous::primitives::barrier::Barrier;
/// use std::sync::Arc;
/// use tokio::task;
///
/// let barrier = Arc::new(Barrier::new(2));
/// let other = task::spawn({
///     let barrier = Arc::clone(&barrier);
///     async move { barrier.wait().await }
/// });
/// let (mine, others) = (barrier.wait().await.unwrap(), other.await.unwrap().unwrap());
/// assert_eq!(mine + others, 1, "each has a number of its own");
/// # });
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
    over: Notify,
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
    ///
    /// # Cancel safety
    /// Dropping the future takes the party away again, and the others wait for another in its place.
    pub async fn wait(&self) -> Result<usize, BrokenBarrier> {
        self.pass(self.timeout).await
    }

    /// Waits for at most this long until all parties are there; if they aren't, the barrier breaks for all.
    ///
    /// # Errors
    /// As [`wait`](Self::wait), and if the time is over.
    ///
    /// # Panics
    /// As [`wait`](Self::wait).
    ///
    /// # Cancel safety
    /// As [`wait`](Self::wait).
    pub async fn wait_timeout(&self, timeout: Duration) -> Result<usize, BrokenBarrier> {
        self.pass(Some(timeout)).await
    }

    /// Gives whoever waits an error, and begins anew; a broken barrier is whole again.
    pub fn reset(&self) {
        State::end_round(self.state(), Err(BrokenBarrier), false);
    }

    /// Breaks the barrier: whoever waits, or comes, gets an error, until it is reset.
    pub fn abort(&self) {
        State::end_round(self.state(), Err(BrokenBarrier), true);
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

    async fn pass(&self, timeout: Option<Duration>) -> Result<usize, BrokenBarrier> {
        coop::consume_budget().await;
        let arrival = self.arrive()?;
        let round = &arrival.round;
        // Made before the outcome is read, so that it hears of an end in between.
        let over = round.over.notified();
        if round.outcome.get().is_none() {
            let in_time = match timeout {
                None => {
                    over.await;
                    true
                }
                // A timer of zero would still let a millisecond pass.
                Some(timeout) => !timeout.is_zero() && time::timeout(timeout, over).await.is_ok(),
            };
            if !in_time {
                let state = self.state();
                if round.outcome.get().is_none() {
                    State::end_round(state, Err(BrokenBarrier), true);
                }
            }
        }
        round.leave()
    }

    /// One party more; the last of them ends the round.
    fn arrive(&self) -> Result<Arrival<'_>, BrokenBarrier> {
        let mut state = self.state();
        if state.broken {
            return Err(BrokenBarrier);
        }
        let round = Arc::clone(&state.round);
        state.arrived += 1;
        if state.arrived == self.parties {
            let act = || self.action.iter().for_each(|action| action());
            if let Err(panic) = panic::catch_unwind(AssertUnwindSafe(act)) {
                State::end_round(state, Err(BrokenBarrier), true);
                panic::resume_unwind(panic);
            }
            State::end_round(state, Ok(()), false);
        }
        Ok(Arrival { barrier: self, round })
    }

    /// An action's panic is caught before the lock is released, so poisoning can be ignored.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Ends the round for all who wait in it; the next begins, unless the barrier is `broken`.
    ///
    /// Who waits is woken once the state is unlocked: a waker may run anything, also what drops a waiter.
    fn end_round(mut state: MutexGuard<'_, Self>, outcome: Result<(), BrokenBarrier>, broken: bool) {
        let round = mem::take(&mut state.round);
        state.arrived = 0;
        state.broken = broken;
        round.outcome.set(outcome).expect("a round that is over is not the state's any more");
        drop(state);
        round.over.notify_waiters();
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

/// One party of a round. Dropped before the round is over, it was cancelled, and is not counted any more.
struct Arrival<'a> {
    barrier: &'a Barrier,
    round: Arc<Round>,
}

impl Drop for Arrival<'_> {
    fn drop(&mut self) {
        let mut state = self.barrier.state();
        if self.round.outcome.get().is_none() {
            state.arrived -= 1;
        }
    }
}

#[cfg(test)]
mod tests;
