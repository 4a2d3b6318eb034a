//! Children: each question about a pair is asked of a process of its own, which is gone when it has answered.

use std::io;
use std::mem;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::RecvTimeoutError;
use std::thread;
use std::time::{Duration, Instant};

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::lost;
use super::order::{INTERRUPT, Order, Said, Task};
use super::scratch::{Scratch, sweep};
use super::served::SERVE_PAIR;
use crate::behaviour::{Ended, How, RunName};
use crate::lab::{
    Child, Failure, LOOK, Progress, Round, SEPARATOR, Settings, Tick, listen, system_words, this_program,
};
use crate::pair::{Pair, visible};

/// How long a child may take until its first run begins; beyond the deadline of a run, to say that this has passed; and
/// after an interruption, to say what it has.
const GRACE: Duration = Duration::from_secs(10);

/// How long it may take until one that has answered ends.
const FAREWELL: Duration = Duration::from_millis(500);

/// How long it may think between two runs, and after the last: of ten thousand runs it takes a while.
const THOUGHT: Duration = Duration::from_mins(10);

/// Those who are asked.
#[derive(Debug)]
pub(super) struct Children {
    pub(super) settings: Settings,
    pub(super) program: PathBuf,
    pub(super) progress: Progress,
    interrupted: Arc<AtomicBool>,
}

/// A child that did not answer.
pub(super) struct Lost {
    /// The run that ended it.
    pub(super) ended: Ended,
    /// The rounds that were over by then.
    pub(super) rounds: Vec<Round>,
    pub(super) interrupted: bool,
}

/// Why a child does not answer.
enum Silence {
    /// It has ended, or nobody hears it any more.
    Gone,
    /// It has taken too long.
    Late,
    /// It says something that nobody understands.
    Strange(serde_json::Error),
}

/// What is known of a child meanwhile.
pub(super) struct Known {
    /// The run that it makes, or has made last.
    run: RunName,
    round: Option<Round>,
    /// The rounds before that one.
    rounds: Vec<Round>,
    /// Whether that run is over.
    over: bool,
    /// When the child is killed, unless it says something before.
    deadline: Instant,
    /// Whether it was told to end.
    interrupted: bool,
}

impl Children {
    /// Those that are this program. What killed ones have left is swept away first.
    ///
    /// # Errors
    /// If nobody knows where that is.
    pub(super) fn new(settings: Settings, progress: Progress) -> io::Result<Self> {
        sweep();
        Ok(Self { settings, program: this_program()?, progress, interrupted: Arc::default() })
    }

    /// From now on, who is asked is told of an interruption.
    ///
    /// # Errors
    /// If the system doesn't let us listen.
    pub(super) fn listen_for_interruptions(&self) -> io::Result<()> {
        let interrupted = Arc::clone(&self.interrupted);
        listen(move || {
            interrupted.store(true, Ordering::Relaxed);
            true
        })
    }

    /// Asks a child of its own for this; one that keeps traces does so in this folder.
    ///
    /// # Errors
    /// If it does not answer.
    pub(super) fn ask<T: DeserializeOwned>(
        &self,
        pair: &Pair,
        task: Task,
        kept: Option<&Path>,
        wrote: &mut dyn FnMut(&str),
    ) -> Result<T, Box<Lost>> {
        let mut known = Known::nothing(task.first());
        // Those of a killed child go with it. Where there is no room for them, who needs some will say so.
        let scratch = Scratch::new().ok();
        let folders = [scratch.as_ref().map(Scratch::path), kept];
        let mut child = match self.start(pair, task, folders) {
            Ok(child) => child,
            Err(error) => {
                let reason = format!("its process could not be started: {}", system_words(&error));
                return Err(known.lost(How::Failed, reason));
            }
        };
        let heard = self.hear(&mut child, &mut known, wrote);
        // Whoever has answered ends by itself, and with it what it has started.
        let patience = if matches!(heard, Err(Silence::Late)) { Duration::ZERO } else { FAREWELL };
        let (status, written) = child.end(patience);
        if !matches!((&heard, &status), (Err(Silence::Gone), Ok(Some(_)))) {
            written.lines().for_each(|line| self.progress.write(&visible(line)));
        }
        let (how, reason) = match heard {
            Ok(answer) => return Ok(answer),
            Err(Silence::Strange(error)) => {
                (How::Failed, visible(&format!("what its process says can't be read: {error}")))
            }
            Err(Silence::Gone) => {
                // Ctrl-C in a terminal goes to a whole group, and the child may be the first to hear of it.
                thread::sleep(LOOK);
                known.interrupted |= self.is_interrupted();
                let reason = match status {
                    Ok(Some(status)) => lost::reason(status, &written),
                    Ok(None) => "its process closed its standard output".into(),
                    Err(error) => format!("its process is gone: {}", system_words(&error)),
                };
                (How::Failed, reason)
            }
            Err(Silence::Late) if known.interrupted => {
                (How::Failed, "its process was interrupted, and did not answer".into())
            }
            Err(Silence::Late) if known.over => (How::Failed, "its process says nothing any more".into()),
            Err(Silence::Late) => (How::Deadline, self.deadline().to_string()),
        };
        Err(known.lost(how, reason))
    }

