//! Each pair in a process of its own: whatever it does there, the others are compared.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use serde::de::DeserializeOwned;

use super::all::{self, Runner};
use super::children::{Children, Known, Lost};
use super::diff::{Diffed, Request};
use super::findings::Findings;
use super::judged::Judged;
use super::order::Task;
use super::timed::Timed;
use crate::behaviour::{Behaviour, Ended, How};
use crate::lab::{Arm, Failure, Progress, Settings};
use crate::pair::Pair;
use crate::report::{Exit, Report, Shown};

/// Where pairs are compared, each in a process of its own.
#[derive(Debug)]
pub struct Apart {
    children: Children,
}

impl Apart {
    /// Such a place, with children that are this program.
    ///
    /// # Errors
    /// If nobody knows where that is.
    pub fn new(settings: Settings, progress: Progress) -> io::Result<Self> {
        Ok(Self { children: Children::new(settings, progress)? })
    }

    /// The same place, with children that are that program instead.
    #[must_use]
    pub fn with_program(mut self, program: impl Into<PathBuf>) -> Self {
        self.children.program = program.into();
        self
    }

    /// From now on, Ctrl-C, a hang-up or a signal to terminate ends the work in order.
    ///
    /// # Errors
    /// If the system doesn't let us listen.
    pub fn listen_for_interruptions(&self) -> io::Result<()> {
        self.children.listen_for_interruptions()
    }

    /// Compares these pairs. A pair that fails doesn't keep the others from being compared; an interruption ends it all,
    /// and what was compared until then is in the report.
    pub fn compare(&mut self, pairs: &[Pair]) -> (Report, Exit) {
        all::compare_all(pairs, self)
    }

    /// Asks a child for this, whose answer must be one about this pair.
    fn ask<T: DeserializeOwned>(
        &self,
        pair: &Pair,
        task: Task,
        is_due: impl Fn(&T) -> bool,
    ) -> Result<T, Box<Lost>> {
        let first = task.first();
        let answer = self.children.ask(pair, task, None, &mut |_| {})?;
        let other = || Known::nothing(first).lost(How::Failed, "its process answers for another pair".into());
        is_due(&answer).then_some(answer).ok_or_else(other)
    }

    /// Runs both arms of a pair as often as asked, and says how they behave. A failure is a behaviour.
    pub fn diff(&mut self, pair: &Pair, request: &Request<'_>) -> Diffed {
        let task = Task::Diff { lanes: request.reading.lanes };
        self.children.progress.begin(pair.problem().card().slug);
        let asked = self.children.ask(pair, task, request.kept, &mut |_| {});
        self.children.progress.end();
        asked.unwrap_or_else(|lost| {
            let Lost { ended, rounds, interrupted } = *lost;
            Diffed {
                plan: pair.problem().plan(),
                behaviour: Behaviour::ended(Arm::DEFAULT, ended),
                rounds,
                interrupted,
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
        self.children.ask(pair, Task::Show { arm, text }, None, wrote).unwrap_or_else(|lost| {
            Err(match lost.ended {
                _ if lost.interrupted => Failure::Interrupted,
                Ended { how: How::Deadline, .. } => self.children.deadline(),
                Ended { reason, .. } => Failure::Lost(reason),
            })
        })
    }
}

impl Runner for Apart {
    const LAST: Exit = Exit::Interrupted;

    fn settings(&self) -> &Settings {
        &self.children.settings
    }

    fn progress(&self) -> &Progress {
        &self.children.progress
    }

    fn judge(&mut self, pair: &Pair) -> Judged {
        let problem = pair.problem();
        let is_due = |judged: &Judged| {
            judged.report.as_deref().is_none_or(|report| {
                (report.pattern, report.behaviour.arms) == (problem.card().pattern, Arm::DEFAULT)
            })
        };
        self.ask(pair, Task::Judge, is_due).unwrap_or_else(|lost| {
            let Lost { ended, interrupted, .. } = *lost;
            let behaviour = Behaviour::ended(Arm::DEFAULT, ended);
            let report = Findings::new(problem, Arm::DEFAULT, 0).report(behaviour);
            Judged { report: (!interrupted).then(|| Box::new(report)), rounds: 0, interrupted }
        })
    }

    fn time(&mut self, pair: &Pair, after: u32, timer_error: Option<Duration>) -> Timed {
        let is_due = |timed: &Timed| {
            timed.behaviour.arms == Arm::DEFAULT && timed.are_of(pair.problem(), &self.children.settings)
        };
        self.ask(pair, Task::Time { after, timer_error }, is_due).unwrap_or_else(|lost| {
            let Lost { ended, interrupted, .. } = *lost;
            Timed::ended(Behaviour::ended(Arm::DEFAULT, ended), interrupted)
        })
    }
}
