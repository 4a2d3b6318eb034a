//! The setting: how a run is to be made.

use std::fmt::{self, Display};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{Meeting, Noise, Pace};

/// One of the two ways to solve a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// With `std::thread` and `std::sync`.
    Threaded,
    /// With tokio's tasks.
    Asynchronous,
}

impl Side {
    /// Both sides.
    pub const BOTH: [Self; 2] = [Self::Threaded, Self::Asynchronous];

    /// What its actors run on, in the plural.
    pub fn actors(self) -> &'static str {
        match self {
            Self::Threaded => "threads",
            Self::Asynchronous => "tasks",
        }
    }
}

impl Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Threaded => "threaded",
            Self::Asynchronous => "asynchronous",
        })
    }
}

/// How a run is to be made.
#[derive(Debug, Clone)]
pub struct Setting {
    /// The slug of the pattern.
    pub pattern: &'static str,
    /// Which side runs.
    pub side: Side,
    /// How fast.
    pub pace: Pace,
    /// What random numbers are drawn from.
    pub seed: u64,
    /// Whether it is recorded what its actors do, in which order among them all, in which turn of a task, and what that
    /// does to their threads. That costs: of a run that is timed, there is only where the main line begins and ends.
    pub watched: bool,
    /// Where its actors are held up, if they are; only of a run that is watched.
    pub noise: Option<Noise>,
    /// How a thread is blocked that may have tasks to run: so that these go on.
    pub block: fn(&mut dyn FnMut()),
    /// Whether all its tasks share one thread, which then is watched: what holds it up is their doing.
    pub alone: bool,
    /// Who is to meet, if somebody is.
    pub meeting: Option<Arc<Meeting>>,
    /// What was made for the run before its clock started.
    pub fixtures: Fixtures,
}

impl Setting {
    /// The notebook's pace, seed 0, watched; no noise, no meeting, no fixtures.
    pub fn new(pattern: &'static str, side: Side) -> Self {
        Self {
            pattern,
            side,
            pace: Pace::NOTEBOOK,
            seed: 0,
            watched: true,
            noise: None,
            block: |wait| wait(),
            alone: false,
            meeting: None,
            fixtures: Fixtures::default(),
        }
    }
}

/// Something that is made for a run before its clock starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fixture {
    /// An HTTP origin.
    Origin,
    /// A database in a file.
    Database,
}

/// What some patterns find made before their clock starts.
#[derive(Debug, Clone, Default)]
pub struct Fixtures {
    /// An HTTP origin that serves the pages to download.
    pub origin: Option<SocketAddr>,
    /// A database file with the rows to query.
    pub database: Option<PathBuf>,
}
