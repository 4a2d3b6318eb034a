//! Cell 19: results as soon as they are there.
//!
//! **The cell** has three workers download five pages, which takes a fifth of a second each, and prints the contents in
//! the order in which the downloads are done. It only pretends: the worker sleeps.
//!
//! | the cell prints | our actors say |
//! |---|---|
//! | (nothing, in the workers) | worker: `Requesting page=0`, then `Received page=0 bytes=37`, or `Failed page=0` |
//! | `Content from http://example.com/page0` | main: `Shown page=0` |
//!
//! Ours downloads. An HTTP/1.1 server on this machine, in a process of its own, answers each request after the fifth of
//! a second, which the request asks for. Each page has a connection of its own: clients differ in when they use one
//! again, and then the two sides would not do the same work. A page that can't be had is an error of that page, and
//! costs the others nothing: see [`DownloadError`].
//!
//! **Laws.** Every page is requested once and shown once, after that, and never more are under way than there are
//! workers. The order of completion is stamped by the pool, when a job is done; what a worker has gone on from before
//! another page came is shown before that. A worker takes the jobs in the order of their submission, and as many
//! are under way at once as there are workers.
//!
//! **Threads and tasks** differ in what waits. A thread that waits for a reply is stopped by the system until there is
//! one. A task is put aside, and one thread waits for all connections at once, so that many more can be under way than
//! there are threads. A client that blocks must not be used there: the asynchronous side has one of its own.
//!
//! **In Rust with threads**: workers, and an `mpsc` of what is done. **With tasks**: `buffer_unordered(n)`. **Gained**: the
//! channel, or the stream, is the order of completion.

use std::io;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{as_soon_as_done, first_come};
use crate::{
    Await, Breach, Card, Fixture, Law, Limit, Overlap, Pattern, Role, Trace, Workload, any_of, at_least,
    script, steps, times,
};

/// The host whose pages are asked for, wherever the origin is.
pub const HOST: &str = "example.com";

/// The header that asks the origin to wait before it answers, for so many nanoseconds.
pub const DELAY: &str = "x-delay-nanos";

/// The most bytes that a page may have.
pub const MOST: usize = 64 * 1024;

/// What the origin answers.
pub fn content(host: &str, path: &str) -> String {
    format!("Content from http://{host}{path}")
}

steps! {
    /// The way of a page.
    pub enum Step of Kind {
        /// A worker is about to ask for it.
        Requesting { page: usize },
        /// It has the whole content.
        Received { page: usize, bytes: usize },
        /// It has an error instead.
        Failed { page: usize },
        /// The main line has the content, or the error.
        Shown { page: usize },
    }
}

/// Why a page could not be downloaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum DownloadError {
    /// Nobody listens there.
    #[error("the origin refuses the connection")]
    Refused,
    /// There was no connection for another reason, or what came is not HTTP, or not all of it, or not text.
    #[error("the reply is broken")]
    Broken,
    /// It did not come in time.
    #[error("the reply is not there in time")]
    Slow,
    /// It is too long.
    #[error("the reply has more than {MOST} bytes")]
    Oversized,
    /// It is not the page.
    #[error("the status is {0}")]
    Status(u16),
}

/// The system's numbers for that a process, or the whole machine, may have no more open files: Unix's, and Windows' own.
const NO_MORE_FILES: &[i32] = if cfg!(windows) { &[10024] } else { &[24, 23] };

impl DownloadError {
    /// Why there is no connection.
    ///
    /// # Panics
    /// If no more files may be open, and so no socket: that is no fault of a page, and the download can't be compared.
    pub fn of_connecting(error: &io::Error) -> Self {
        let may_open_more = error.raw_os_error().is_none_or(|code| !NO_MORE_FILES.contains(&code));
        assert!(may_open_more, "a socket: {error}");
        if error.kind() == io::ErrorKind::ConnectionRefused { Self::Refused } else { Self::Broken }
    }
}

/// What is downloaded, and by how many.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Plan {
    /// How many pages.
    pub pages: usize,
    /// How many workers.
    pub workers: usize,
    /// How long the origin takes for a page.
    pub network: Duration,
    /// How much longer a page may take. It is a guard: the same at any pace, and not to be set from outside.
    #[serde(skip, default = "patience")]
    pub patience: Duration,
}

fn patience() -> Duration {
    Duration::from_secs(5)
}

impl Default for Plan {
    fn default() -> Self {
        Self { pages: 5, workers: 3, network: Duration::from_millis(200), patience: patience() }
    }
}

