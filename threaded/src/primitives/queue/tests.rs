//! A queue of threads, held to what it must survive.

use std::fmt::Debug;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use shared::conformance::{self, SHORT, bunch, join, until};

use super::{Empty, Full, Queue, TooManyDone};
use crate::primitives::condition::Condition;

impl<T: Send + 'static> conformance::buffer::Buffer<T> for Queue<T> {
    fn new(maxsize: usize) -> Self {
        Self::new(maxsize)
    }

    fn put(&self, item: T) {
        self.put(item);
    }

    fn get(&self) -> T {
        self.get()
    }

    fn len(&self) -> usize {
        self.len()
    }

    fn is_empty(&self) -> bool {
        self.is_empty()
    }

    fn waiting(&self) -> usize {
        // Whoever has counted itself waits, once the state is free.
        let _state = self.state();
        let conditions = [&self.not_full, &self.not_empty, &self.all_done];
        conditions.iter().map(|condition| condition.waiting.load(Ordering::Relaxed)).sum()
    }

    fn stray_wakeup(&self) {
        self.not_full.notify_all();
        self.not_empty.notify_all();
    }
}

impl<T: Send + 'static> conformance::queue::Queue<T> for Queue<T> {
    fn try_put(&self, item: T) -> Result<(), Full<T>> {
        self.try_put(item)
    }

    fn put_timeout(&self, item: T, timeout: Duration) -> Result<(), Full<T>> {
        self.put_timeout(item, timeout)
    }

    fn try_get(&self) -> Result<T, Empty> {
        self.try_get()
    }

    fn get_timeout(&self, timeout: Duration) -> Result<T, Empty> {
        self.get_timeout(timeout)
    }

    fn is_full(&self) -> bool {
        self.is_full()
    }

    fn task_done(&self) -> Result<(), TooManyDone> {
        self.task_done()
    }

    fn join(&self) {
        self.join();
    }

    fn join_timeout(&self, timeout: Duration) -> bool {
        self.join_timeout(timeout)
    }

    fn panic_inside(&self) {
        let _state = self.state();
        panic!("with the state locked");
    }
}

shared::queue_conformance!(Queue);

/// Stray wakeups go on until the waiter has given up: that it does is the test, and not before its time.
#[test]
fn a_stray_wakeup_restarts_no_timeout() {
    fn gives_up<R: PartialEq + Debug + Send + 'static>(
        condition: fn(&Queue<usize>) -> &Condition,
        call: fn(&Queue<usize>) -> R,
        gave_up: R,
    ) {
        let queue = Arc::new(Queue::new(1));
        queue.put(1);
        let waiter = bunch(1, {
            let queue = Arc::clone(&queue);
            move |_| {
                let start = Instant::now();
                (call(&queue), start.elapsed() >= SHORT)
            }
        });
        until("it gives up", || {
            condition(&queue).notify_all();
            waiter[0].is_finished()
        });
        assert_eq!(join(waiter), [(gave_up, true)]);
    }
    gives_up(|queue| &queue.not_full, |queue| queue.put_timeout(2, SHORT), Err(Full(2)));
    gives_up(|queue| &queue.all_done, |queue| queue.join_timeout(SHORT), false);
    let get = |queue: &Queue<usize>| {
        let _ = queue.try_get();
        queue.get_timeout(SHORT)
    };
    gives_up(|queue| &queue.not_empty, get, Err(Empty));
}
