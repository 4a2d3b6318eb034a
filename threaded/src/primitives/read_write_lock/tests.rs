//! A read–write lock of threads, held to what it must survive.

use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use shared::conformance::{self, bunch, join, panics, until};

use super::{Policy, PolicyLock, ReadGuard, ReadWriteLock, ReaderPreference, WriteGuard};

/// What a test knows of a policy that nobody else need know.
pub(crate) trait TestDoor: Policy + 'static {
    /// How many wait.
    fn waiting(&self) -> usize;
    /// Wakes all who wait, for nothing.
    fn wake_all(&self);
}

impl TestDoor for ReaderPreference {
    fn waiting(&self) -> usize {
        let state = self.state();
        state.waiting_to_read + state.waiting_to_write
    }

    fn wake_all(&self) {
        self.nobody_writes.notify_all();
        self.nobody_inside.notify_all();
    }
}

impl<P: TestDoor> conformance::read_write_lock::ReadWriteLock for PolicyLock<i64, P> {
    type ReadGuard<'a> = ReadGuard<'a, i64, P>;
    type WriteGuard<'a> = WriteGuard<'a, i64, P>;

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
        self.policy.waiting()
    }
}

shared::read_write_lock_conformance!(ReadWriteLock<i64>);

/// What a lock of threads must survive whatever its policy: each lock has a test of each of these names.
pub(crate) mod any {
    use super::*;

    /// What a writer left by its panic is the value, and nothing shows the panic.
    pub(crate) fn a_panic_is_not_reported<P: Policy>() {
        let lock = PolicyLock::<i64, P>::new(0);
        assert!(panics(|| {
            *lock.write() = 1;
            let _guard = lock.write();
            panic!("while it writes");
        }));
        assert!(!format!("{lock:?}{:?}", lock.write()).contains("poisoned: true"));
        assert_eq!(lock.into_inner(), 1);
    }

    /// Stray notifications prolong no timeout, and let nobody in: they go on until both waiters have given up, and
    /// that they do is the test.
    pub(crate) fn a_stray_wakeup_doesnt_restart_the_timeout<P: TestDoor>() {
        // Longer than a busy machine may keep this thread from the next one.
        const TIMEOUT: Duration = Duration::from_millis(200);
        let lock = Arc::new(PolicyLock::<i64, P>::new(0));
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
            lock.policy.wake_all();
            waiters.iter().all(JoinHandle::is_finished)
        });
        for waited in join(waiters) {
            assert!(waited >= TIMEOUT, "a stray wakeup ended the wait");
        }
    }
}

#[test]
fn a_panic_is_not_reported() {
    any::a_panic_is_not_reported::<ReaderPreference>();
}

#[test]
fn a_stray_wakeup_doesnt_restart_the_timeout() {
    any::a_stray_wakeup_doesnt_restart_the_timeout::<ReaderPreference>();
}
