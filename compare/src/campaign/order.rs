//! What a child is asked for, and what it says: JSON, a line each.

use std::slice;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use shared::Pattern;

use super::candidates::Lanes;
use crate::behaviour::RunName;
use crate::lab::{Arm, Round, Settings, Tick};

/// What makes it end its work in order, in a line of its own.
pub(super) const INTERRUPT: &str = "interrupt";

/// What a child is asked for. Paths are none of it, because they need not be text: a child gets them as arguments.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Order {
    pub(super) settings: Settings,
    /// Documents don't say it, so the settings don't.
    pub(super) timeout: Duration,
    pub(super) pattern: Pattern,
    pub(super) plan: Value,
    pub(super) task: Task,
}

/// What is to be done with the pair.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) enum Task {
    /// The runs that `compare run` judges its behaviour by.
    Judge {
        /// Which arms are compared.
        arms: [Arm; 2],
    },
    /// A few that are timed.
    Time {
        /// Which arms are compared.
        arms: [Arm; 2],
        /// So many runs of each arm were made before.
        after: u32,
    },
    /// What `compare diff` does.
    Diff {
        /// Which arms are compared.
        arms: [Arm; 2],
        /// How its rounds are made.
        rounds: Vec<Round>,
        /// What is shown as lanes.
        lanes: Option<Lanes>,
    },
    /// One run of an arm, for looking at.
    Show {
        /// Which.
        arm: Arm,
    },
    /// One run of an arm, for what it takes of memory.
    Weigh {
        /// Which.
        arm: Arm,
    },
}

impl Task {
    /// What is run.
    pub(super) fn arms(&self) -> &[Arm] {
        match self {
            Self::Judge { arms } | Self::Time { arms, .. } | Self::Diff { arms, .. } => arms,
            Self::Show { arm } | Self::Weigh { arm } => slice::from_ref(arm),
        }
    }

    /// The run that comes first.
    pub(super) fn first(&self) -> RunName {
        let after = if let Self::Time { after, .. } = self { *after } else { 0 };
        RunName { arm: self.arms()[0], number: after + 1 }
    }
}

/// What a child says.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Said<T> {
    /// This happened.
    Made(Tick),
    /// This was written into the log.
    Logged(String),
    /// What it was asked for, in the form that the task has.
    Answers(T),
}
