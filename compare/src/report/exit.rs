//! How the program ends: the exit statuses, each with one meaning.

use std::process::ExitCode;

/// The exit status of the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// All pairs agree, or differ exactly as documented.
    Agree = 0,
    /// Some pair differs, failed, or is incomplete.
    Differ = 1,
    /// The call was wrong, or the program could not do its work.
    Error = 2,
    /// A run passed its deadline.
    Deadline = 3,
    /// Ctrl-C; what was measured until then is printed.
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
