//! The language of a role: which sequences of steps and pauses its actors may go through.

use std::ops::RangeInclusive;
use std::time::Duration;

use crate::{Said, Shape};

/// A regular language over steps, pauses and waits. [`script!`](crate::script) and the functions beside it write one down.
///
/// Every repetition is of something that is at least one word long: "any number of nothing" has no meaning for a
/// trace, and without it the matcher needs no special care for loops.
#[derive(Debug, Clone)]
pub enum Language {
    /// Exactly this step.
    Step(Said),
    /// Any step of this kind.
    Kind(&'static Shape),
    /// A pause whose length is in this range, in notebook time.
    Pause(RangeInclusive<Duration>),
    /// A wait of at most this length, in notebook time, that may be cut short.
    Wait(Duration),
    /// One after the other.
    Sequence(Vec<Self>),
    /// One of these, of which there is at least one.
    Choice(Vec<Self>),
    /// The body, at least `least` times and at most `most` times; `None` is without bound.
    Repeat {
        /// What is repeated.
        body: Box<Self>,
        /// How often at least.
        least: usize,
        /// How often at most.
        most: Option<usize>,
    },
}

/// A sequence of steps, kinds and languages, written like a list: `script![Kind::Waiting, pause(hold), Kind::Done]`.
#[macro_export]
macro_rules! script {
    ($($part:expr),* $(,)?) => {
        $crate::Language::Sequence(vec![$($crate::Language::from($part)),*])
    };
}

/// A pause of this length, in notebook time.
pub fn pause(duration: Duration) -> Language {
    Language::Pause(duration..=duration)
}

/// A pause whose length is in this range, in notebook time: one that is drawn.
pub fn pause_between(range: RangeInclusive<Duration>) -> Language {
    Language::Pause(range)
}

/// A wait for something, of at most this length, in notebook time.
pub fn wait_at_most(duration: Duration) -> Language {
    Language::Wait(duration)
}

/// The body, exactly `count` times.
///
/// # Panics
/// If the body may be empty.
pub fn times(count: usize, body: impl Into<Language>) -> Language {
    repeat(count, Some(count), body.into())
}

/// The body, `least` times or more.
///
/// # Panics
/// If the body may be empty.
pub fn at_least(least: usize, body: impl Into<Language>) -> Language {
    repeat(least, None, body.into())
}

/// The body, as often as the range allows.
///
/// # Panics
/// If the body may be empty.
pub fn between(range: RangeInclusive<usize>, body: impl Into<Language>) -> Language {
    repeat(*range.start(), Some(*range.end()), body.into())
}

/// The body, or nothing.
///
/// # Panics
/// If the body may be empty.
pub fn optional(body: impl Into<Language>) -> Language {
    repeat(0, Some(1), body.into())
}

/// One of these.
///
/// # Panics
/// Without any choice: nothing could ever be said.
pub fn any_of(choices: impl IntoIterator<Item = Language>) -> Language {
    let choices: Vec<_> = choices.into_iter().collect();
    assert!(!choices.is_empty(), "a choice must be between something");
    Language::Choice(choices)
}

fn repeat(least: usize, most: Option<usize>, body: Language) -> Language {
    assert!(!body.may_be_empty(), "a repeated part of a language must hold at least one word");
    Language::Repeat { body: Box::new(body), least, most }
}

impl Language {
    /// Whether saying nothing at all is in the language.
    pub fn may_be_empty(&self) -> bool {
        match self {
            Self::Step(_) | Self::Kind(_) | Self::Pause(_) | Self::Wait(_) => false,
            Self::Sequence(parts) => parts.iter().all(Self::may_be_empty),
            Self::Choice(choices) => choices.iter().any(Self::may_be_empty),
            Self::Repeat { least, .. } => *least == 0,
        }
    }

    /// Whether nobody gets through it without such a step.
    pub(super) fn requires(&self, shape: &Shape) -> bool {
        match self {
            Self::Step(said) => said.is(shape),
            Self::Kind(kind) => *kind == shape,
            Self::Pause(_) | Self::Wait(_) => false,
            Self::Sequence(parts) => parts.iter().any(|part| part.requires(shape)),
            Self::Choice(choices) => choices.iter().all(|choice| choice.requires(shape)),
            Self::Repeat { body, least, .. } => *least > 0 && body.requires(shape),
        }
    }

    /// The shapes of the steps that it speaks of.
    pub fn shapes(&self) -> Vec<&'static Shape> {
        match self {
            Self::Step(said) => vec![said.shape],
            Self::Kind(shape) => vec![shape],
            Self::Pause(_) | Self::Wait(_) => Vec::new(),
            Self::Sequence(parts) | Self::Choice(parts) => parts.iter().flat_map(Self::shapes).collect(),
            Self::Repeat { body, .. } => body.shapes(),
        }
    }
}

impl FromIterator<Language> for Language {
    /// One after the other.
    fn from_iter<I: IntoIterator<Item = Language>>(parts: I) -> Self {
        Self::Sequence(parts.into_iter().collect())
    }
}
