//! Children: each question about a pair is asked of a process of its own, which is gone when it has answered.

use std::io;
use std::mem;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::RecvTimeoutError;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::answer::Answer;
use super::order::{INTERRUPT, Order, Said, Task};
use super::scratch::{Scratch, sweep};
use super::served::SERVE_PAIR;
use crate::behaviour::{Behaviour, Ended, RunName};
use crate::lab::{
    Arm, Child, Failure, LOOK, Progress, Round, SEPARATOR, Settings, Tick, listen, lost, system_words,
    this_program,
};
use crate::pair::{Pair, visible};

/// How long a child may take until its first run begins; beyond the deadline of a run, to say that this has passed; and
/// after an interruption, to say what it has.
const GRACE: Duration = Duration::from_secs(10);

/// How long it may take until one that has answered ends.
const FAREWELL: Duration = Duration::from_millis(500);

/// How long it may think between two runs, and after the last: of ten thousand runs it takes a while.
const THOUGHT: Duration = Duration::from_mins(10);

/// Where pairs are compared, each in a process of its own.
#[derive(Debug)]
pub struct Apart {
    pub(super) settings: Settings,
    pub(super) progress: Progress,
    program: PathBuf,
    interrupted: Arc<AtomicBool>,
}

/// A child that did not answer.
pub(super) struct Lost {
    /// The run that it made then, or had made last.
    pub(super) run: RunName,
    pub(super) round: Option<Round>,
    /// Why.
    pub(super) failure: Failure,
    /// The rounds that were over by then.
    pub(super) rounds: Vec<Round>,
}

/// Why a child does not answer.
enum Silence {
    /// It has ended, or nobody hears it any more.
    Gone,
    /// It has taken too long.
    Late,
    /// It says something that nobody understands.
    Strange(String),
}

/// What is known of a child meanwhile.
struct Known {
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

impl Apart {
    /// Such a place, with children that are this program. What killed ones have left is swept away first.
    ///
    /// # Errors
    /// If nobody knows where that is.
    pub fn new(settings: Settings, progress: Progress) -> io::Result<Self> {
        sweep();
        Ok(Self { settings, progress, program: this_program()?, interrupted: Arc::default() })
    }

    /// The same place, with children that are that program instead.
    #[must_use]
    pub fn with_program(self, program: impl Into<PathBuf>) -> Self {
        Self { program: program.into(), ..self }
    }

    /// From now on, Ctrl-C, a hang-up or a signal to terminate ends the work in order: who is asked is told of it.
    ///
    /// # Errors
    /// If the system doesn't let us listen.
    pub fn listen_for_interruptions(&self) -> io::Result<()> {
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
    pub(super) fn ask<T: Answer>(
        &self,
        pair: &Pair,
        task: Task,
        kept: Option<&Path>,
    ) -> Result<T, Box<Lost>> {
        let mut known = Known::nothing(task.first());
        // Those of a killed child go with it. Where there is no room for them, who needs some will say so.
        let scratch = Scratch::new().ok();
        let folders = [scratch.as_ref().map(Scratch::path), kept];
        let mut child = match self.start(pair, &task, folders) {
            Ok(child) => child,
            Err(error) => {
                let why = format!("its process could not be started: {}", system_words(&error));
                return Err(known.lost(Failure::Lost(why)));
            }
        };
        let heard = self.hear(pair, &task, &mut child, &mut known);
        // Whoever has answered ends by itself.
        let patience = if matches!(heard, Err(Silence::Late)) { Duration::ZERO } else { FAREWELL };
        let (status, written) = child.end(patience);
        if !matches!((&heard, &status), (Err(Silence::Gone), Ok(Some(_)))) {
            // A thread that is no actor panics without being held back; but where to look further, nobody can.
            let told = written.lines().filter(|line| !line.is_empty() && !line.starts_with("note: run with"));
            told.for_each(|line| self.progress.write(&visible(line)));
        }
        let why = match heard {
            Ok(answer) => return Ok(answer),
            Err(_) if known.interrupted => return Err(known.lost(Failure::Interrupted)),
            Err(Silence::Late) if !known.over => {
                let limit = self.settings.timeout;
                return Err(known.lost(Failure::Deadline { limit, waits: Vec::new() }));
            }
            Err(Silence::Late) => "its process says nothing any more".into(),
            Err(Silence::Strange(why)) => visible(&format!("what its process says can't be read: {why}")),
            Err(Silence::Gone) => lost(status, &written),
        };
        Err(known.lost(Failure::Lost(why)))
    }

    /// What a child answers.
    fn hear<T: Answer>(
        &self,
        pair: &Pair,
        task: &Task,
        child: &mut Child,
        known: &mut Known,
    ) -> Result<T, Silence> {
        let mut ended = false;
        loop {
            let start = Instant::now();
            match child.hear(LOOK) {
                Ok(line) => match self.understand::<T>(&line)? {
                    None => {}
                    Some(Said::Made(tick)) => {
                        known.note(&tick, self.settings.timeout);
                        self.progress.tick(tick);
                    }
                    Some(Said::Logged(text)) => self.progress.write(text.trim_end()),
                    Some(Said::Answers(answer)) if answer.is_to(task, pair.problem()) => return Ok(answer),
                    Some(Said::Answers(_)) => {
                        return Err(Silence::Strange("it answers something else than it was asked".into()));
                    }
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

    /// What its children are.
    pub(super) fn program(&self) -> &Path {
        &self.program
    }

    pub(super) fn is_interrupted(&self) -> bool {
        self.interrupted.load(Ordering::Relaxed)
    }

    /// What is said in a line; none where it is only printed by a pattern, which prints for whoever looks on.
    fn understand<T: Answer>(&self, line: &str) -> Result<Option<Said<T>>, Silence> {
        let said = line.strip_prefix(SEPARATOR);
        if said.is_none() && !line.is_empty() {
            self.progress.write(&visible(line));
        }
        said.map(serde_json::from_str).transpose().map_err(|error| Silence::Strange(error.to_string()))
    }

    /// A child that is asked for this, with these folders for its temporary files and for the traces that it keeps.
    fn start(&self, pair: &Pair, task: &Task, folders: [Option<&Path>; 2]) -> io::Result<Child> {
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
        let order = Order { settings, timeout, pattern, plan, task: task.clone() };
        let order = serde_json::to_string(&order).expect("an order is plain data");
        // One that has ended already can say why.
        let _ = child.tell(format_args!("{order}"));
        Ok(child)
    }
}

impl Known {
    /// Nothing, but that this run comes first.
    fn nothing(run: RunName) -> Self {
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

    fn lost(self, failure: Failure) -> Box<Lost> {
        let Self { run, round, rounds, .. } = self;
        Box::new(Lost { run, round, failure, rounds })
    }
}

impl Lost {
    /// How these arms of a pair behave whose child was lost; and whether that is because the user wanted no more.
    pub(super) fn end(self, arms: [Arm; 2]) -> (Behaviour, bool) {
        let Self { run, round, failure, .. } = self;
        let interrupted = failure == Failure::Interrupted;
        (Behaviour::ended(arms, Ended::of(run, round, failure)), interrupted)
    }
}
