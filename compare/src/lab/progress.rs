//! How far the work is, on stderr.

use std::io::{self, IsTerminal as _, Write as _};

use clap::ValueEnum;
use indicatif::{ProgressBar, ProgressStyle};

/// When to show how far the work is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum When {
    /// If stderr is a terminal.
    Auto,
    /// Always: where stderr is no terminal, a line for each pair.
    Always,
    /// Never.
    Never,
}

/// What shows how far the work is.
#[derive(Debug)]
pub struct Progress {
    bar: ProgressBar,
    lines: bool,
}

impl Progress {
    /// Shows nothing.
    pub fn hidden() -> Self {
        Self { bar: ProgressBar::hidden(), lines: false }
    }

    /// Shows how many of so many runs are made.
    pub fn new(when: When, runs: u64) -> Self {
        let terminal = io::stderr().is_terminal();
        if when == When::Never || !terminal {
            return Self { lines: when == When::Always, ..Self::hidden() };
        }
        let style = ProgressStyle::with_template("{wide_bar} {pos}/{len} runs  {msg:16}")
            .expect("the template is valid");
        let bar = ProgressBar::new(runs).with_style(style);
        Self { bar, lines: false }
    }

    /// The next pair begins.
    pub fn begin(&self, pattern: &'static str) {
        self.bar.set_message(pattern);
        if self.lines {
            // Progress that nobody reads is no reason to stop.
            let _ = writeln!(io::stderr(), "comparing {pattern}");
        }
    }

    /// A run is over.
    pub fn tick(&self) {
        self.bar.inc(1);
    }

    /// So many runs are not made after all.
    pub fn skip(&self, runs: u64) {
        self.bar.inc(runs);
    }

    /// The work is over, and the terminal as it was.
    pub fn end(&self) {
        self.bar.finish_and_clear();
    }
}
