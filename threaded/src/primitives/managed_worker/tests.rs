//! A managed worker of threads, held to what it must survive.

use std::sync::mpsc;
use std::thread;

use shared::conformance;

use super::ManagedWorker;

impl conformance::managed_worker::ManagedWorker for ManagedWorker<usize> {
    fn start(&mut self, value: Option<usize>) -> bool {
        self.start(|stop| {
            thread::spawn(move || {
                stop.wait();
                value.expect("a worker that panics when it is asked")
            })
        })
    }

    fn start_and_end(&mut self, value: usize) -> bool {
        self.start(|_| thread::spawn(move || value))
    }

    fn ask_to_stop(&self) {
        self.ask_to_stop();
    }

    fn join(&mut self) -> Option<usize> {
        self.join()
    }

    fn stop(&mut self) -> Option<usize> {
        self.stop()
    }
}

shared::managed_worker_conformance!(ManagedWorker<usize>);

/// Dropped, it asks the worker to stop; else the worker would wait for ever.
#[test]
fn dropped_it_asks() {
    let (alive, ended) = mpsc::channel::<()>();
    let mut worker = ManagedWorker::new();
    worker.start(|stop| {
        thread::spawn(move || {
            stop.wait();
            drop(alive);
        })
    });
    drop(worker);
    assert!(ended.recv().is_err(), "it has ended");
}
