//! Cell 13: at most three at once.
//!
//! **The cell** starts six threads, each of which works for half a second with one of three permits.
//!
//! | the cell prints | our actors say |
//! |---|---|
//! | `Thread-0 waiting for semaphore...` | worker 0 to 5: `Waiting` |
//! | `Thread-0 acquired semaphore` | `Acquired`, then a pause |
//! | `Thread-0 releasing semaphore` | `Releasing` |
//! | `All threads completed` | main: `Completed value=3` |
//!
//! The notebook's first line runs into the second, because two threads print at once; a step is an event of its own.
//!
//! **Laws.** Never more than three between `Acquired` and `Releasing`. `Acquired` is said after the permit is there,
//! and `Releasing` before it goes back, so the trace never shows more inside than there are. The main line
//! waits for all.
//!
//! **Threads and tasks** differ in who comes next: a thread may overtake those who wait for a permit, tasks are served
//! in turn. No law is about that, because the notebook promises nothing.
//!
//! **In Rust with threads**: a channel full of permits. **With tasks**: `acquire_owned`, moved into the task.
//! **Gained**: a permit's guard gives it back, however its owner ends.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{Breach, Card, Law, Limit, Overlap, Pattern, Role, Workload, pause, script, steps};

steps! {
    /// The way through the semaphore.
    pub enum Step of Kind {
        /// About to ask for a permit.
        Waiting,
        /// Has a permit.
        Acquired,
        /// About to give it back.
        Releasing,
        /// All workers are joined; so many permits are left.
        Completed { value: usize },
    }
}

/// Who works, and with how many permits.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Plan {
    /// How many permits.
    pub permits: usize,
    /// How many workers.
    pub workers: usize,
    /// How long each works with its permit.
    pub hold: Duration,
}

impl Default for Plan {
    fn default() -> Self {
        Self { permits: 3, workers: 6, hold: Duration::from_millis(500) }
    }
}

/// What is left.
#[derive(Debug, Serialize, Deserialize)]
pub struct Outcome {
    /// How many permits there are at the end.
    pub value: usize,
}

impl crate::Outcome for Outcome {
    fn fixed(&self) -> Value {
        json!({ "value": self.value })
    }
}

impl Workload for Plan {
    const CARD: Card = Pattern::Semaphore.card();
    const LIMITS: &[Limit] = &[Limit::new("permits", 1..=1_000), Limit::new("workers", 0..=1_000)];
    type Step = Step;
    type Outcome = Outcome;

    fn roles(&self) -> Vec<Role> {
        let work = script![Step::Waiting, Step::Acquired, pause(self.hold), Step::Releasing];
        vec![Role::main(Step::Completed { value: self.permits }), Role::new("worker", 0..self.workers, work)]
    }

    fn laws(&self) -> Vec<Law> {
        vec![
            Law::at_most_inside(self.permits, [Kind::Acquired], [Kind::Releasing]),
            Law::over_at("worker", Kind::Completed),
        ]
    }

    fn overlaps(&self) -> Vec<Overlap> {
        vec![Overlap::pausing([("worker", self.permits.min(self.workers))]).after(Kind::Acquired)]
    }

    fn key_steps(&self) -> Vec<Kind> {
        vec![Kind::Acquired]
    }

    fn judge(&self, outcome: &Outcome) -> Result<(), Breach> {
        if outcome.value == self.permits {
            return Ok(());
        }
        Err(Breach::new(format!("{} permits are left of {}", outcome.value, self.permits), []))
    }
}
