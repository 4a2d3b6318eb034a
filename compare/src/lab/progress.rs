//! How far the work is: on stderr, or told to whoever shows it.

use std::io::{self, IsTerminal as _, Write as _};

use clap::ValueEnum;
use indicatif::{ProgressBar, ProgressStyle};
use serde::{Deserialize, Serialize};

use super::{Arm, Round};

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

/// What happens while runs are made.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Tick {
    /// A run begins.
    Begins {
        /// Of this arm.
        arm: Arm,
        /// Its number among the runs of that arm.
        number: u32,
        /// In which round; none where it is timed.
        round: Option<Round>,
    },
    /// A run is over.
    Over,
    /// So many runs are not made after all.
    Skipped(u64),
}

/// What shows how far the work is.
#[derive(Debug)]
pub struct Progress {
    bar: ProgressBar,
    lines: bool,
    /// Whether it writes what somebody prints beside it.
    writes: bool,
    told: Option<fn(Tick)>,
}

impl Progress {
    /// Shows nothing.
    pub fn hidden() -> Self {
        Self { bar: ProgressBar::hidden(), lines: false, writes: false, told: None }
    }

    /// Shows nothing, but tells this what happens.
    pub fn told(told: fn(Tick)) -> Self {
        Self { told: Some(told), ..Self::hidden() }
    }

    /// Shows how many of so many runs are made.
    pub fn new(when: When, runs: u64) -> Self {
        let terminal = io::stderr().is_terminal();
        if when == When::Never || !terminal {
            return Self { lines: when == When::Always, writes: true, ..Self::hidden() };
        }
        let style = ProgressStyle::with_template("{wide_bar} {pos}/{len} runs  {msg:16}")
            .expect("the template is valid");
        Self { bar: ProgressBar::new(runs).with_style(style), writes: true, ..Self::hidden() }
    }

    /// The next pair begins.
    pub fn begin(&self, pattern: &'static str) {
        self.bar.set_message(pattern);
        if self.lines {
            // Progress that nobody reads is no reason to stop.
            let _ = writeln!(io::stderr(), "comparing {pattern}");
        }
    }

    /// The process of this number that times a pair begins.
    pub fn time(&self, pattern: &'static str, process: u32) {
        self.spin(format!("timing {pattern}, process {}", process + 1));
    }

    /// What a run of a pair takes of memory is measured.
    pub fn weigh(&self, pattern: &'static str) {
        self.spin(format!("weighing {pattern}"));
    }

    /// How many runs there will be, nobody knows.
    fn spin(&self, message: String) {
        self.bar.set_style(ProgressStyle::with_template("{spinner} {msg}").expect("the template is valid"));
        self.bar.set_message(message);
    }

    /// The run of this arm and this number begins: in this round, or to be timed.
    pub fn begin_run(&self, arm: Arm, number: u32, round: Option<&Round>) {
        self.tick(Tick::Begins { arm, number, round: round.cloned() });
    }

    /// This happened.
    pub fn tick(&self, tick: Tick) {
        match tick {
            Tick::Begins { .. } => {}
            Tick::Over => self.bar.inc(1),
            Tick::Skipped(runs) => self.bar.inc(runs),
        }
        if let Some(told) = self.told {
            told(tick);
        }
    }

    /// Writes a line beside what is shown.
    pub fn write(&self, line: &str) {
        if self.writes {
            // Where stderr is closed, nobody misses it.
            self.bar.suspend(|| drop(writeln!(io::stderr(), "{line}")));
        }
    }

    /// The work is over, and the terminal as it was.
    pub fn end(&self) {
        self.bar.finish_and_clear();
    }
}
