//! Behaviour: holds the runs of both arms to the problem, and says whether the arms behave alike.
//!
//! No run is held to a run of the other arm. Each is held to the problem; the arms are compared in what the problem
//! fixes, and may differ there only as it documents: that decides. What was seen over many runs beyond that informs:
//! [`relations`], [`interleavings`] and [`habits`]. Which arm is faster it doesn't know.

pub mod habits;
pub mod interleavings;
pub mod relations;

mod conclusion;
mod decision;
mod ended;
mod examination;
mod finding;
mod level;
mod possible;
mod quote;
mod stalls;
mod statistics;
mod throughout;
mod verdict;
mod whereabouts;
mod whole;

pub use conclusion::{conclude, unseen};
pub use ended::{Ended, How};
pub use examination::{Examination, Point, examine};
pub use finding::{Finding, Fit, ScriptLine, findings};
pub use habits::{Habit, Habits};
pub use interleavings::{Interleavings, Spread};
pub use level::{DifferenceReport, LevelReport};
pub use possible::{AtOnce, Seen};
pub use quote::{Circumstances, Exemplar, Quote, RunName, with};
pub use relations::{Relation, Relations};
pub use statistics::{CONFIDENCE, LEAST, SURE};
pub use verdict::Verdict;
pub use whole::{Behaviour, Judged, Runs};

#[cfg(test)]
mod tests;
