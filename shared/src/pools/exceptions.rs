//! Cell 21: one job fails, the others don't.
//!
//! **The cell** submits five jobs to a pool of three workers; the fourth raises an error. It goes through the futures
//! as they complete, and prints for each item its result or its error.
//!
//! | the cell prints | our actors say |
//! |---|---|
//! | (nothing, in the workers) | worker: `Trying item=0`, then a pause and `Returning item=0`, or `Failing item=3` |
//! | `Item 0: 0` | main: `Item item=0 failed=false` |
//! | `Item 3 failed: Error with 3` | main: `Item item=3 failed=true` |
//!
//! In Rust an error is a value, and a job returns it; what is left to be caught is a panic, so that is how the job
//! fails here. Its handle has the message, and the worker goes on with the next job. In which order the items are
//! reported is the order in which the jobs were done: the failing one is quicker than those that began with it.
//!
//! **Laws.** Every item is tried once, and reported once; what a worker has gone on from before another was done is
//! reported before that. A worker takes the jobs in the order of their submission, and as many
//! are under way at once as there are workers.
//!
//! **Threads and tasks** do not differ here: a panic ends the thread or the task in which nobody catches it, and both
//! pools catch it around each job.
//!
//! **In Rust with threads**: jobs return `Result`. **With tasks**: a stream of `Result`s, `buffer_unordered(n)`.
//! **Gained**: what may fail is in the type; a panic is a bug and shows at the join.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::as_completed::{check_all, check_order};
use super::{as_soon_as_done, first_come};
use crate::{
    Breach, Card, Law, Limit, Overlap, Pattern, Role, Trace, Workload, any_of, at_least, pause, script,
    steps, times,
};

steps! {
    /// What becomes of an item.
    pub enum Step of Kind {
        /// A worker begins with it.
        Trying { item: usize },
        /// The job returns.
        Returning { item: usize },
        /// The job panics.
        Failing { item: usize },
        /// The main line has its result.
        Item { item: usize, failed: bool },
    }
}

/// What is tried, and what fails.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Plan {
    /// How many items.
    pub items: usize,
    /// Which of them fails.
    pub failing: usize,
    /// How many workers.
    pub workers: usize,
    /// How long a job takes that doesn't fail.
    pub working: Duration,
}

impl Default for Plan {
    fn default() -> Self {
        Self { items: 5, failing: 3, workers: 3, working: Duration::from_millis(100) }
    }
}

impl Plan {
    /// What is due for an item: twice its number.
    ///
    /// # Errors
    /// The text with which the failing item fails.
    pub fn due(&self, item: usize) -> Result<usize, String> {
        if item == self.failing { Err(format!("Error with {item}")) } else { Ok(2 * item) }
    }
}

/// What came of the items.
#[derive(Debug, Serialize, Deserialize)]
pub struct Outcome {
    /// The result of each item, or its error.
    pub results: Vec<Result<usize, String>>,
    /// The items in the order in which their jobs were done.
    pub completed: Vec<usize>,
}

impl crate::Outcome for Outcome {
    fn fixed(&self) -> Value {
        json!({ "results": self.results })
    }

    fn observed(&self) -> Value {
        json!({ "completed": self.completed })
    }
}

impl Workload for Plan {
    const CARD: Card = Pattern::Exceptions.card();
    const LIMITS: &[Limit] =
        &[Limit::new("items", 0..=1_000), Limit::new("failing", 0..=1_000), Limit::new("workers", 1..=1_000)];
    type Step = Step;
    type Outcome = Outcome;

    fn roles(&self) -> Vec<Role> {
        let returning = script![pause(self.working), Kind::Returning];
        let end = any_of([returning, Step::Failing { item: self.failing }.into()]);
        vec![
            Role::main(times(self.items, Kind::Item)),
            Role::new("worker", 0..self.workers, at_least(0, script![Kind::Trying, end])),
        ]
    }

    fn laws(&self) -> Vec<Law> {
        let same = "what is tried is done";
        let keyed = |step: &Step| match *step {
            Step::Trying { item }
            | Step::Returning { item }
            | Step::Failing { item }
            | Step::Item { item, .. } => (item as u64, 0),
        };
        vec![
            Law::once_each(Kind::Trying, 0..self.items as u64, move |step| keyed(step).0),
            first_come(Kind::Trying, move |step| keyed(step).0),
            Law::each_after(Kind::Trying, Kind::Returning, same, move |tried, done| {
                keyed(tried) == keyed(done)
            }),
            Law::each_after(Kind::Trying, Kind::Failing, same, move |tried, done| {
                keyed(tried) == keyed(done)
            }),
            Law::fifo(Kind::Trying, Kind::Item, keyed),
            Law::in_order_of([Kind::Returning, Kind::Failing], Kind::Item, keyed),
        ]
    }

    fn overlaps(&self) -> Vec<Overlap> {
        let pausing = self.items - usize::from(self.failing < self.items);
        let mut overlaps =
            vec![Overlap::pausing([("worker", self.workers.min(pausing))]).after(Kind::Trying)];
        if self.items > 1 {
            overlaps.push(as_soon_as_done(Kind::Item, Kind::Trying, self.workers));
        }
        overlaps
    }

    fn key_steps(&self) -> Vec<Kind> {
        vec![Kind::Trying]
    }

    fn judge(&self, outcome: &Outcome) -> Result<(), Breach> {
        check_all(&outcome.completed, self.items)?;
        if (0..self.items).map(|item| self.due(item)).eq(outcome.results.iter().cloned()) {
            return Ok(());
        }
        Err(Breach::new(format!("not what is due of each item: {outcome:?}"), []))
    }

    fn judge_against(&self, outcome: &Outcome, trace: &Trace) -> Result<(), Breach> {
        let reported = || {
            trace.of_kind(Kind::Item).filter_map(|step| match step {
                Step::Item { item, failed } => Some((item, failed)),
                _ => None,
            })
        };
        check_order(&outcome.completed, reported().map(|(item, _)| item))?;
        if reported().all(|(item, failed)| self.due(item).is_err() == failed) {
            return Ok(());
        }
        Err(Breach::new(format!("an item is said to be what it is not: {outcome:?}"), []))
    }
}
