//! Documented differences: where the two sides differ by nature, declared with the workload.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::Side;

/// A level of the comparison of two sides' behaviour, from what decides to what informs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// What a run yields.
    Outcome,
    /// What each actor does.
    Scripts,
    /// What holds across actors.
    Laws,
    /// Which steps always precede, always follow or never follow which, as mined from the runs.
    Relations,
    /// In which orders the key steps were seen.
    Interleavings,
    /// How often one step comes before another.
    Habits,
}

impl Level {
    /// Every level: the first three decide, the others inform.
    pub const ALL: [Self; 6] =
        [Self::Outcome, Self::Scripts, Self::Laws, Self::Relations, Self::Interleavings, Self::Habits];

    /// Whether it decides if the sides behave alike.
    pub fn decides(self) -> bool {
        self <= Self::Laws
    }

    /// The level as a word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Outcome => "outcome",
            Self::Scripts => "scripts",
            Self::Laws => "laws",
            Self::Relations => "relations",
            Self::Interleavings => "interleavings",
            Self::Habits => "habits",
        }
    }
}

/// How often a documented difference shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Occurs {
    /// Whenever both sides run. One that does not show is stale, and reported.
    Always,
    /// In some runs.
    Sometimes,
}

/// A way in which the two sides differ by nature, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// Where it shows.
    pub level: Level,
    /// What differs: at the level of outcomes a field of the fixed part, at that of scripts a role and what it does,
    /// as in `main: BeforeStart` or `daemon: cancelled`. A role's work, where it is fixed, is `role: work`.
    pub subject: String,
    /// Which side does it, the other never; none where each side has something of its own.
    pub on: Option<Side>,
    /// How often.
    pub occurs: Occurs,
    /// Why, in a sentence that a reader of the table understands.
    pub reason: Cow<'static, str>,
    /// Whether both sides still do the same work: only then are they timed.
    pub equal_work: bool,
}

impl Difference {
    /// A field of the fixed outcome that is never the same on both sides; the work is.
    pub fn in_outcome(field: &str, reason: &'static str) -> Self {
        Self {
            level: Level::Outcome,
            subject: field.into(),
            on: None,
            occurs: Occurs::Always,
            reason: Cow::Borrowed(reason),
            equal_work: true,
        }
    }

    /// Something that the actors of a role always do on this side and never on the other; the work is the same.
    pub fn in_scripts(on: Side, role: &str, what: &str, reason: &'static str) -> Self {
        let subject = format!("{role}: {what}");
        Self {
            level: Level::Scripts,
            subject,
            on: Some(on),
            occurs: Occurs::Always,
            reason: Cow::Borrowed(reason),
            equal_work: true,
        }
    }

    /// The same difference, which shows in some runs only.
    #[must_use]
    pub fn sometimes(self) -> Self {
        Self { occurs: Occurs::Sometimes, ..self }
    }

    /// The same difference, by which one side works more than the other.
    #[must_use]
    pub fn of_work(self) -> Self {
        Self { equal_work: false, ..self }
    }
}
