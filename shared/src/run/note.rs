//! A note: what an actor records of itself, as it rides in a `tracing` event.

use std::fmt::{self, Display};
use std::panic::Location;
use std::time::Duration;

use super::turn::Watched;
use crate::{Said, Step};

/// What an actor records of itself.
///
/// A `tracing` event carries it whole, as its message. To an ordinary subscriber it reads as text; one that knows
/// it asks the value for its type and gets it back without parsing, allocating or looking up a span:
///
/// ```
/// # use std::error::Error;
/// # use shared::{End, Note, What};
/// # let what = What::Ended(End::Returned);
/// # let note = Note { run: 7, actor: 2, nth: 3, source: None, what, watched: None };
/// let message: &(dyn Error + 'static) = &note;
/// assert_eq!(message.to_string(), "returned");
/// assert_eq!(message.downcast_ref::<Note>().map(|note| note.run), Some(7));
/// ```
///
/// It is an [`Error`](std::error::Error) only because that is the one type in which `tracing` hands a value on whole.
/// Not taken: to read the fields of the event, which are there for others (a call for each, and names to compare), and
/// a route by the event's span (a look-up for each event).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The number of the run.
    pub run: u64,
    /// The actor, by its place in the run's cast.
    pub actor: u32,
    /// How many notes of this actor were before: one that is lost leaves a gap.
    pub nth: u32,
    /// Where it was recorded; of a begin, where its actor was made; none for an end, which no pattern records.
    pub source: Option<&'static Location<'static>>,
    /// What is recorded.
    pub what: What,
    /// What is watched of the actor, if it is.
    pub watched: Option<Box<Watched>>,
}

/// What an actor did: the subject of its notes, and of the events of a trace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// The actor begins.
    Began,
    /// The actor says a step.
    Said(Said),
    /// The actor pauses for this long, in notebook time: at least, and whatever happens.
    Paused(Duration),
    /// The actor waits for something, for at most this long, in notebook time.
    Waits(Duration),
    /// The actor is over.
    Ended(End),
}

/// How an actor ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// It returned.
    Returned,
    /// It panicked, with this message.
    Panicked(String),
    /// It was given up before it ended; a task may be aborted before its first poll, so before it began.
    Cancelled,
}

/// How an actor ends, without the message of a panic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EndKind {
    /// [`End::Returned`].
    Returned,
    /// [`End::Panicked`].
    Panicked,
    /// [`End::Cancelled`].
    Cancelled,
}

impl End {
    /// The end without its message.
    pub fn kind(&self) -> EndKind {
        match self {
            Self::Returned => EndKind::Returned,
            Self::Panicked(_) => EndKind::Panicked,
            Self::Cancelled => EndKind::Cancelled,
        }
    }
}

impl Display for EndKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Returned => "returned",
            Self::Panicked => "panicked",
            Self::Cancelled => "cancelled",
        })
    }
}

impl What {
    /// The actor says this step.
    #[inline]
    pub fn said(step: impl Step) -> Self {
        Self::Said(step.said())
    }
}

impl Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Began => f.write_str("began"),
            Self::Said(said) => said.fmt(f),
            Self::Paused(duration) => write!(f, "pauses {duration:?}"),
            Self::Waits(most) => write!(f, "waits at most {most:?}"),
            Self::Ended(End::Panicked(message)) => write!(f, "panicked: {message}"),
            Self::Ended(end) => end.kind().fmt(f),
        }
    }
}

impl Display for Note {
    /// Of a step its name alone: its fields are those of the event.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.what {
            What::Said(said) => f.write_str(said.shape.name),
            what => what.fmt(f),
        }
    }
}

impl std::error::Error for Note {}
