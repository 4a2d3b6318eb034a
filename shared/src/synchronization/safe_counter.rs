//! Cell 10: no update is lost under a lock.
//!
//! **The cell** does the increments of cell 9 again, but holds a lock from the read to the write.
//!
//! | the cell prints | our actors say |
//! |---|---|
//! | (nothing while it counts) | worker 1 to 5, a hundred times: `Entered`, a pause, `Leaving value=…` |
//! | `Daemon working...` | (cell 8's, which ours ended) |
//! | `Expected: 500, Actual: 500` | main: `Finished actual=500` |
//!
//! `Entered` is said once the lock is held and `Leaving` while it still is, so the trace never shows more inside than
//! there are.
//!
//! **Laws.** The critical sections never overlap, and the counter ends at exactly all the increments.
//!
//! **Threads and tasks** differ in the lock. A guard of `std::sync::Mutex` must not be held across an `.await`: it is
//! not `Send`, and a task that waits with it would block the worker of whoever wants it next. tokio's `Mutex` is made
//! to be held there: its waiters are queued tasks, served in turn. Where the critical section has no `.await`, the
//! standard one is right for tasks as well, and cheaper.
//!
//! **In Rust with threads**: `Mutex<usize>` in a scope. **With tasks**: std's `Mutex`, never across an `.await`.
//! **Gained**: the lock owns the value: there is no way to it without.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::race_condition;
use crate::{Breach, Card, Law, Limit, Overlap, Pattern, Role, Workload, pause, script, steps, times};

steps! {
    /// The critical section.
    pub enum Step of Kind {
        /// The lock is held.
        Entered,
        /// The counter is written, and the lock about to be released.
        Leaving { value: usize },
        /// All workers are joined.
        Finished { actual: usize },
    }
}

/// Who increments, and how often: the same as without a lock.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Plan {
    /// How many workers.
    pub workers: usize,
    /// How often each of them increments.
    pub times: usize,
    /// The pause between read and write.
    pub processing: Duration,
}

impl Default for Plan {
    fn default() -> Self {
        let race_condition::Plan { workers, times, processing } = race_condition::Plan::default();
        Self { workers, times, processing }
    }
}

/// What the counter came to.
#[derive(Debug, Serialize, Deserialize)]
pub struct Outcome {
    /// What it should be.
    pub expected: usize,
    /// What it is.
    pub actual: usize,
}

impl crate::Outcome for Outcome {
    fn fixed(&self) -> Value {
        json!({ "expected": self.expected, "actual": self.actual })
    }
}

impl Workload for Plan {
    const CARD: Card = Pattern::SafeCounter.card();
    const LIMITS: &[Limit] = &[Limit::new("workers", 0..=100), Limit::new("times", 0..=10_000)];
    type Step = Step;
    type Outcome = Outcome;

    fn roles(&self) -> Vec<Role> {
        let increment = script![Step::Entered, pause(self.processing), Kind::Leaving];
        vec![
            Role::main(Step::Finished { actual: self.workers * self.times }),
            Role::new("worker", 1..=self.workers, times(self.times, increment)),
        ]
    }

    fn laws(&self) -> Vec<Law> {
        vec![
            Law::at_most_inside(1, [Kind::Entered], [Kind::Leaving]),
            Law::in_order(Kind::Leaving, 1..(self.workers * self.times) as u64 + 1, |step| match *step {
                Step::Leaving { value } => value as u64,
                _ => 0,
            }),
            Law::over_at("worker", Kind::Finished),
        ]
    }

    fn overlaps(&self) -> Vec<Overlap> {
        vec![Overlap::alive([("worker", self.workers)])]
    }

    fn key_steps(&self) -> Vec<Kind> {
        vec![Kind::Entered]
    }

    fn judge(&self, outcome: &Outcome) -> Result<(), Breach> {
        let all = self.workers * self.times;
        if (outcome.expected, outcome.actual) == (all, all) {
            return Ok(());
        }
        Err(Breach::new(format!("{outcome:?}, but no update of {all} may be lost"), []))
    }
}
