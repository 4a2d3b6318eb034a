//! An event of threads, held to what it must survive.

use std::sync::Arc;
use std::time::Duration;

use shared::conformance::{self, SHORT, bunch, join, until};

use super::Event;

impl conformance::event::Event for Event {
    fn set(&self) {
        self.set();
    }

    fn clear(&self) {
        self.clear();
    }

    fn is_set(&self) -> bool {
        self.is_set()
    }

    fn wait(&self) {
        self.wait();
    }

    fn wait_timeout(&self, timeout: Duration) -> bool {
        self.wait_timeout(timeout)
    }

    fn waiting(&self) -> usize {
        self.state().waiting
    }
}

shared::event_conformance!(Event);

/// Who is woken again and again for nothing gives up all the same: that it does is the test.
#[test]
fn stray_wakeups_are_no_set() {
    let event = Arc::new(Event::new());
    let waiter = bunch(1, {
        let event = Arc::clone(&event);
        move |_| event.wait_timeout(SHORT)
    });
    until("it has given up", || {
        event.was_set.notify_all();
        waiter[0].is_finished()
    });
    assert_eq!(join(waiter), [false]);
}
