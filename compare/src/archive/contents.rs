//! The contents: what an archive says of the whole diff, and which file holds which run.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::behaviour::{Ended, RunName};
use crate::lab::{Arm, Round, Settings};

/// The version of the form of all documents. Those of version 1 told otherwise what was at once, those up to 3 knew two
/// arms by name, those up to 4 nothing of what others may have done to a verdict, and those up to 5 the means of a few runs
/// instead of the runs.
pub const SCHEMA: u32 = 6;

/// The version of the form of kept traces. Those of version 1 know no waits, those of version 2 no requests, and those of
/// version 3 not what threads do, so that nothing of today could be held to them; those of version 4 name arms otherwise, and
/// those of version 5 don't say when a turn was over.
pub const KEPT: u32 = 6;

/// The file that says what was compared.
pub(super) const CONTENTS: &str = "diff.json";

/// What an archive says of the whole diff.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contents {
    /// The version of the archive's form.
    pub schema: u32,
    /// The slug of the pattern.
    pub pattern: String,
    /// Where it was made.
    pub environment: Value,
    /// How it was made.
    pub settings: Settings,
    /// Which arms were run.
    pub arms: [Arm; 2],
    /// The plan of all runs.
    pub plan: Value,
    /// How each round was made that both sides have finished.
    pub rounds: Vec<Round>,
    /// Whether the user wanted no more before all rounds were made.
    pub interrupted: bool,
    /// The run that ended it early; none where none did.
    pub ended: Option<Ended>,
}

impl Contents {
    /// Whether not all rounds were made that were due.
    pub(super) fn ended_early(&self) -> bool {
        self.interrupted || self.ended.is_some()
    }
}

/// The name of the file of a run.
pub(super) fn file_name(RunName { arm, number }: RunName) -> String {
    // Not everywhere may the name of a file have a colon.
    format!("{}-{number:05}.jsonl", arm.to_string().replace([':', ' '], "-"))
}
