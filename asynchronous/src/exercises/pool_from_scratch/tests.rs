//! A pool of tasks from a queue, held to what it must survive.

use std::sync::{Arc, LazyLock};

use shared::conformance;
use shared::{Pace, Setting, Side, Stage};
use tokio::runtime::Runtime;
use tokio::task;

use super::{JobError, ShutDown, SimplePool};

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().expect("room for a runtime"));

/// Driven by the threads that call it; what it runs blocks in place, within the worker's own task.
impl conformance::simple_pool::SimplePool for SimplePool {
    fn new(workers: usize) -> Self {
        let _context = RUNTIME.enter();
        let setting = Setting { pace: Pace::ZERO, ..Setting::new("pool_from_scratch", Side::Asynchronous) };
        let stage = Stage::new(setting);
        Self::new((0..workers).map(|number| stage.actor("worker", number)))
    }

    fn submit(&mut self, task: impl FnOnce() + Send + 'static) -> Result<(), ShutDown> {
        RUNTIME.block_on(self.submit(async move |_| task::block_in_place(task)))
    }

    fn shutdown(&mut self, wait: bool) -> Vec<usize> {
        RUNTIME.block_on(self.shutdown(wait))
    }

    fn errors(&self) -> Vec<JobError> {
        self.errors()
    }

    fn workers_left(&self) -> usize {
        // Each of them has the queue, and so has the pool.
        Arc::strong_count(&self.queue) - 1
    }
}

shared::simple_pool_conformance!(SimplePool);
