//! A reentrant lock of threads, held to what it must survive.

use std::time::Duration;

use shared::conformance;

use super::ReentrantLock;

impl conformance::lock::Lock for ReentrantLock {
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
        self.lock.waiters()
    }
}

impl conformance::reentrant_lock::ReentrantLock for ReentrantLock {
    fn is_owned(&self) -> bool {
        self.is_owned()
    }

    fn recursion_count(&self) -> usize {
        self.recursion_count()
    }
}

shared::reentrant_lock_conformance!(ReentrantLock);
