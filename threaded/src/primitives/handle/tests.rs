//! A handle of threads, held to what it must survive.

use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use shared::conformance::pool::Gate;
use shared::conformance::{self, bunch, join, until};

use super::{Handle, JobError};
use crate::primitives::pool::Pool;

impl conformance::handle::Handle for Handle<usize> {
    fn number(&self) -> usize {
        self.number()
    }

    fn result(&self) -> Result<usize, JobError> {
        self.result()
    }

    fn result_timeout(&self, timeout: Duration) -> Option<Result<usize, JobError>> {
        self.result_timeout(timeout)
    }

    fn is_done(&self) -> bool {
        self.is_done()
    }

    fn is_running(&self) -> bool {
        self.is_running()
    }

    fn cancel(&self) -> bool {
        self.cancel()
    }

    fn on_done(&self, callback: impl FnOnce(&Result<usize, JobError>) + Send + 'static) {
        self.on_done(callback);
    }
}

shared::handle_conformance!(Pool);

/// The worker that ran the job calls back.
#[test]
fn the_worker_calls_back() {
    let (pool, gate, caller) = (Pool::new(1), Gate::default(), Arc::<Mutex<_>>::default());
    let running = gate.guards(&pool, 1);
    let worker = pool.submit(|()| thread::current().id()).expect("the pool is open");
    running.on_done({
        let caller = Arc::clone(&caller);
        move |_| *caller.lock().expect("no panic") = Some(thread::current().id())
    });
    gate.open();
    assert_eq!(worker.result().ok(), *caller.lock().expect("no panic"));
}

/// Stray notifications prolong no timeout: they go on until the waiter has given up, and that it gives up
/// is the test.
#[test]
fn a_stray_wakeup_doesnt_restart_the_timeout() {
    // Longer than a busy machine may keep this thread from the next one.
    const TIMEOUT: Duration = Duration::from_millis(200);
    let (pool, gate) = (Pool::new(1), Gate::default());
    let running = Arc::new(gate.guards(&pool, 1));
    let waiter = bunch(1, {
        let running = Arc::clone(&running);
        move |_| {
            let start = Instant::now();
            assert_eq!(running.result_timeout(TIMEOUT), None);
            start.elapsed()
        }
    });
    until("it gives up", || {
        running.slot.done.notify_all();
        waiter[0].is_finished()
    });
    assert!(join(waiter)[0] >= TIMEOUT, "a stray wakeup ended the wait");
    gate.open();
}