/// What came of the pages.
#[derive(Debug, Serialize, Deserialize)]
pub struct Outcome {
    /// The content of each page, or why there is none.
    pub contents: Vec<Result<String, DownloadError>>,
    /// The pages in the order in which they were done.
    pub completed: Vec<usize>,
}

impl crate::Outcome for Outcome {
    fn fixed(&self) -> Value {
        json!({ "contents": self.contents })
    }

    fn observed(&self) -> Value {
        json!({ "completed": self.completed })
    }
}

impl Workload for Plan {
    const CARD: Card = Pattern::AsCompleted.card();
    const LIMITS: &[Limit] = &[Limit::new("pages", 0..=1_000), Limit::new("workers", 1..=200)];
    const FIXTURE: Option<Fixture> = Some(Fixture::Origin);
    const COMPARES: Option<&'static str> = Some("two clients, ureq and hyper");
    type Step = Step;
    type Outcome = Outcome;

    fn roles(&self) -> Vec<Role> {
        let download = script![Kind::Requesting, any_of([Kind::Received.into(), Kind::Failed.into()])];
        vec![
            Role::main(times(self.pages, Kind::Shown)),
            Role::new("worker", 0..self.workers, at_least(0, download)),
        ]
    }

    fn laws(&self) -> Vec<Law> {
        let keyed = |step: &Step| match *step {
            Step::Requesting { page }
            | Step::Received { page, .. }
            | Step::Failed { page }
            | Step::Shown { page } => (page as u64, 0),
        };
        vec![
            Law::once_each(Kind::Requesting, 0..self.pages as u64, move |step| keyed(step).0),
            first_come(Kind::Requesting, move |step| keyed(step).0),
            Law::each_after(
                Kind::Requesting,
                Kind::Received,
                "what is received is the page",
                move |asked, got| {
                    let bytes = |page| content(HOST, &format!("/page{page}")).len();
                    keyed(asked) == keyed(got)
                        && matches!(*got, Step::Received { page, bytes: due } if bytes(page) == due)
                },
            ),
            Law::each_after(
                Kind::Requesting,
                Kind::Failed,
                "what fails was asked for",
                move |asked, failed| keyed(asked) == keyed(failed),
            ),
            Law::no_sooner(Kind::Requesting, Kind::Received, self.network),
            Law::fifo(Kind::Requesting, Kind::Shown, keyed),
            Law::in_order_of([Kind::Received, Kind::Failed], Kind::Shown, keyed),
        ]
    }

    fn overlaps(&self) -> Vec<Overlap> {
        let at_once = self.workers.min(self.pages);
        let mut overlaps = vec![
            Overlap::alive([("worker", self.workers)]),
            Overlap::requesting([("worker", at_once)], Kind::Requesting),
        ];
        if self.pages > 1 {
            overlaps.push(as_soon_as_done(Kind::Shown, Kind::Requesting, self.workers));
        }
        overlaps
    }

    fn awaits(&self) -> Vec<Await> {
        vec![Await::between(Kind::Requesting, Kind::Received)]
    }

    fn key_steps(&self) -> Vec<Kind> {
        vec![Kind::Received, Kind::Shown]
    }

    fn judge(&self, outcome: &Outcome) -> Result<(), Breach> {
        check_all(&outcome.completed, self.pages)?;
        let due = (0..self.pages).map(|page| Ok(content(HOST, &format!("/page{page}"))));
        if due.eq(outcome.contents.iter().cloned()) {
            return Ok(());
        }
        Err(Breach::new(format!("not the content of each page: {outcome:?}"), []))
    }

    fn judge_against(&self, outcome: &Outcome, trace: &Trace) -> Result<(), Breach> {
        let reported = trace.of_kind(Kind::Shown).filter_map(|step| match step {
            Step::Shown { page } => Some(page),
            _ => None,
        });
        check_order(&outcome.completed, reported)
    }
}

/// Holds an order of completion to be one of so many jobs, each once.
pub(super) fn check_all(completed: &[usize], jobs: usize) -> Result<(), Breach> {
    let mut sorted = completed.to_vec();
    sorted.sort_unstable();
    if (0..jobs).eq(sorted) {
        return Ok(());
    }
    Err(Breach::new(format!("not each of {jobs} once: {completed:?}"), []))
}

/// Holds it to be the one in which they were reported.
pub(super) fn check_order(completed: &[usize], reported: impl Iterator<Item = usize>) -> Result<(), Breach> {
    if reported.eq(completed.iter().copied()) {
        return Ok(());
    }
    Err(Breach::new(format!("not in the order in which they were reported: {completed:?}"), []))
}
