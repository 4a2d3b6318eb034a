//! The threads on which the tasks of a runtime may block, timed: when one is at hand, it is a thread like others, so only
//! to get one is.

use std::io;
use std::time::{Duration, Instant};

use tokio::task;

use super::tasks::do_nothing;
use super::timed::Timed;
use crate::lab::{Runtime, Workers};

/// A pool of such threads, which are kept for a while when they have nothing to do.
pub(super) struct Pool(Workers);

impl Pool {
    pub(super) fn new() -> io::Result<Self> {
        Workers::new(Runtime::Cores).map(Self)
    }
}

impl Timed for Pool {
    fn do_nothing(&mut self) {
        do_nothing(&self.0);
    }

    fn spawn(&mut self, count: u32) -> Duration {
        self.0.block_on(async move {
            let start = Instant::now();
            let spawned: Vec<_> = (0..count).map(|_| task::spawn_blocking(|| {})).collect();
            for job in spawned {
                job.await.expect("it does nothing");
            }
            start.elapsed()
        })
    }
}
