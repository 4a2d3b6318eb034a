//! A semaphore of threads, held to what it must survive.

use std::sync::Arc;
use std::time::{Duration, Instant};

use shared::conformance::{self, bunch, join, until};

use super::Semaphore;

impl conformance::semaphore::Semaphore for Semaphore {
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
        self.release();
        true
    }

    fn release_n(&self, permits: usize) -> bool {
        self.release_n(permits);
        true
    }

    fn value(&self) -> usize {
        self.value()
    }

    fn guarded(&self, body: impl FnOnce()) {
        let _permit = self.guard();
        body();
    }

    fn waiting(&self) -> usize {
        self.state().waiting
    }
}

shared::semaphore_conformance!(Semaphore);

/// Stray notifications prolong no timeout: they go on until the waiter has given up, and that it gives up
/// is the test.
#[test]
fn a_stray_wakeup_doesnt_restart_the_timeout() {
    // Longer than a busy machine may keep this thread from the next one.
    const TIMEOUT: Duration = Duration::from_millis(200);
    let semaphore = Arc::new(Semaphore::new(0));
    let waiter = bunch(1, {
        let semaphore = Arc::clone(&semaphore);
        move |_| {
            let start = Instant::now();
            assert!(!semaphore.acquire_timeout(TIMEOUT));
            start.elapsed()
        }
    });
    until("it gives up", || {
        semaphore.available.notify_all();
        waiter[0].is_finished()
    });
    assert!(join(waiter)[0] >= TIMEOUT, "a stray wakeup ended the wait");
}
