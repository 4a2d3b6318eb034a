//! A managed worker of tasks, held to what it must survive.

use std::sync::LazyLock;

use futures::FutureExt as _;
use shared::conformance;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;

use super::ManagedWorker;

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().expect("room for a runtime"));

/// Driven by the threads that call it.
impl conformance::managed_worker::ManagedWorker for ManagedWorker<usize> {
    fn start(&mut self, value: Option<usize>) -> bool {
        self.start(|stop| {
            RUNTIME.spawn(async move {
                stop.wait().await;
                value.expect("a worker that panics when it is asked")
            })
        })
    }

    fn start_and_end(&mut self, value: usize) -> bool {
        self.start(|_| RUNTIME.spawn(async move { value }))
    }

    fn ask_to_stop(&self) {
        self.ask_to_stop();
    }

    fn join(&mut self) -> Option<usize> {
        RUNTIME.block_on(self.join())
    }

    fn stop(&mut self) -> Option<usize> {
        RUNTIME.block_on(self.stop())
    }
}

shared::managed_worker_conformance!(ManagedWorker<usize>);

/// Dropped, it asks the worker to stop; else the worker would wait for ever.
#[test]
fn dropped_it_asks() {
    let (alive, ended) = oneshot::channel::<()>();
    let mut worker = ManagedWorker::new();
    worker.start(|stop| {
        RUNTIME.spawn(async move {
            stop.wait().await;
            drop(alive);
        })
    });
    drop(worker);
    assert!(RUNTIME.block_on(ended).is_err(), "it has ended");
}

/// A join that is dropped while it waits leaves the worker to be joined.
#[test]
fn a_join_may_be_dropped() {
    let mut worker = ManagedWorker::new();
    worker.start(|stop| {
        RUNTIME.spawn(async move {
            stop.wait().await;
            1
        })
    });
    for _ in 0..3 {
        assert_eq!(worker.join().now_or_never(), None, "nobody has asked it to stop");
    }
    drop(worker.stop());
    assert_eq!(worker.join().now_or_never(), None, "a future that is not polled asks nobody");
    assert_eq!(RUNTIME.block_on(worker.stop()), Some(1));
}
