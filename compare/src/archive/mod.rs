//! The archive: the traces of a diff in a folder, for looking at them again later.
//!
//! `diff.json` says what was compared and how each run was made; beside it each run has a file of its own,
//! `threaded-00017.jsonl`: a line about the run, and then a line for each event, as `compare trace --format json`
//! writes them. What was concluded is not kept, and not known here: whoever reads the runs again holds them to the
//! problem again.

mod contents;
mod error;
mod event;
mod place;
mod reading;
mod writing;

pub use contents::{Contents, KEPT, SCHEMA};
pub use error::{ReadError, Why};
pub use event::{ShownEvent, ShownStall, ShownTurn, ShownWhat};
pub use place::{folder_of, plainly};
pub use reading::{KeptRun, contents, run};
pub use writing::{Archive, Unfinished, keep};
