//! Why an archive can't be read, in a line.

use std::io;
use std::path::{Path, PathBuf};

use super::contents::{CONTENTS, KEPT};
use crate::pair::{PlanError, visible};

/// A larger file is none of ours: a run of a million steps takes a quarter of it.
pub(super) const LARGEST: u64 = 1 << 30;

/// Why an archive can't be read.
#[derive(Debug, thiserror::Error)]
#[error("{}: {why}", .path.display())]
pub struct ReadError {
    /// The folder, or the file in it.
    path: PathBuf,
    /// What is wrong with it.
    pub why: Why,
}

/// What is wrong with an archive, or with a file in it.
#[derive(Debug, thiserror::Error)]
pub enum Why {
    /// It is no archive.
    #[error("there is no {CONTENTS} there: name a folder that --save-traces made")]
    NoArchive,
    /// The system doesn't let us.
    #[error("it can't be read: {0}")]
    Unreadable(io::Error),
    /// It is too large to be one of ours.
    #[error("it is larger than {} MiB, and so none of our traces", LARGEST >> 20)]
    TooLarge,
    /// It has another form.
    #[error("it has schema {0}, and this program reads schema {KEPT}")]
    OtherSchema(u64),
    /// It is of another pattern.
    #[error("it is of {kept}, not of {asked}")]
    OtherPattern {
        /// The pattern that was kept.
        kept: String,
        /// The pattern that was asked for.
        asked: &'static str,
    },
    /// Its plan is none that the pattern can carry out.
    #[error("{0}")]
    Plan(PlanError),
    /// It was not written whole, or by somebody else.
    #[error("line {line}: {what}")]
    Torn {
        /// Where.
        line: usize,
        /// What is wrong there.
        what: String,
    },
}

impl Why {
    /// This is wrong with that file.
    pub fn of(self, path: &Path) -> ReadError {
        ReadError { path: path.into(), why: self }
    }

    /// This is wrong in that line; what is quoted of the file is anybody's text, and goes to a terminal.
    pub(super) fn torn(line: usize, what: impl AsRef<str>) -> Self {
        Self::Torn { line, what: visible(what.as_ref()) }
    }
}
