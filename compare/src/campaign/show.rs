//! One run for looking at.

use std::io;

use shared::Setting;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::time::uptime;
use tracing_subscriber::{Layer as _, Registry, fmt};

use crate::behaviour::RunName;
use crate::capture;
use crate::lab::{Arm, Failure, Lab, Round, Tick};
use crate::pair::Pair;
use crate::report::Shown;

/// Runs one arm of a pair once, at the pace of the settings.
///
/// # Errors
/// See [`Failure`].
pub fn show(pair: &Pair, arm: Arm, lab: &mut Lab) -> Result<Shown, Failure> {
    lab.progress().begin_run(arm, 1, None);
    let setting =
        Setting { watched: true, alone: arm.is_on_one(), ..lab.timed(pair, arm, lab.settings.pace) };
    let run = lab.run(pair, arm, setting).map_err(|broken| broken.failure)?;
    lab.progress().tick(Tick::Over);
    let round = Round::at(1, lab.settings.pace);
    Ok(Shown::of(pair.problem(), RunName { arm, number: 1 }, &round, Some(&run.yielded), &run.trace))
}

/// From now on, an ordinary text layer writes what the actors record, and nothing else, into this; with colour or
/// without. It is for the first call of a process, before the first [`Lab`].
pub fn write_as_text(colour: bool, write: impl Fn(String) + Clone + Send + Sync + 'static) {
    let layer =
        fmt::layer::<Registry>()
            .with_ansi(colour)
            .with_timer(uptime())
            .with_level(false)
            .with_target(false)
            .with_writer(move || Writer(write.clone()))
            .with_filter(Targets::new().with_targets(
                ["shared", "threaded", "asynchronous"].map(|target| (target, LevelFilter::INFO)),
            ));
    capture::install_with(Some(layer));
}

/// Writes into a function, an event at a time.
struct Writer<F>(F);

impl<F: Fn(String)> io::Write for Writer<F> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0(String::from_utf8_lossy(bytes).into_owned());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
