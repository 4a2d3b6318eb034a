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
//!
//! **In Rust with threads**: rayon. **With tasks**: `task::spawn`, `buffered(n)`. **Gained**: errors come in the order of
//! the items, with nothing to collect by hand.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::misuse::JobError;
use crate::pools::first_come;
use crate::{Breach, Card, Law, Limit, Overlap, Pattern, Role, Workload, any_of, at_least, script, steps};

/// Who works in each of the calls: in the second the function fails at times, and in the third there is nothing to do.
pub const WORKERS: [&str; 3] = ["worker", "failing-worker", "idle-worker"];

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

impl Plan {
    /// How many items there are, and how many of them fail in the second call.
    fn counts(&self) -> (usize, usize) {
        let count = usize::try_from(self.items).unwrap_or(usize::MAX);
        (count, (0..self.items).filter(|item| fails(*item)).count())
    }
}

impl Workload for Plan {
    const CARD: Card = Pattern::ParallelMap.card();
    const LIMITS: &[Limit] = &[Limit::new("items", 0..=1_000), Limit::new("workers", 1..=300)];
    type Step = Step;
    type Outcome = Outcome;

    fn roles(&self) -> Vec<Role> {
        let applied = || script![Kind::Applying, Kind::Applied];
        let at_times = any_of([applied(), script![Kind::Applying, Kind::Failing]]);
        let (count, failing) = self.counts();
        let second = if failing == 0 { Step::Mapped { count } } else { Step::Refused { count: failing } };
        let [all, some, none] = WORKERS;
        vec![
            Role::main(script![Step::Mapped { count }, second, Step::Mapped { count: 0 }]),
            Role::new(all, 0..self.workers, at_least(0, applied())),
            Role::new(some, 0..self.workers, at_least(0, at_times)),
            Role::new(none, 0..self.workers, script![]),
        ]
    }

    fn laws(&self) -> Vec<Law> {
        let item = |step: &Step| match *step {
            Step::Applying { item } | Step::Applied { item } | Step::Failing { item } => item,
            Step::Mapped { .. } | Step::Refused { .. } => 0,
        };
        let [all, some, none] = WORKERS;
        let each = |worker| Law::once_each(Kind::Applying, 0..self.items, item).among([worker]);
        let then = |kind, fate: fn(u64) -> bool, worker| {
            let holds = move |tried: &Step, done: &Step| item(tried) == item(done) && fate(item(done));
            Law::each_after(Kind::Applying, kind, "what is applied returns, or fails, as it should", holds)
                .among([worker])
        };
        let (_, failing) = self.counts();
        let second = if failing == 0 { Kind::Mapped } else { Kind::Refused };
        vec![
            each(all),
            each(some),
            then(Kind::Applied, |_| true, all),
            then(Kind::Applied, |item| !fails(item), some),
            then(Kind::Failing, fails, some),
            first_come(Kind::Applying, item),
            Law::over_at(all, Kind::Mapped),
            Law::over_at(some, second),
            Law::over_at(none, Kind::Mapped),
        ]
    }

    fn overlaps(&self) -> Vec<Overlap> {
        let items = usize::try_from(self.items).unwrap_or(usize::MAX);
        let [all, some, none] = WORKERS;
        let applying = |worker| Overlap::having_said([(worker, self.workers.min(items))], Kind::Applying);
        vec![applying(all), applying(some), Overlap::alive([(none, self.workers)])]
    }

    fn key_steps(&self) -> Vec<Kind> {
        vec![Kind::Applying]
    }

    fn judge(&self, outcome: &Outcome) -> Result<(), Breach> {
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
