//! The stage: what a run gets beside its workload.

use std::fmt::{self, Display};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use tracing::{Span, field, info_span};

use crate::{Actor, Noise, Pace};

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
    /// Whether the order among all actors is recorded. The counter that does it is a place where all threads meet,
    /// so runs that are timed go without.
    pub sequenced: bool,
    /// Where its actors are held up, if they are: never in a run that is timed.
    pub noise: Option<Noise>,
    /// What was made for the run before its clock started.
    pub fixtures: Fixtures,
}

impl Setting {
    /// The notebook's pace, seed 0, sequenced, no noise, no fixtures.
    pub fn new(pattern: &'static str, side: Side) -> Self {
        let fixtures = Fixtures::default();
        Self { pattern, side, pace: Pace::NOTEBOOK, seed: 0, sequenced: true, noise: None, fixtures }
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

/// What a run gets beside its workload: the setting, the main line, and the maker of actors.
#[derive(Debug)]
pub struct Stage {
    main: Actor,
    run: Arc<Run>,
}

/// One run, as its actors share it.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) number: u64,
    pub(crate) setting: Setting,
    span: Span,
    cast: Mutex<Vec<Casting>>,
}

#[derive(Debug)]
struct Casting {
    member: Member,
    /// Kept until the run is over: whoever drops the run's [`Program`] closes it, and not the actor's own thread,
    /// because a registry of spans knows only so many threads.
    _span: Span,
}

/// An actor's name in a trace: a role and a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Member {
    /// The role.
    pub role: &'static str,
    /// The number within the role.
    pub number: usize,
}

impl Display for Member {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.role == "main" { f.write_str(self.role) } else { write!(f, "{} {}", self.role, self.number) }
    }
}

impl Stage {
    /// A stage for one run, with a number that no other run of this process has.
    pub fn new(setting: Setting) -> Self {
        static NUMBERS: AtomicU64 = AtomicU64::new(1);
        let number = NUMBERS.fetch_add(1, Ordering::Relaxed);
        let Setting { pattern, side, .. } = setting;
        let span = info_span!(parent: None, "run", pattern = field::display(pattern), side = field::display(side), number);
        let run = Arc::new(Run { number, setting, span, cast: Mutex::default() });
        Self { main: run.cast_actor("main", 0), run }
    }

    /// The main line of the run, an actor like the others.
    pub fn main(&self) -> &Actor {
        &self.main
    }

    /// The pace of the run.
    pub fn pace(&self) -> Pace {
        self.run.setting.pace
    }

    /// What was made for the run before its clock started.
    pub fn fixtures(&self) -> &Fixtures {
        &self.run.setting.fixtures
    }

    /// The run that happens on this stage, for whoever wants its trace.
    pub fn program(&self) -> Program {
        Program { run: Arc::clone(&self.run) }
    }

    pub(crate) fn run(&self) -> &Arc<Run> {
        &self.run
    }
}

/// Who acts in a run: what remains of a [`Stage`] for the one who made it and gave it away.
///
/// It keeps the spans of the actors open, and closes them on the thread on which it is dropped.
#[derive(Debug, Clone)]
pub struct Program {
    run: Arc<Run>,
}

impl Program {
    /// The number of the run.
    pub fn number(&self) -> u64 {
        self.run.number
    }

    /// All actors that were made so far, the main line first.
    pub fn cast(&self) -> Vec<Member> {
        let cast = self.run.cast.lock().unwrap_or_else(PoisonError::into_inner);
        cast.iter().map(|casting| casting.member).collect()
    }
}

impl Run {
    pub(crate) fn cast_actor(self: &Arc<Self>, role: &'static str, number: usize) -> Actor {
        let span = info_span!(parent: &self.span, "actor", role = field::display(role), number);
        let mut cast = self.cast.lock().unwrap_or_else(PoisonError::into_inner);
        let place = u32::try_from(cast.len()).expect("a run has fewer than 2³² actors");
        cast.push(Casting { member: Member { role, number }, _span: span.clone() });
        Actor::new(Arc::clone(self), place, role, number, span)
    }
}

#[cfg(test)]
mod tests {
    use super::{Member, Setting, Side, Stage};

    #[test]
    fn the_cast_lists_every_actor_with_the_main_line_first() {
        let stage = Stage::new(Setting::new("none", Side::Threaded));
        drop(stage.actor("worker", 1));
        let _worker = stage.actor("worker", 2);
        let member = |role, number| Member { role, number };
        assert_eq!(stage.program().cast(), [member("main", 0), member("worker", 1), member("worker", 2)]);
    }

    #[test]
    fn runs_have_different_numbers() {
        let number = || Stage::new(Setting::new("none", Side::Threaded)).program().number();
        assert_ne!(number(), number());
    }
}
