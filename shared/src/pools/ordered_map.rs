//! Cell 20: results in the order of the items.
//!
//! **The cell** hands ten items to a pool of four workers with `executor.map`, each of which takes a tenth of a second
//! to be squared. The results come in the order of the items, whoever was done first.
//!
//! | the cell prints | our actors say |
//! |---|---|
//! | (nothing, in the workers) | worker 0 to 3: `Processing item=0`, a pause, `Processed item=0`, and so on |
//! | `Results: [0, 1, 4, 9, …, 81]` | main: `Collected count=10` |
//!
//! Which worker gets which item is not fixed, and not in the outcome.
//!
//! **Laws.** Each item is processed once, never more of them at once than there are workers, and all before the results
//! are there. A worker takes the jobs in the order of their submission, and as many
//! are under way at once as there are workers.
//!
//! **Threads and tasks** do not differ here: on both sides a pool is a few workers and a queue of jobs. Tasks are cheap
//! enough to spawn one for each item, and then a semaphore bounds how many run at once; a pool is the notebook's shape.
//!
//! **In Rust with threads**: rayon's `map().collect()`. **With tasks**: `buffered(n)`. **Gained**: order is kept by
//! the type, not by handles in a list.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::first_come;
use crate::{Breach, Card, Law, Limit, Overlap, Pattern, Role, Workload, at_least, pause, script, steps};

steps! {
    /// The way of an item through the pool.
    pub enum Step of Kind {
        /// A worker begins with it.
        Processing { item: u64 },
        /// The worker is done with it.
        Processed { item: u64 },
        /// So many results are there.
        Collected { count: usize },
    }
}

/// What is squared, and by how many.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Plan {
    /// The items are the numbers below this.
    pub items: u64,
    /// How many workers.
    pub workers: usize,
    /// How long an item takes.
    pub processing: Duration,
}

impl Default for Plan {
    fn default() -> Self {
        Self { items: 10, workers: 4, processing: Duration::from_millis(100) }
    }
}

/// What came out.
#[derive(Debug, Serialize, Deserialize)]
pub struct Outcome {
    /// The squares, in the order of the items.
    pub results: Vec<u64>,
}

impl crate::Outcome for Outcome {
    fn fixed(&self) -> Value {
        json!({ "results": self.results })
    }
}

impl Workload for Plan {
    const CARD: Card = Pattern::OrderedMap.card();
    const LIMITS: &[Limit] = &[Limit::new("items", 0..=1_000), Limit::new("workers", 1..=1_000)];
    type Step = Step;
    type Outcome = Outcome;

    fn roles(&self) -> Vec<Role> {
        let process = script![Kind::Processing, pause(self.processing), Kind::Processed];
        let count = usize::try_from(self.items).unwrap_or(usize::MAX);
        vec![
            Role::main(Step::Collected { count }),
            Role::new("worker", 0..self.workers, at_least(0, process)),
        ]
    }

    fn laws(&self) -> Vec<Law> {
        let item = |step: &Step| match *step {
            Step::Processing { item } | Step::Processed { item } => item,
            Step::Collected { .. } => 0,
        };
        vec![
            Law::once_each(Kind::Processing, 0..self.items, item),
            first_come(Kind::Processing, item),
            Law::each_after(
                Kind::Processing,
                Kind::Processed,
                "what is begun is done",
                move |begun, done| item(begun) == item(done),
            ),
            Law::over_at("worker", Kind::Collected),
        ]
    }

    fn overlaps(&self) -> Vec<Overlap> {
        let items = usize::try_from(self.items).unwrap_or(usize::MAX);
        vec![Overlap::pausing([("worker", self.workers.min(items))]).after(Kind::Processing)]
    }

    fn key_steps(&self) -> Vec<Kind> {
        vec![Kind::Processing]
    }

    fn judge(&self, outcome: &Outcome) -> Result<(), Breach> {
        if (0..self.items).map(|item| item * item).eq(outcome.results.iter().copied()) {
            return Ok(());
        }
        Err(Breach::new(format!("not the squares in order: {:?}", outcome.results), []))
    }
}
