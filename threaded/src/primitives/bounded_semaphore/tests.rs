//! A bounded semaphore of threads, held to what it must survive.

use std::time::Duration;

use shared::conformance;

use super::BoundedSemaphore;

impl conformance::semaphore::Semaphore for BoundedSemaphore {
    fn new(permits: usize) -> Self {
        Self::new(permits)
    }

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

    fn release_n(&self, permits: usize) -> bool {
        self.release_n(permits).is_ok()
    }

    fn value(&self) -> usize {
        self.value()
    }

    fn guarded(&self, body: impl FnOnce()) {
        let _permit = self.guard();
        body();
    }

    fn waiting(&self) -> usize {
        conformance::semaphore::Semaphore::waiting(&self.semaphore)
    }
}

shared::bounded_semaphore_conformance!(BoundedSemaphore);
