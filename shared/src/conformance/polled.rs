//! Futures that a test polls by hand, and sees whom they wake.

use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Wake, Waker};

/// Counts how often it is woken.
#[derive(Debug, Default)]
pub struct Woken(AtomicUsize);

impl Woken {
    /// How often it was.
    pub fn count(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

/// A future in a box, as `futures` names it.
type BoxFuture<'a, R> = Pin<Box<dyn Future<Output = R> + Send + 'a>>;

/// Polls the future, which still waits, and from now on wakes this one.
///
/// # Panics
/// If it needn't wait.
pub fn poll_with<R>(woken: &Arc<Woken>, future: &mut BoxFuture<'_, R>) {
    let waker = Waker::from(Arc::clone(woken));
    assert!(future.as_mut().poll(&mut Context::from_waker(&waker)).is_pending(), "it needn't wait");
}

/// This future, polled once with this waker, which waits.
///
/// # Panics
/// If it needn't wait.
pub fn waiter_with<'a, R: 'a>(
    woken: &Arc<Woken>,
    future: impl Future<Output = R> + Send + 'a,
) -> BoxFuture<'a, R> {
    let mut waiter: BoxFuture<'a, R> = Box::pin(future);
    poll_with(woken, &mut waiter);
    waiter
}

/// What this future gives that needn't wait.
///
/// # Panics
/// If it must.
pub fn now<R>(future: impl Future<Output = R>) -> R {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(ready) => ready,
        Poll::Pending => panic!("it must still wait"),
    }
}

/// Whether this future waits, now that it is polled once more.
pub fn still_waits<R>(future: &mut BoxFuture<'_, R>) -> bool {
    future.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending()
}
