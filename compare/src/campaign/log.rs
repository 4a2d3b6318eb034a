//! The log: what actors record, written as an ordinary subscriber of `tracing` writes it.

use std::io;

use tracing_subscriber::filter::{EnvFilter, ParseError};
use tracing_subscriber::fmt::time::uptime;
use tracing_subscriber::{Layer as _, Registry, fmt};

use crate::capture;
use crate::lab::Log;

/// What is wrong with a filter, in the syntax of `RUST_LOG`, if anything is.
///
/// # Errors
/// If it can't be read.
pub fn check_filter(filter: &str) -> Result<(), ParseError> {
    EnvFilter::try_new(filter).map(drop)
}

/// From now on, an ordinary text layer writes what passes the filter into this, an event at a time. It is for the first call
/// of a process, before the first [`Lab`](crate::lab::Lab).
pub fn write_log(log: &Log, write: impl Fn(String) + Clone + Send + Sync + 'static) {
    let layer = fmt::layer::<Registry>()
        .with_ansi(log.colour)
        .with_timer(uptime())
        .with_writer(move || Writer(write.clone()))
        // It was checked where it was given.
        .with_filter(EnvFilter::new(&log.filter));
    capture::install_with(Some(layer));
}

/// Writes into a function, an event at a time.
struct Writer<F>(F);

impl<F: Fn(String)> io::Write for Writer<F> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        (self.0)(String::from_utf8_lossy(bytes).into_owned());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
