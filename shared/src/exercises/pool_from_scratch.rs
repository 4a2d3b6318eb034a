//! Cells 32 and 37: a pool, from a queue and a few workers.
//!
//! **The cells** ask for a pool of a fixed number of workers, with `submit` and `shutdown`, and solve it with a queue:
//! five jobs, which it calls tasks, are printed by three workers.
//!
//! | the cell prints | our actors say |
//! |---|---|
//! | `Task 0` to `Task 4` | main: `Submitting number=0`; a worker: `Task number=0`; and so on |
//! | (nothing: no job fails) | main: `SubmittingFailure`; a worker: `Failing`, `TaskError` |
//! | `Pool shutdown` | main: `ShutDown`, then `Refused` |
//!
//! Before the five, ours submits a job that fails: it is reported, as the notebook's pool would, and its worker goes
//! on. Afterwards it submits one more, and gets the error that the pool is shut down; the notebook's would take it, and
//! nobody would ever run it.
//!
//! Then ours shuts a second pool down without waiting, when each of its workers is held by a job and more are queued.
//! Those that are queued are cancelled. In the notebook's pool they would still be run, because its `shutdown` doesn't
//! empty the queue; whether it waits or not, it joins the workers. If it waits, it joins the queue before it sends the
//! sentinels; they are behind all jobs anyway, so ours has only the workers to join.
//!
//! **Laws.** A job is run once, or cancelled once. Jobs are taken in the order of submission, so what one worker
//! runs, it runs in that order. All are done before `ShutDown`.
//!
//! **Threads and tasks** do not differ here. This pool has one owner: `submit` and `shutdown` need it for themselves
//! (`&mut self`), so that nobody can submit while it is shut down, and a flag will do, without a lock. The pool of
//! [`ordered_map`](crate::pools::ordered_map) is shared, and has handles for its results.
//!
//! **In Rust with threads**: workers over one channel, or rayon's `ThreadPool`. **With tasks**: a `JoinSet` and a
//! `Semaphore`. **Gained**: dropping the sender ends the pool; tasks need no pool.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::misuse::JobError;
use crate::{Breach, Card, Law, Limit, Overlap, Pattern, Role, Workload, at_least, optional, script, steps};

steps! {
    /// What becomes of the jobs; the cell calls them tasks.
    pub enum Step of Kind {
        /// About to submit the job that fails.
        SubmittingFailure,
        /// About to submit a job.
        Submitting { number: usize },
        /// A worker runs it.
        Task { number: usize },
        /// A worker runs the one that fails.
        Failing,
        /// The worker has caught its panic.
        TaskError,
        /// The pool is shut down, and everything is done.
        ShutDown,
        /// The pool takes no more.
        Refused,
        /// A worker of the second pool runs a job that is held.
        Held { number: usize },
        /// It is released.
        Released { number: usize },
        /// It was queued when the second pool was shut down, and never runs.
        Cancelled { number: usize },
    }
}

/// The message of the job that fails.
pub const FAILURE: &str = "for once";

/// How many jobs, for how many workers.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Plan {
    /// How many workers a pool has.
    pub workers: usize,
    /// How many jobs the first pool runs, beside the one that fails.
    pub jobs: usize,
    /// How many are queued when the second pool is shut down.
    pub queued: usize,
}

impl Default for Plan {
    fn default() -> Self {
        Self { workers: 3, jobs: 5, queued: 2 }
    }
}

/// What the pools left.
#[derive(Debug, Serialize, Deserialize)]
pub struct Outcome {
    /// The errors of the first pool's jobs.
    pub errors: Vec<String>,
    /// Which jobs of the second pool were cancelled.
    pub cancelled: Vec<usize>,
}

impl crate::Outcome for Outcome {
    fn fixed(&self) -> Value {
        json!({ "errors": self.errors, "cancelled": self.cancelled })
    }
}

impl Plan {
    /// Which jobs of the second pool are queued: the first ones are held, each by a worker.
    fn queue(&self) -> impl Iterator<Item = usize> + use<> {
        self.workers..self.workers + self.queued
    }
}

impl Workload for Plan {
    const CARD: Card = Pattern::PoolFromScratch.card();
    const LIMITS: &[Limit] =
        &[Limit::new("workers", 1..=1_000), Limit::new("jobs", 0..=1_000), Limit::new("queued", 0..=1_000)];
    type Step = Step;
    type Outcome = Outcome;

    fn roles(&self) -> Vec<Role> {
        // It was submitted first, so whoever runs it has run nothing before.
        let failing = optional(script![Step::Failing, Step::TaskError]);
        vec![
            Role::main(script![
                Step::SubmittingFailure,
                (0..self.jobs).map(|number| Step::Submitting { number }.into()).collect::<crate::Language>(),
                Step::ShutDown,
                Step::Refused,
                self.queue().map(|number| Step::Cancelled { number }.into()).collect::<crate::Language>(),
                Step::Refused,
            ]),
            Role::new("worker", 0..self.workers, script![failing, at_least(0, Kind::Task)]),
            Role::new("held-worker", 0..self.workers, script![Kind::Held, Kind::Released]),
        ]
    }

    fn laws(&self) -> Vec<Law> {
        let keyed = |step: &Step| match *step {
            Step::Submitting { number } | Step::Task { number } => (0, number as u64),
            Step::Held { number } | Step::Released { number } => (number as u64, 0),
            _ => (0, 0),
        };
        vec![
            Law::fifo(Kind::Submitting, Kind::Task, keyed),
            Law::exactly(self.jobs, Kind::Task),
            Law::precedes(Kind::SubmittingFailure, Kind::Failing),
            Law::exactly(1, Kind::TaskError),
            Law::over_at("worker", Kind::ShutDown),
            Law::once_each(Kind::Held, 0..self.workers as u64, move |step| keyed(step).0),
            Law::each_after(Kind::Held, Kind::Released, "who is held is released", move |held, released| {
                keyed(held) == keyed(released)
            }),
            Law::never_followed_by(Kind::Released, Kind::Cancelled),
        ]
    }

    fn overlaps(&self) -> Vec<Overlap> {
        vec![
            Overlap::having_said([("worker", self.workers.min(self.jobs))], Kind::Task),
            Overlap::having_said([("held-worker", self.workers)], Kind::Held),
        ]
    }

    fn key_steps(&self) -> Vec<Kind> {
        vec![Kind::Submitting, Kind::Task, Kind::TaskError]
    }

    fn judge(&self, outcome: &Outcome) -> Result<(), Breach> {
        if outcome.errors == [JobError::Panicked(FAILURE.into()).to_string()]
            && self.queue().eq(outcome.cancelled.iter().copied())
        {
            return Ok(());
        }
        Err(Breach::new(format!("not one error, and each queued job cancelled: {outcome:?}"), []))
    }
}
