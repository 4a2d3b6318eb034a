//! Cell 6: a type that owns its worker.
//!
//! **The cell** derives a class from `Thread` that sums the numbers below ten, and keeps the sum as its result, which
//! is none before the thread has run.
//!
//! | the cell prints | our actors say |
//! |---|---|
//! | (nothing; `result` is none) | main: `Before has_result=false` |
//! | (nothing while it sums) | `Calculator`: `Added total=0` to `Added total=45`, each before a pause |
//! | `Result: 45` | main: `After result=45` |
//!
//! There is no class to derive from: the type *has* a thread or task, and its result is what the join gives back. So
//! it can't be read too early, where Python's attribute can.
//!
//! **Laws.** The main line looks before anything is added, and reads the result after everything is.
//!
//! **Threads and tasks** do not differ: both handles give back the value at the join.
//!
//! **In Rust with threads**: the `JoinHandle`. **With tasks**: `AbortOnDropHandle`. **Gained**: a result can't be
//! read before the join.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{Breach, Card, Language, Law, Limit, Pattern, Role, Workload, pause, script, steps};

steps! {
    /// What the worker adds up, and what the main line finds.
    pub enum Step of Kind {
        /// The worker exists and was not started.
        Before { has_result: bool },
        /// The worker has added a number.
        Added { total: usize },
        /// The worker was joined.
        After { result: usize },
    }
}

/// What to sum.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Plan {
    /// The numbers below this are summed.
    pub count: usize,
    /// The pause after each number.
    pub interval: Duration,
}

/// The worker's name, which is also its role.
pub const NAME: &str = "Calculator";

impl Default for Plan {
    fn default() -> Self {
        Self { count: 10, interval: Duration::from_millis(50) }
    }
}

/// What the worker's result was.
#[derive(Debug, Serialize, Deserialize)]
pub struct Outcome {
    /// Before its start.
    pub before: Option<usize>,
    /// After its join.
    pub after: Option<usize>,
}

impl crate::Outcome for Outcome {
    fn fixed(&self) -> Value {
        json!({ "before": self.before, "after": self.after })
    }
}

impl Plan {
    fn totals(&self) -> impl Iterator<Item = usize> {
        (0..self.count).scan(0, |total, number| {
            *total += number;
            Some(*total)
        })
    }
}

impl Workload for Plan {
    const CARD: Card = Pattern::WorkerStruct.card();
    const LIMITS: &[Limit] = &[Limit::new("count", 0..=1_000)];
    type Step = Step;
    type Outcome = Outcome;

    fn roles(&self) -> Vec<Role> {
        let result = self.totals().last().unwrap_or(0);
        let sums: Language =
            self.totals().map(|total| script![Step::Added { total }, pause(self.interval)]).collect();
        vec![
            Role::main(script![Step::Before { has_result: false }, Step::After { result }]),
            Role::new(NAME, [1], sums),
        ]
    }

    fn laws(&self) -> Vec<Law> {
        vec![Law::begins_after(NAME, Kind::Before), Law::over_at(NAME, Kind::After)]
    }

    fn judge(&self, outcome: &Outcome) -> Result<(), Breach> {
        let sum = self.totals().last().unwrap_or(0);
        if outcome.before.is_none() && outcome.after == Some(sum) {
            return Ok(());
        }
        Err(Breach::new(format!("{outcome:?}, but the result is none before and {sum} after"), []))
    }
}
