//! A lock of threads, held to what it must survive.

use std::sync::Arc;
use std::time::{Duration, Instant};

use shared::conformance::{self, SHORT, bunch, join, until};

use super::Lock;

impl Lock {
    /// How many wait for it; for the tests of what is made of it.
    pub(in crate::primitives) fn waiters(&self) -> usize {
        self.state().waiting
    }
}

impl conformance::lock::Lock for Lock {
    fn acquire(&self) {
        self.acquire();
    }

    fn try_acquire(&self) -> bool {
        self.try_acquire()
    }

    fn acquire_timeout(&self, timeout: Duration) -> bool {
        self.acquire_timeout(timeout)
    }

    fn release(&self) -> bool {
        self.release().is_ok()
    }

    fn locked(&self) -> bool {
        self.locked()
    }

    fn guarded(&self, body: impl FnOnce()) {
        let _guard = self.guard();
        body();
    }

    fn waiting(&self) -> usize {
        self.waiters()
    }
}

shared::lock_conformance!(Lock);

/// Stray wakeups go on until the waiter has given up: that it does is the test, and not before its time.
#[test]
fn a_stray_wakeup_restarts_no_timeout() {
    let lock = Arc::new(Lock::new());
    lock.acquire();
    let waiter = bunch(1, {
        let lock = Arc::clone(&lock);
        move |_| {
            let start = Instant::now();
            (lock.acquire_timeout(SHORT), start.elapsed() >= SHORT)
        }
    });
    until("it gives up", || {
        lock.released.notify_all();
        waiter[0].is_finished()
    });
    assert_eq!(join(waiter), [(false, true)]);
}
