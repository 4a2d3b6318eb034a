//! Workers: what tasks run on.

use std::io;

use tokio::runtime::{Builder, Handle, Runtime};

use super::{Flavour, Settings};

/// A runtime whose end waits for nobody: what hangs on it would keep the program from ending.
#[derive(Debug)]
pub(super) struct Workers(Option<Runtime>);

impl Workers {
    /// The runtime of the settings.
    pub(super) fn new(settings: &Settings) -> io::Result<Self> {
        match settings.runtime {
            Flavour::Multi => Self::of(Builder::new_multi_thread().worker_threads(settings.workers.get())),
            Flavour::Current => Self::one(),
        }
    }

    /// A runtime of one thread.
    pub(super) fn one() -> io::Result<Self> {
        Self::of(&mut Builder::new_current_thread())
    }

    fn of(builder: &mut Builder) -> io::Result<Self> {
        builder.enable_io().enable_time().build().map(|runtime| Self(Some(runtime)))
    }

    pub(super) fn block_on<F: Future>(&self, future: F) -> F::Output {
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

/// Gives others what the worker that calls this would run next.
///
/// What a task wakes is kept for the same worker, in a slot from which no other takes it, until something else is put
/// there. So right after a wake-up nobody else seems to run, however long the task goes on; here, something else is.
pub(super) fn hand_over() {
    if let Ok(runtime) = Handle::try_current() {
        runtime.spawn(async {});
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZero;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::thread;
    use std::time::{Duration, Instant};

    use shared::Pace;

    use super::{Workers, hand_over};
    use crate::lab::{Flavour, Settings};

    #[test]
    fn what_a_task_wakes_runs_while_that_task_goes_on() {
        let workers = NonZero::new(2).expect("two is not zero");
        let (runtime, timeout) = (Flavour::Multi, Duration::ZERO);
        let settings = Settings { pace: Pace::ZERO, runs: 1, seed: 0, runtime, workers, timeout };
        let workers = Workers::new(&settings).expect("room for a runtime");
        let waking = async {
            let ran = Arc::new(AtomicBool::new(false));
            let woken = Arc::clone(&ran);
            tokio::spawn(async move { woken.store(true, Ordering::Relaxed) });
            hand_over();
            let start = Instant::now();
            while !ran.load(Ordering::Relaxed) && start.elapsed() < Duration::from_mins(1) {
                thread::yield_now();
            }
            ran.load(Ordering::Relaxed)
        };
        let ran = workers.block_on(async { tokio::spawn(waking).await });
        assert!(ran.expect("it doesn't panic"), "it is left in the worker's slot");
    }
}
