//! What is ready at once, again and again, gives way now and then all the same, as what tokio has does: else a timeout
//! around a loop over it would never be over, and nobody else of its thread would ever go on.

use std::pin::pin;
use std::time::Duration;

use asynchronous::primitives::barrier::Barrier;
use asynchronous::primitives::bounded_semaphore::BoundedSemaphore;
use asynchronous::primitives::condition::Condition;
use asynchronous::primitives::event::Event;
use asynchronous::primitives::fair_read_write_lock::Fair;
use asynchronous::primitives::lock::Lock;
use asynchronous::primitives::pool::Pool;
use asynchronous::primitives::queue::Queue;
use asynchronous::primitives::read_write_lock::{Policy, PolicyLock, ReaderPreference};
use asynchronous::primitives::reentrant_lock::{Owner, ReentrantLock};
use asynchronous::primitives::semaphore::Semaphore;
use futures::future::{self, Either};
use tokio::runtime::Builder;
use tokio::sync::Mutex;

/// More often than tokio's budget allows in one poll.
const OFTEN: u32 = 1_000;

/// Long enough to be no reason.
const LONG: Duration = Duration::from_hours(1);

/// Asserts that whoever does this often doesn't do it all at once, in a runtime of one thread.
fn assert_gives_way<T>(what: &str, mut once: impl AsyncFnMut() -> T) {
    let runtime = Builder::new_current_thread().enable_time().build().expect("room for a runtime");
    let gave_way = runtime.block_on(async {
        let often = async {
            for _ in 0..OFTEN {
                once().await;
            }
        };
        matches!(future::select(pin!(often), future::ready(())).await, Either::Right(_))
    });
    assert!(gave_way, "{what} never gives way");
}

#[test]
fn locks_give_way() {
    let (lock, owner) = (Lock::new(), Owner::new());
    assert_gives_way("Lock", async || drop(lock.guard().await));
    assert_gives_way("Lock, for a while", async || {
        assert!(lock.acquire_timeout(LONG).await);
        lock.release()
    });
    let reentrant = ReentrantLock::new();
    assert_gives_way("ReentrantLock", async || drop(reentrant.guard(&owner).await));
    assert_gives_way("ReentrantLock, for a while", async || reentrant.acquire_timeout(&owner, LONG).await);
}

#[test]
fn semaphores_give_way() {
    let semaphore = Semaphore::new(1);
    assert_gives_way("Semaphore", async || drop(semaphore.guard().await));
    assert_gives_way("Semaphore, for a while", async || semaphore.acquire_timeout(Duration::ZERO).await);
    let bounded = BoundedSemaphore::new(1);
    assert_gives_way("BoundedSemaphore", async || drop(bounded.guard().await));
}

#[test]
fn read_write_locks_give_way() {
    fn give_way<P: Policy>() {
        let lock = PolicyLock::<u64, P>::new(0);
        assert_gives_way("read", async || drop(lock.read().await));
        assert_gives_way("write", async || drop(lock.write().await));
        assert_gives_way("read, for a while", async || drop(lock.read_timeout(LONG).await));
        assert_gives_way("write, for a while", async || drop(lock.write_timeout(LONG).await));
    }
    give_way::<ReaderPreference>();
    give_way::<Fair>();
}

#[test]
fn signals_give_way() {
    let (event, barrier) = (Event::new(), Barrier::new(1));
    event.set();
    assert_gives_way("Event", async || event.wait().await);
    assert_gives_way("Event, for a while", async || event.wait_timeout(LONG).await);
    assert_gives_way("Barrier", async || barrier.wait().await);
    assert_gives_way("Barrier, for a while", async || barrier.wait_timeout(LONG).await);
    let (condition, mutex) = (Condition::new(), Mutex::new(()));
    assert_gives_way("Condition", async || {
        let guard = mutex.lock().await;
        drop(condition.wait_timeout(guard, Duration::ZERO).await);
    });
}

#[test]
fn queues_give_way() {
    let queue = Queue::new(0);
    assert_gives_way("Queue::put", async || queue.put(1).await);
    assert_gives_way("Queue::get", async || queue.get().await);
    assert_gives_way("Queue::put_timeout", async || queue.put_timeout(1, LONG).await);
    assert_gives_way("Queue::get_timeout", async || queue.get_timeout(Duration::ZERO).await);
    assert_gives_way("Queue::join_timeout", async || queue.join_timeout(Duration::ZERO).await);
    let empty = Queue::<u32>::new(0);
    assert_gives_way("Queue::join", async || empty.join().await);
}

#[test]
fn handles_give_way() {
    let runtime = Builder::new_current_thread().build().expect("room for a runtime");
    let handle = runtime.block_on(async {
        let handle = Pool::new(1).submit(async |()| 1).expect("it is not shut down");
        assert_eq!(handle.result().await, Ok(1));
        handle
    });
    assert_gives_way("Handle::result", async || handle.result().await);
    assert_gives_way("Handle::result_timeout", async || handle.result_timeout(LONG).await);
}
