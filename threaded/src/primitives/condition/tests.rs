//! A condition of threads, held to what it must survive.

use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::Duration;

use shared::conformance;

use super::Condition;

#[derive(Debug, Default)]
struct Subject {
    state: Mutex<i64>,
    condition: Condition,
}

impl conformance::condition::Monitor for Subject {
    type Guard<'a> = MutexGuard<'a, i64>;

    fn lock(&self) -> Self::Guard<'_> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn try_lock(&self) -> Option<Self::Guard<'_>> {
        match self.state.try_lock() {
            Ok(guard) => Some(guard),
            Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        }
    }

    fn wait<'a>(&'a self, guard: Self::Guard<'a>) -> Self::Guard<'a> {
        self.condition.wait(guard)
    }

    fn wait_timeout<'a>(&'a self, guard: Self::Guard<'a>, timeout: Duration) -> (Self::Guard<'a>, bool) {
        self.condition.wait_timeout(guard, timeout)
    }

    fn wait_for<'a>(
        &'a self,
        guard: Self::Guard<'a>,
        predicate: impl FnMut(&mut i64) -> bool,
    ) -> Self::Guard<'a> {
        self.condition.wait_for(guard, predicate)
    }

    fn wait_for_timeout<'a>(
        &'a self,
        guard: Self::Guard<'a>,
        timeout: Duration,
        predicate: impl FnMut(&mut i64) -> bool,
    ) -> (Self::Guard<'a>, bool) {
        self.condition.wait_for_timeout(guard, timeout, predicate)
    }

    fn notify(&self, count: usize) {
        self.condition.notify(count);
    }

    fn notify_all(&self) {
        self.condition.notify_all();
    }
}

shared::condition_conformance!(Subject);
