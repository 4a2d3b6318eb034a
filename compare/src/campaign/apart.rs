//! Each pair in a process of its own: whatever it does there, the others are compared.

use std::mem;

use super::all::{self, Runner};
use super::children::Apart;
use super::diff::{Diffed, Request};
use super::findings::Findings;
use super::judged::Judged;
use super::order::Task;
use super::timed::Timed;
use crate::lab::{Arm, Failure, Progress, Settings};
use crate::pair::Pair;
use crate::report::{Effort, Exit, Report, Shown};
use crate::timing::Process;

impl Apart {
    /// Compares these pairs, the first of these arms with each of the others. A pair that fails doesn't keep the others from being compared; an interruption ends it all,
    /// and what was compared until then is in the report.
    pub fn compare(&mut self, pairs: &[Pair], arms: &[Arm], effort: &Effort) -> (Report, Exit) {
        all::compare_all(pairs, arms, self, effort)
    }

    /// Runs both arms of a pair as often as asked, and says how they behave. A failure is a behaviour.
    pub fn diff(&mut self, pair: &Pair, request: &Request<'_>) -> Diffed {
        let arms = request.arms;
        let task = Task::Diff { arms, rounds: request.rounds.into(), lanes: request.reading.lanes };
        self.progress.begin(pair.problem().card().slug);
        let asked = self.ask(pair, task, request.kept, &mut |_| {});
        self.progress.end();
        asked.unwrap_or_else(|mut lost| {
            let rounds = mem::take(&mut lost.rounds);
            let (behaviour, interrupted) = lost.end(arms);
            let (plan, lanes) = (pair.problem().plan(), Vec::new());
            Diffed { plan, behaviour, rounds, interrupted, unkept: None, lanes }
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
        self.ask(pair, Task::Show { arm, text }, None, wrote).unwrap_or_else(|lost| Err(lost.failure))
    }
}

impl Runner for Apart {
    const LAST: Exit = Exit::Interrupted;

    fn settings(&self) -> &Settings {
        &self.settings
    }

    fn progress(&self) -> &Progress {
        &self.progress
    }

    fn judge(&mut self, pair: &Pair, arms: [Arm; 2]) -> Judged {
        self.ask(pair, Task::Judge { arms }, None, &mut |_| {}).unwrap_or_else(|lost| {
            let (behaviour, interrupted) = lost.end(arms);
            let report = Findings::new(pair.problem(), arms, 0).report(behaviour);
            Judged { report: (!interrupted).then(|| Box::new(report)), rounds: 0, interrupted }
        })
    }

    fn time(&mut self, pair: &Pair, arms: [Arm; 2], after: u32, process: u32) -> Timed {
        self.ask(pair, Task::Time { arms, after, process }, None, &mut |_| {}).unwrap_or_else(|lost| {
            let (behaviour, interrupted) = lost.end(arms);
            Timed { behaviour, process: Process::default(), interrupted }
        })
    }
}
