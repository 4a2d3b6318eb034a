//! Cells 33 and 38: a function over many items at once.
//!
//! **The cells** ask for a map that applies a function to all items on a few threads, and gives back the results in
//! their order. If the function fails for some, the caller gets one error that names them all, after all have finished.
//!
//! | the cell prints | our actors say |
//! |---|---|
//! | (nothing, in the workers) | worker: `Applying item=0` and `Applied item=0`, or `Failing item=0` |
//! | `Results: [0, 1, 4, 9, …, 81]` | main: `Mapped count=10` |
//!
//! The cell tries neither an error nor an empty list; ours does. The second call fails for every third item, and the
//! third has no items. Each call has workers of its own, as in the cell.
//!
//! **Laws.** In each call every item is tried once, whatever becomes of the others, before the call is over.
//!
//! **Threads and tasks** do not differ here.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::misuse::JobError;
use crate::{Breach, Card, Law, Limit, Pattern, Role, Trace, Workload, any_of, at_least, script, steps};

/// How many calls are made.
pub const CALLS: usize = 3;

/// Of so many items, the first fails in the second call.
const FAILING: u64 = 3;

steps! {
    /// The way of an item through the map.
    pub enum Step of Kind {
        /// A worker begins with it.
        Applying { item: u64 },
        /// The function returns.
        Applied { item: u64 },
        /// The function panics.
        Failing { item: u64 },
        /// A call returned so many results.
        Mapped { count: usize },
        /// A call failed for so many items.
        Refused { count: usize },
    }
}

/// What is mapped, and by how many.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Plan {
    /// The items are the numbers below this.
    pub items: u64,
    /// How many workers each call has.
    pub workers: usize,
}

impl Default for Plan {
    fn default() -> Self {
        Self { items: 10, workers: 3 }
    }
}

/// Whether the function fails for this item in the second call.
pub fn fails(item: u64) -> bool {
    item.is_multiple_of(FAILING)
}

/// The items for which the function failed, each with its error.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("errors in items: {}", .0.iter().map(|(index, error)| format!("{index}: {error}")).collect::<Vec<_>>().join(", "))]
pub struct Failed(pub Vec<(usize, String)>);

/// What the calls returned.
#[derive(Debug, Serialize, Deserialize)]
pub struct Outcome {
    /// The squares, in the order of the items.
    pub squares: Vec<u64>,
    /// The error of the second call; none without any item.
    pub error: Option<String>,
    /// What came of no items.
    pub nothing: Vec<u64>,
}

impl crate::Outcome for Outcome {
    fn fixed(&self) -> Value {
        json!({ "squares": self.squares, "error": self.error, "nothing": self.nothing })
    }
}

impl Workload for Plan {
    const CARD: Card = Pattern::ParallelMap.card();
    const LIMITS: &[Limit] = &[Limit::new("items", 0..=1_000), Limit::new("workers", 1..=300)];
    type Step = Step;
    type Outcome = Outcome;

    fn roles(&self) -> Vec<Role> {
        let apply = script![Kind::Applying, any_of([Kind::Applied.into(), Kind::Failing.into()])];
        let second = any_of([Kind::Mapped.into(), Kind::Refused.into()]);
        vec![
            Role::main(script![Kind::Mapped, second, Step::Mapped { count: 0 }]),
            Role::new("worker", CALLS * self.workers, at_least(0, apply)),
        ]
    }

    fn laws(&self) -> Vec<Law> {
        let count = usize::try_from(self.items).unwrap_or(usize::MAX);
        let failing = (0..self.items).filter(|item| fails(*item)).count();
        vec![
            Law::exactly(2 * count, Kind::Applying),
            Law::exactly(2 * count - failing, Kind::Applied),
            Law::exactly(failing, Kind::Failing),
            Law::at_most_inside(self.workers, [Kind::Applying], [Kind::Applied, Kind::Failing]),
            Law::followed_by(Kind::Applied, Kind::Mapped),
            Law::followed_by(Kind::Failing, Kind::Refused),
        ]
    }

    fn key_steps(&self) -> Vec<Kind> {
        vec![Kind::Applying]
    }

    fn judge(&self, outcome: &Outcome, _trace: &Trace) -> Result<(), Breach> {
        let squares: Vec<u64> = (0..self.items).map(|item| item * item).collect();
        let failing = (0..).zip(0..self.items).filter(|(_, item)| fails(*item));
        let errors: Vec<_> =
            failing.map(|(index, item)| (index, JobError::Panicked(error_of(item)).to_string())).collect();
        let error = (!errors.is_empty()).then(|| Failed(errors).to_string());
        if outcome.squares == squares && outcome.nothing.is_empty() && outcome.error == error {
            return Ok(());
        }
        Err(Breach::new(format!("not the squares, or not every error: {outcome:?}"), []))
    }
}

/// The error of an item for which the function fails.
pub fn error_of(item: u64) -> String {
    format!("no square of {item} today")
}
