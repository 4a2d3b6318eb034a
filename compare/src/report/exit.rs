//! How the program ends: the exit statuses, each with one meaning.

use std::process::ExitCode;

use crate::behaviour::{Behaviour, Ended, How};
use crate::lab::{Failure, interrupted_status};

/// The exit status of the program; of several pairs, the greatest of theirs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// All pairs agree, or differ exactly as documented: 0.
    Agree,
    /// Some pair differs, failed, or is incomplete: 1.
    Differ,
    /// The call was wrong, or the program could not do its work: 2.
    Error,
    /// A run passed its deadline: 3.
    Deadline,
    /// Ctrl-C, 130, or [another signal](interrupted_status); what was measured until then is printed.
    Interrupted,
}

impl Exit {
    /// How the program ends where a pair behaves so.
    pub fn of(behaviour: &Behaviour) -> Self {
        match &behaviour.ended {
            Some(Ended { how: How::Deadline, .. }) => Self::Deadline,
            _ if behaviour.verdict.agrees() => Self::Agree,
            _ => Self::Differ,
        }
    }

    /// How it ends where a run failed so.
    pub fn of_failure(failure: &Failure) -> Self {
        match failure {
            Failure::Deadline { .. } => Self::Deadline,
            Failure::Interrupted => Self::Interrupted,
            _ => Self::Differ,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Agree => 0,
            Exit::Differ => 1,
            Exit::Error => 2,
            Exit::Deadline => 3,
            Exit::Interrupted => interrupted_status(),
        })
    }
}
