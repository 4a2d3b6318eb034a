//! A pool of threads from a queue, held to what it must survive.

use std::sync::Arc;

use shared::conformance;
use shared::{Pace, Setting, Side, Stage};

use super::{JobError, ShutDown, SimplePool};

impl conformance::simple_pool::SimplePool for SimplePool {
    fn new(workers: usize) -> Self {
        let setting = Setting { pace: Pace::ZERO, ..Setting::new("pool_from_scratch", Side::Threaded) };
        let stage = Stage::new(setting);
        Self::new((0..workers).map(|number| stage.actor("worker", number)))
    }

    fn submit(&mut self, task: impl FnOnce() + Send + 'static) -> Result<(), ShutDown> {
        self.submit(|_| task())
    }

    fn shutdown(&mut self, wait: bool) -> Vec<usize> {
        self.shutdown(wait)
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
