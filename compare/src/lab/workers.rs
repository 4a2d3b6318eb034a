//! Workers: what tasks run on.

use std::io;

use tokio::runtime::{Builder, Runtime};

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
