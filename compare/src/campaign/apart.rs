//! Each pair in a process of its own: whatever it does there, the others are compared.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use super::all;
use super::children::{Children, Known, Lost};
use super::comparison::Compared;
use super::diff::{Diffed, Request};
use super::findings::Findings;
use super::measured::Measured;
use super::order::Task;
use crate::behaviour::{Behaviour, Ended, How};
use crate::lab::{Arm, Failure, Progress, Settings};
use crate::pair::Pair;
use crate::report::{Exit, PairReport, Report, Shown};

/// Where pairs are compared, each in a process of its own.
#[derive(Debug)]
pub struct Apart {
    children: Children,
    /// How late the timer is, once a child has measured it.
    timer_error: Option<Duration>,
}

impl Apart {
    /// Such a place, with children that are this program.
    ///
    /// # Errors
    /// If nobody knows where that is.
    pub fn new(settings: Settings, progress: Progress) -> io::Result<Self> {
        Ok(Self { children: Children::new(settings, progress)?, timer_error: None })
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
        let settings = self.children.settings.clone();
        let compared = all::compare_until(Exit::Interrupted, pairs, settings, |pair| self.compare_one(pair));
        self.children.progress.end();
        compared
    }

    fn compare_one(&mut self, pair: &Pair) -> Compared {
        let card = pair.problem().card();
        self.children.progress.begin(card.slug);
        let asked: Result<(Compared, _), _> =
            self.children.ask(pair, Task::Compare { timer_error: self.timer_error }, None, &mut |_| {});
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
                let behaviour = Behaviour::ended(Arm::DEFAULT, lost.ended);
                let exit = Exit::of(&behaviour);
                let findings = Findings::new(pair.problem(), Arm::DEFAULT);
                let report = findings.report(behaviour, Some("a run failed".into()), Measured::default());
                Compared { report: Some(Box::new(report)), exit }
            }
        }
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
