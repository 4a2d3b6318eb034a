//! A fair read–write lock: many readers or one writer, first come, first served.
//!
//! Invariant: while somebody writes, nobody else is inside; and while somebody waits, whoever comes waits behind it.
//!
//! `std::sync::RwLock` is the choice not taken: which of readers and writers it prefers is left to the system, and it
//! has no timeouts. Here whoever can't come in at once is put in a queue, with a condition variable of its own, so that
//! only the one whose turn it is needs to wake. Readers that stand behind each other come in together: each who comes
//! in lets the next one look. Fairness costs throughput: a place that is free stays empty until the first in the queue
//! has woken up.
//!
//! The lock is the [notebook's](super::read_write_lock) with another policy; only the policy is here.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::read_write_lock::{Access, Inside, Policy, PolicyLock};

/// A value that many read or one writes; nobody starves.
///
/// ```
/// use threaded::primitives::fair_read_write_lock::FairReadWriteLock;
///
/// let lock = FairReadWriteLock::new(0);
/// {
///     let (one, other) = (lock.read(), lock.read());
///     assert_eq!(*one + *other, 0);
///     assert!(lock.try_write().is_none(), "two are reading");
/// }
/// *lock.write() += 42;
/// assert_eq!(lock.into_inner(), 42);
/// ```
pub type FairReadWriteLock<T> = PolicyLock<T, Fair>;

/// A policy with a queue: whoever finds room comes in if nobody waits, and else in its turn.
///
/// Who reads already must not ask again: if a writer waits, it waits for the first guard, and the second for it.
#[derive(Debug, Default)]
pub struct Fair {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    inside: Inside,
    /// Who waits, the first at the front: what it comes for, and the condition that its turn may have come.
    queue: VecDeque<(Access, Arc<Condvar>)>,
}

impl Policy for Fair {
    const NAME: &'static str = "FairReadWriteLock";

    fn enter(&self, access: Access, timeout: Duration) -> bool {
        let mut state = self.state();
        if !state.queue.is_empty() || !state.inside.admits(access) {
            // Not even for a moment does a try make others wait behind it.
            if timeout.is_zero() {
                return false;
            }
            let my_turn = Arc::new(Condvar::new());
            state.queue.push_back((access, Arc::clone(&my_turn)));
            let not_yet = |state: &mut State| state.before(&my_turn) > 0 || !state.inside.admits(access);
            let waited = my_turn.wait_timeout_while(state, timeout, not_yet);
            let waited = waited.unwrap_or_else(PoisonError::into_inner);
            state = waited.0;
            let before = state.before(&my_turn);
            state.queue.remove(before);
            if waited.1.timed_out() {
                State::wake_next(state);
                return false;
            }
        }
        state.inside.count_in(access);
        State::wake_next(state);
        true
    }

    fn leave(&self, access: Access) {
        let mut state = self.state();
        state.inside.count_out(access);
        State::wake_next(state);
    }

    fn inside(&self) -> Inside {
        self.state().inside
    }
}

impl Fair {
    /// Nobody panics between two changes of the state, so poisoning can be ignored.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// How many wait before the one with this condition.
    fn before(&self, turn: &Arc<Condvar>) -> usize {
        let mut queue = self.queue.iter();
        queue
            .position(|(_, other)| Arc::ptr_eq(other, turn))
            .expect("who waits is in the queue until it leaves")
    }

    /// Wakes the first in the queue if it can come in.
    fn wake_next(state: MutexGuard<'_, Self>) {
        let next = state.queue.front().filter(|(access, _)| state.inside.admits(*access));
        let turn = next.map(|(_, turn)| Arc::clone(turn));
        // Else who is woken would run into the state's own lock.
        drop(state);
        if let Some(turn) = turn {
            turn.notify_one();
        }
    }
}

#[cfg(test)]
mod tests;
