//! Each pair in a process of its own: whatever it does there, the others are compared.

use std::collections::VecDeque;
use std::io::{self, Read as _};
use std::mem;
use std::path::{Path, PathBuf};
use std::process::{ChildStderr, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use serde::de::DeserializeOwned;
use serde_json::Value;
use tempfile::TempDir;

use super::comparison::Compared;
use super::diff::{Diffed, Request};
use super::findings::Findings;
use super::measured::Measured;
use super::order::{INTERRUPT, Order, Said, Task};
use super::served::SERVE_PAIR;
use super::{all, lost};
use crate::behaviour::{Behaviour, Ended, How, RunName};
use crate::lab::{
    Arm, Child, Failure, LOOK, Progress, Round, SEPARATOR, Settings, Tick, listen, system_words, this_program,
};
use crate::pair::{Pair, visible};
use crate::report::{Exit, PairReport, Report, Shown};

/// How long a child may take until its first run begins; beyond the deadline of a run, to say that this has passed; and
/// after an interruption, to say what it has.
const GRACE: Duration = Duration::from_secs(10);

/// How long it may take until a process that has answered ends, and until what it wrote is read: somebody whom it has
/// started may hold its pipe.
const LAST_WORDS: Duration = Duration::from_millis(500);

/// How long it may think between two runs, and after the last: of ten thousand runs it takes a while.
const THOUGHT: Duration = Duration::from_mins(10);

/// How much of what a child writes to its standard error is kept, in bytes.
const MOST_WRITTEN: usize = 1 << 16;

/// Where pairs are compared, each in a process of its own.
#[derive(Debug)]
pub struct Apart {
    settings: Settings,
    program: PathBuf,
    timer_error: Option<Duration>,
    progress: Progress,
    interrupted: Arc<AtomicBool>,
}

/// A child that did not answer.
struct Lost {
    /// The run that ended it.
    ended: Ended,
    /// The rounds that were over by then.
    rounds: Vec<Round>,
    interrupted: bool,
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
    /// Such a place, with children that are this program.
    ///
    /// # Errors
    /// If nobody knows where that is.
    pub fn new(settings: Settings, progress: Progress) -> io::Result<Self> {
        Ok(Self {
            settings,
            program: this_program()?,
            timer_error: None,
            progress,
            interrupted: Arc::default(),
        })
    }

    /// The same place, with children that are that program instead.
    #[must_use]
    pub fn with_program(self, program: impl Into<PathBuf>) -> Self {
        Self { program: program.into(), ..self }
    }

    /// From now on, Ctrl-C, a hang-up or a signal to terminate ends the work in order.
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

    /// How the runs are made.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// What shows how far the work is.
    pub fn progress(&self) -> &Progress {
        &self.progress
    }

    /// Compares these pairs. A pair that fails doesn't keep the others from being compared; an interruption ends it all,
    /// and what was compared until then is in the report.
    pub fn compare(&mut self, pairs: &[Pair]) -> (Report, Exit) {
        let settings = self.settings.clone();
        let compared = all::compare_until(Exit::Interrupted, pairs, settings, |pair| self.compare_one(pair));
        self.progress.end();
        compared
    }

    fn compare_one(&mut self, pair: &Pair) -> Compared {
        let card = pair.problem().card();
        self.progress.begin(card.slug);
        let asked: Result<(Compared, _), _> =
            self.ask(pair, Task::Compare { timer_error: self.timer_error }, None, &mut |_| {});
        let answer = asked.and_then(|answer| {
            let is_other =
                |report: &PairReport| (report.pattern, report.behaviour.arms) != (card.pattern, Arm::DEFAULT);
            if answer.0.report.as_deref().is_some_and(is_other) {
                let reason = "its process answers for another pair".into();
                return Err(Known::nothing(Arm::DEFAULT[0]).lost(How::Failed, reason));
            }
            Ok(answer)
        });
        match answer {
            Ok((compared, timer_error)) => {
                self.timer_error = timer_error;
                compared
            }
            Err(lost) if lost.interrupted => Compared { report: None, exit: Exit::Interrupted },
            Err(lost) => {
                let ended = lost.ended;
                let behaviour = Behaviour::ended(Arm::DEFAULT, &ended);
                let exit = Exit::of(&behaviour, Some(&ended));
                let findings = Findings::new(pair.problem(), Arm::DEFAULT);
                let report = findings.report(behaviour, Some("a run failed".into()), Measured::default());
                Compared { report: Some(Box::new(report)), exit }
            }
        }
    }

    /// Runs both arms of a pair as often as asked, and says how they behave. A failure is a behaviour.
    pub fn diff(&mut self, pair: &Pair, request: &Request<'_>) -> Diffed {
        let task = Task::Diff { lanes: request.reading.lanes };
        self.ask(pair, task, request.kept, &mut |_| {}).unwrap_or_else(|lost| {
            let Lost { ended, rounds, interrupted } = *lost;
            Diffed {
                plan: pair.problem().plan(),
                behaviour: Behaviour::ended(Arm::DEFAULT, &ended),
                rounds,
                interrupted,
                ended: Some(ended).filter(|_| !interrupted),
                unkept: None,
                lanes: Vec::new(),
            }
        })
    }

    /// Runs one arm of a pair once, at the pace of the settings; `wrote` gets what is written of it as text meanwhile, if
    /// it is to be, with colour or without.
    ///
    /// # Errors
    /// See [`Failure`].
    pub fn show(
        &mut self,
        pair: &Pair,
        arm: Arm,
        text: Option<bool>,
        wrote: &mut dyn FnMut(&str),
    ) -> Result<Shown, Failure> {
        self.ask(pair, Task::Show { arm, text }, None, wrote).unwrap_or_else(|lost| {
            Err(match lost.ended {
                _ if lost.interrupted => Failure::Interrupted,
                Ended { how: How::Deadline, .. } => self.deadline(),
                Ended { reason, .. } => Failure::Lost(reason),
            })
        })
    }

    /// Asks a child of its own for this; one that keeps traces does so in this folder.
    fn ask<T: DeserializeOwned>(
        &mut self,
        pair: &Pair,
        task: Task,
        kept: Option<&Path>,
        wrote: &mut dyn FnMut(&str),
    ) -> Result<T, Box<Lost>> {
        let arm = if let Task::Show { arm, .. } = task { arm } else { Arm::DEFAULT[0] };
        let mut known = Known::nothing(arm);
        // Those of a killed child go with it. Where there is no room for them, who needs some will say so.
        let temporary = tempfile::Builder::new().prefix("compare-").tempdir().ok();
        let folders = [temporary.as_ref().map(TempDir::path), kept];
        let (mut child, stderr) = match self.start(pair, task, folders) {
            Ok(started) => started,
            Err(error) => {
                let reason = format!("its process could not be started: {}", system_words(&error));
                return Err(known.lost(How::Failed, reason));
            }
        };
        let heard = self.hear(&mut child, &mut known, wrote);
        // Whoever has answered ends by itself, and with it what it has started.
        let status = if matches!(heard, Err(Silence::Late)) { Ok(None) } else { child.end(LAST_WORDS) };
        drop(child);
        let written = stderr.recv_timeout(LAST_WORDS).unwrap_or_default();
        if !matches!((&heard, &status), (Err(Silence::Gone), Ok(Some(_)))) {
            written.lines().for_each(|line| self.progress.write(&visible(line)));
        }
        let (how, reason) = match (heard, status) {
            (Ok(answer), _) => return Ok(answer),
            (Err(Silence::Strange(error)), _) => {
                (How::Failed, format!("what its process says can't be read: {error}"))
            }
            (Err(Silence::Gone), status) => {
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
            (Err(Silence::Late), _) if known.interrupted => {
                (How::Failed, "its process was interrupted, and did not answer".into())
            }
            (Err(Silence::Late), _) if known.over => {
                (How::Failed, "its process says nothing any more".into())
            }
            (Err(Silence::Late), _) => (How::Deadline, self.deadline().to_string()),
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
    fn deadline(&self) -> Failure {
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

    /// A child that is asked for this, and what it writes to its standard error, once no more comes; these are the folders
    /// for its temporary files and for the traces that it keeps.
    fn start(
        &self,
        pair: &Pair,
        task: Task,
        folders: [Option<&Path>; 2],
    ) -> io::Result<(Child, Receiver<String>)> {
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
        let stderr = read(child.stderr().expect("it is a pipe, and nobody took it"))?;
        let (settings, plan) = (self.settings.clone(), Value::Object(pair.problem().plan()));
        let (timeout, pattern) = (settings.timeout, pair.problem().card().pattern);
        let order = Order { settings, timeout, arms: Arm::DEFAULT, pattern, plan, task };
        let order = serde_json::to_string(&order).expect("an order is plain data");
        // One that has ended already can say why.
        let _ = child.tell(format_args!("{order}"));
        Ok((child, stderr))
    }
}

impl Known {
    /// Nothing, but that a run of this arm comes first.
    fn nothing(arm: Arm) -> Self {
        let run = RunName { arm, number: 1 };
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

    fn lost(self, how: How, reason: String) -> Box<Lost> {
        let Self { run, round, rounds, interrupted, .. } = self;
        Box::new(Lost { ended: Ended { run, round, how, reason }, rounds, interrupted })
    }
}

/// Reads what is written there, and hands out the last of it when no more comes.
fn read(mut stderr: ChildStderr) -> io::Result<Receiver<String>> {
    let (sender, written) = mpsc::channel();
    thread::Builder::new().spawn(move || {
        let (mut last, mut chunk) = (VecDeque::new(), [0; 4096]);
        // What was read until it failed is all that there is.
        while let Ok(length @ 1..) = stderr.read(&mut chunk) {
            last.extend(&chunk[..length]);
            last.drain(..last.len().saturating_sub(MOST_WRITTEN));
        }
        // Nobody listens any more where that took too long.
        let _ = sender.send(String::from_utf8_lossy(last.make_contiguous()).into_owned());
    })?;
    Ok(written)
}
