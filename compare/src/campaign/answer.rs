//! Answers: what a child says to what it was asked, and whether it can be that. What it means, nobody can check without
//! the child's runs; but it speaks of the pair and the arms that were asked for, and is whole.

use serde::de::DeserializeOwned;

use super::diff::Diffed;
use super::judged::Judged;
use super::order::Task;
use super::show::Looked;
use super::timed::Timed;
use super::weighed::Weighed;
use crate::pair::Problem;
use crate::report::Shown;
use crate::timing::Process;

/// What a child answers.
pub(super) trait Answer: DeserializeOwned {
    /// Whether it answers this, asked about this problem.
    fn is_to(&self, task: &Task, problem: &dyn Problem) -> bool;
}

impl Answer for Judged {
    fn is_to(&self, task: &Task, problem: &dyn Problem) -> bool {
        let Task::Judge { arms } = task else { return false };
        let card = problem.card();
        self.report.as_ref().map_or(self.interrupted, |report| {
            let is_of_it = (report.pattern, report.section) == (card.pattern, card.section);
            is_of_it && report.cells == card.cells && report.behaviour.arms == *arms
        })
    }
}

impl Answer for Timed {
    fn is_to(&self, task: &Task, _problem: &dyn Problem) -> bool {
        let Task::Time { arms, .. } = task else { return false };
        let Process { runs_ns: [first, second], .. } = &self.process;
        let is_whole = !first.is_empty() && first.len() == second.len();
        self.behaviour.arms == *arms && (is_whole || self.interrupted || self.behaviour.ended.is_some())
    }
}

impl Answer for Diffed {
    fn is_to(&self, task: &Task, problem: &dyn Problem) -> bool {
        let Task::Diff { arms, rounds, .. } = task else { return false };
        let is_of_it = self.plan == problem.plan() && self.behaviour.arms == *arms;
        is_of_it && rounds.starts_with(&self.rounds)
    }
}

impl Answer for Looked {
    fn is_to(&self, task: &Task, problem: &dyn Problem) -> bool {
        let asked = task.first();
        let is_it = |shown: &Shown| {
            (shown.pattern, shown.arm, shown.number) == (problem.card().pattern, asked.arm, asked.number)
        };
        self.shown.as_ref().is_none_or(is_it) && (self.shown.is_some() || self.failure.is_some())
    }
}

impl Answer for Weighed {
    fn is_to(&self, task: &Task, _problem: &dyn Problem) -> bool {
        matches!(task, Task::Weigh { .. }) && (self.bytes.is_none() || self.failure.is_none())
    }
}
