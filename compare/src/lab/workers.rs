//! Workers: what tasks run on.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use tokio::runtime::{Builder, Handle, Runtime, RuntimeFlavor};
use tokio::task;

use super::{Runtime as Kind, cores};

/// A runtime whose end waits for nobody: what hangs on it would keep the program from ending.
#[derive(Debug)]
pub struct Workers(Option<Runtime>);

/// How many threads may block, at most: as many as there can be actors who meet, of a thousand in each role. Tokio's own
/// 512 are a limit that only who meets comes to.
const BLOCKING: usize = 4_000;

/// How long it may take until all workers have started.
const PATIENCE: Duration = Duration::from_secs(5);

impl Workers {
    /// A runtime of this kind.
    ///
    /// # Errors
    /// If the system has no room for its threads.
    pub fn new(kind: Kind) -> io::Result<Self> {
        let workers = match kind {
            Kind::Cores => Some(cores()),
            Kind::Workers(workers) => Some(workers.get().into()),
            Kind::Current => None,
        };
        let mut builder = match workers {
            Some(workers) => {
                let mut builder = Builder::new_multi_thread();
                builder.worker_threads(workers);
                builder
            }
            None => Builder::new_current_thread(),
        };
        let started = Arc::new(AtomicUsize::new(0));
        let starts = Arc::clone(&started);
        builder.thread_name(kind.to_string()).max_blocking_threads(BLOCKING).on_thread_start(move || {
            starts.fetch_add(1, Ordering::Relaxed);
        });
        let runtime = Self(Some(builder.enable_io().enable_time().build()?));
        // Where the system has room for some of the workers only, tokio makes do with these, and they wait for the others.
        let (due, start) = (workers.unwrap_or(0), Instant::now());
        while started.load(Ordering::Relaxed) < due {
            if start.elapsed() > PATIENCE {
                return Err(io::Error::other("a limit of threads or of memory is reached"));
            }
            thread::yield_now();
        }
        Ok(runtime)
    }

    /// Runs a future on it.
    pub fn block_on<F: Future>(&self, future: F) -> F::Output {
        self.0.as_ref().expect("only its drop takes the runtime").block_on(future)
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

/// Blocks: on a worker of a multi-thread runtime, so that whatever that worker would run next goes on elsewhere.
///
/// Without it, nobody would run what this task has woken, which is in a slot of its worker from which nobody steals, nor
/// what has given way on it, which it wakes itself. So right after a wake-up nobody else would seem to run.
pub(super) fn block(wait: &mut dyn FnMut()) {
    match Handle::try_current().map(|handle| handle.runtime_flavor()) {
        Ok(RuntimeFlavor::MultiThread) => task::block_in_place(wait),
        _ => wait(),
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZero;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::thread;
    use std::time::{Duration, Instant};

    use super::{Workers, block};
    use crate::lab::Runtime;

    #[test]
    fn what_a_task_wakes_runs_while_that_task_goes_on() {
        let workers = Workers::new(Runtime::Workers(NonZero::<u16>::MIN)).expect("room for a runtime");
        let waking = async {
            let ran = Arc::new(AtomicBool::new(false));
            let woken = Arc::clone(&ran);
            tokio::spawn(async move { woken.store(true, Ordering::Relaxed) });
            let start = Instant::now();
            block(&mut || {
                while !ran.load(Ordering::Relaxed) && start.elapsed() < Duration::from_mins(1) {
                    thread::yield_now();
                }
            });
            ran.load(Ordering::Relaxed)
        };
        let ran = workers.block_on(async { tokio::spawn(waking).await });
        assert!(ran.expect("it doesn't panic"), "it is left with the worker");
    }
}