    /// What a child answers.
    fn hear<T: DeserializeOwned>(
        &self,
        child: &mut Child,
        known: &mut Known,
        wrote: &mut dyn FnMut(&str),
    ) -> Result<T, Silence> {
        let mut ended = false;
        loop {
            let start = Instant::now();
            match child.hear(LOOK) {
                Ok(line) => match self.understand(&line).transpose().map_err(Silence::Strange)? {
                    None => {}
                    Some(Said::Made(tick)) => {
                        known.note(&tick, self.settings.timeout);
                        self.progress.tick(tick);
                    }
                    Some(Said::Wrote(text)) => wrote(&text),
                    Some(Said::Answers(answer)) => return Ok(answer),
                },
                Err(RecvTimeoutError::Disconnected) => return Err(Silence::Gone),
                // Somebody whom it has started may still hold its pipe.
                Err(RecvTimeoutError::Timeout) if ended => return Err(Silence::Gone),
                Err(RecvTimeoutError::Timeout) => ended = !child.is_alive(),
            }
            // Whoever looks late was stopped meanwhile, as by Ctrl-Z, and so was the run.
            known.deadline += start.elapsed().saturating_sub(LOOK);
            if self.is_interrupted() && !known.interrupted {
                // Where it has ended, that is known in a moment.
                let _ = child.tell(format_args!("{INTERRUPT}"));
                known.interrupted = true;
                known.deadline = Instant::now() + GRACE;
            }
            if known.deadline < Instant::now() {
                return Err(Silence::Late);
            }
        }
    }

    fn is_interrupted(&self) -> bool {
        self.interrupted.load(Ordering::Relaxed)
    }

    /// The failure of a run that is so late that nobody says who waits in it.
    pub(super) fn deadline(&self) -> Failure {
        Failure::Deadline { limit: self.settings.timeout, waits: Vec::new() }
    }

    /// What is said in a line; none where it is only printed by a pattern, which prints for whoever looks on.
    fn understand<T: DeserializeOwned>(&self, line: &str) -> Option<serde_json::Result<Said<T>>> {
        let said = line.strip_prefix(SEPARATOR);
        if said.is_none() && !line.is_empty() {
            self.progress.write(&visible(line));
        }
        said.map(serde_json::from_str)
    }

    /// A child that is asked for this, with these folders for its temporary files and for the traces that it keeps.
    fn start(&self, pair: &Pair, task: Task, folders: [Option<&Path>; 2]) -> io::Result<Child> {
        let mut command = Command::new(&self.program);
        #[cfg(unix)]
        std::os::unix::process::CommandExt::arg0(&mut command, "compare");
        command.arg(SERVE_PAIR).args(folders.map(|folder| folder.unwrap_or(Path::new(""))));
        // What it writes is quoted in a line, and a line has no room for a backtrace.
        command.stderr(Stdio::piped()).env("RUST_BACKTRACE", "0");
        if let [Some(temporary), _] = folders {
            // Where Unix looks, and where Windows does.
            command.env("TMPDIR", temporary).env("TMP", temporary);
        }
        let mut child = Child::start(&mut command)?;
        let (settings, plan) = (self.settings.clone(), Value::Object(pair.problem().plan()));
        let (timeout, pattern) = (settings.timeout, pair.problem().card().pattern);
        let order = Order { settings, timeout, pattern, plan, task };
        let order = serde_json::to_string(&order).expect("an order is plain data");
        // One that has ended already can say why.
        let _ = child.tell(format_args!("{order}"));
        Ok(child)
    }
}

impl Known {
    /// Nothing, but that this run comes first.
    pub(super) fn nothing(run: RunName) -> Self {
        let deadline = Instant::now() + GRACE;
        Self { run, round: None, rounds: Vec::new(), over: true, deadline, interrupted: false }
    }

    fn note(&mut self, tick: &Tick, timeout: Duration) {
        let patience = match tick {
            Tick::Begins { arm, number, round } => {
                self.run = RunName { arm: *arm, number: *number };
                if self.round != *round {
                    self.rounds.extend(mem::replace(&mut self.round, round.clone()));
                }
                self.over = false;
                timeout + GRACE
            }
            Tick::Over => {
                self.over = true;
                THOUGHT
            }
            Tick::Skipped(_) => THOUGHT,
        };
        if !self.interrupted {
            self.deadline = Instant::now() + patience;
        }
    }

    pub(super) fn lost(self, how: How, reason: String) -> Box<Lost> {
        let Self { run, round, rounds, interrupted, .. } = self;
        Box::new(Lost { ended: Ended { run, round, how, reason, waits: Vec::new() }, rounds, interrupted })
    }
}
