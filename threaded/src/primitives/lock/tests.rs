//! A lock of threads, held to what it must survive.

use std::time::Duration;

use shared::conformance;

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
