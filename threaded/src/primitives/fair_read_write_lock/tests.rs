//! A fair read–write lock of threads, held to what any must survive, and to who is served when.

use super::{Fair, FairReadWriteLock};
use crate::primitives::read_write_lock::tests::{TestDoor, any};

impl TestDoor for Fair {
    fn waiting(&self) -> usize {
        self.state().queue.len()
    }

    fn wake_all(&self) {
        self.state().queue.iter().for_each(|(_, turn)| turn.notify_all());
    }
}

shared::fair_read_write_lock_conformance!(FairReadWriteLock<i64>);

#[test]
fn a_panic_is_not_reported() {
    any::a_panic_is_not_reported::<Fair>();
}

#[test]
fn a_stray_wakeup_doesnt_restart_the_timeout() {
    any::a_stray_wakeup_doesnt_restart_the_timeout::<Fair>();
}
