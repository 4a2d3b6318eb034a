//! An end: a run that failed, so that nothing could be concluded.

use std::mem;

use serde::{Deserialize, Serialize};

use super::{RunName, with};
use crate::lab::{Failure, Round};

/// A run that failed, so that nothing could be concluded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ended {
    /// Which.
    pub run: RunName,
    /// In which round; none where it was timed.
    pub round: Option<Round>,
    /// How.
    pub how: How,
    /// What was wrong with it.
    pub reason: String,
    /// Who panicked before, and who was not over then, and what each waited for; of nobody where it had an end.
    pub waits: Vec<String>,
}

/// How a run failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum How {
    /// It had no end in time.
    Deadline,
    /// Something is missing in its trace.
    Incomplete,
    /// It panicked, or could not be made.
    Failed,
}

impl Ended {
    /// The end that this failure made.
    pub fn of(run: RunName, round: Option<Round>, mut failure: Failure) -> Self {
        let (how, waits) = match &mut failure {
            Failure::Deadline { waits, .. } => (How::Deadline, mem::take(waits)),
            Failure::Incomplete(_) => (How::Incomplete, Vec::new()),
            _ => (How::Failed, Vec::new()),
        };
        Self { run, round, how, reason: failure.to_string(), waits }
    }

    /// Which run it was, with what was not as usual, and what was wrong with it.
    pub fn line(&self) -> String {
        let Self { run, round, reason, .. } = self;
        let with = round.as_ref().map(|round| with(&round.plan)).unwrap_or_default();
        let alone = round.as_ref().is_some_and(|round| round.alone(run.arm));
        format!("{run}{with}{}: {reason}", if alone { ", all on one thread" } else { "" })
    }
}
