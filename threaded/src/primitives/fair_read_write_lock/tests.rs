//! A fair read–write lock of threads, held to what it must survive.

use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use shared::conformance::{self, bunch, join, panics, until};

use super::{FairReadWriteLock, ReadGuard, WriteGuard};

impl conformance::read_write_lock::ReadWriteLock for FairReadWriteLock<i64> {
    type ReadGuard<'a> = ReadGuard<'a, i64>;
    type WriteGuard<'a> = WriteGuard<'a, i64>;

    fn new(value: i64) -> Self {
        Self::new(value)
    }

    fn read(&self) -> Self::ReadGuard<'_> {
        self.read()
    }

    fn try_read(&self) -> Option<Self::ReadGuard<'_>> {
        self.try_read()
    }

    fn read_timeout(&self, timeout: Duration) -> Option<Self::ReadGuard<'_>> {
        self.read_timeout(timeout)
    }

    fn write(&self) -> Self::WriteGuard<'_> {
        self.write()
    }

    fn try_write(&self) -> Option<Self::WriteGuard<'_>> {
        self.try_write()
    }

    fn write_timeout(&self, timeout: Duration) -> Option<Self::WriteGuard<'_>> {
        self.write_timeout(timeout)
    }

    fn readers(&self) -> usize {
        self.readers()
    }

    fn is_writing(&self) -> bool {
        self.is_writing()
    }

    fn waiting(&self) -> usize {
        self.door.state().queue.len()
    }
}

shared::fair_read_write_lock_conformance!(FairReadWriteLock<i64>);

/// What a writer left by its panic is the value, and nothing tells of the panic.
#[test]
fn a_panic_is_not_told() {
    let lock = FairReadWriteLock::new(0);
    assert!(panics(|| {
        *lock.write() = 1;
        let _guard = lock.write();
        panic!("while it writes");
    }));
    assert!(!format!("{lock:?}{:?}", lock.write()).contains("poisoned: true"));
    assert_eq!(lock.into_inner(), 1);
}

/// Stray notifications prolong no timeout, and let nobody in: they go on until both waiters have given up, and that
/// they do is the test.
#[test]
fn a_stray_wakeup_doesnt_restart_the_timeout() {
    // Longer than a busy machine may keep this thread from the next one.
    const TIMEOUT: Duration = Duration::from_millis(200);
    let lock = Arc::new(FairReadWriteLock::new(0));
    let _guard = lock.write();
    let waiters = bunch(2, {
        let lock = Arc::clone(&lock);
        move |number| {
            let start = Instant::now();
            match number {
                0 => assert!(lock.read_timeout(TIMEOUT).is_none()),
                _ => assert!(lock.write_timeout(TIMEOUT).is_none()),
            }
            start.elapsed()
        }
    });
    until("they give up", || {
        lock.door.state().queue.iter().for_each(|(_, turn)| turn.notify_all());
        waiters.iter().all(JoinHandle::is_finished)
    });
    for waited in join(waiters) {
        assert!(waited >= TIMEOUT, "a stray wakeup ended the wait");
    }
}
