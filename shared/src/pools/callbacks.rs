//! Cell 22: what a handle knows, and who calls back.
//!
//! **The cell** submits a computation that takes a fifth of a second, has a function called back with its result,
//! prints whether it runs and whether it is done, and waits for the result, for at most five seconds.
//!
//! | the cell prints | our actors say |
//! |---|---|
//! | (nothing, in the worker) | one of the workers: `Computing number=5`, a pause, `Computed result=25` |
//! | `Running: True`, `Done: False` | main: `Looked running=true done=false` |
//! | `Callback: Result is 25` | the same worker: `CalledBack result=25 by_worker=true` |
//! | `Final result: 25` | main: `Got result=25` |
//!
//! What the cell prints of the state is luck: the worker may not have begun. Ours looks when it has, and the
//! computation ends only after that. Then ours looks again, and has itself called back once more, now that the job is
//! done.
//!
//! **Who calls back** is the worker that ran the job, right after it; and whoever adds the callback, there and then, if
//! the job is done already. So a callback that takes long keeps a worker from the next job, or holds up the one that
//! adds it. `by_worker` is what the callback found: whether it ran on the thread, or in the task, of the job.
//!
//! **Laws.** Each of the two callbacks is called once. What the flags say agrees with what the worker does: it has
//! begun when the job is said to run, and not ended before. `CalledBack` of the worker and `Got` are not ordered: who
//! waits for the result is woken before the callbacks are called, and in the cell the two lines ran into one.
//!
//! **Threads and tasks** do not differ in who calls back, but in who comes first then. A thread that is woken goes on
//! as soon as it has a core, beside the callback. A task that is woken is put behind the one that woke it, so the
//! callback nearly always comes first. And a callback is a plain function on both sides: in a task it can't await, and
//! one that blocks holds up every task of that thread.
//!
//! **In Rust with threads**: `join`, and the next line. **With tasks**: `.await`, and the next line. **Gained**: no
//! callback runs on a thread that nobody chose.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{Breach, Card, Law, Limit, Overlap, Pattern, Role, Workload, optional, pause, script, steps};

/// How much longer than the computation the main line waits for its result. It is a guard: the same at any pace.
pub const PATIENCE: Duration = Duration::from_secs(5);

steps! {
    /// What becomes of the computation, and who sees it.
    pub enum Step of Kind {
        /// A worker begins.
        Computing { number: u64 },
        /// It has the result.
        Computed { result: u64 },
        /// The callback has it too.
        CalledBack { result: u64, by_worker: bool },
        /// What the handle said.
        Looked { running: bool, done: bool },
        /// The main line has the result.
        Got { result: u64 },
    }
}

/// What is computed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Plan {
    /// The square of this number.
    pub number: u64,
    /// By one of so many workers.
    pub workers: usize,
    /// In so much time.
    pub computing: Duration,
}

impl Default for Plan {
    fn default() -> Self {
        Self { number: 5, workers: 2, computing: Duration::from_millis(200) }
    }
}

/// What the handle gave.
#[derive(Debug, Serialize, Deserialize)]
pub struct Outcome {
    /// The result; none if it wasn't there in time.
    pub result: Option<u64>,
}

impl crate::Outcome for Outcome {
    fn fixed(&self) -> Value {
        json!({ "result": self.result })
    }
}

impl Workload for Plan {
    const CARD: Card = Pattern::Callbacks.card();
    const LIMITS: &[Limit] = &[Limit::new("number", 0..=1_000_000), Limit::new("workers", 1..=1_000)];
    type Step = Step;
    type Outcome = Outcome;

    fn roles(&self) -> Vec<Role> {
        let result = self.number * self.number;
        vec![
            Role::main(script![
                Step::Looked { running: true, done: false },
                Step::Got { result },
                Step::Looked { running: false, done: true },
                Step::CalledBack { result, by_worker: false },
            ]),
            Role::new(
                "worker",
                0..self.workers,
                optional(script![
                    Step::Computing { number: self.number },
                    pause(self.computing),
                    Step::Computed { result },
                    Step::CalledBack { result, by_worker: true },
                ]),
            ),
        ]
    }

    fn laws(&self) -> Vec<Law> {
        vec![
            Law::exactly(1, Kind::Computed),
            Law::precedes(Kind::Computing, Kind::Looked),
            Law::precedes(Kind::Looked, Kind::Computed),
            Law::precedes(Kind::Computed, Kind::Got),
        ]
    }

    fn overlaps(&self) -> Vec<Overlap> {
        vec![Overlap::alive([("worker", self.workers)])]
    }

    fn key_steps(&self) -> Vec<Kind> {
        vec![Kind::Computed, Kind::CalledBack, Kind::Got]
    }

    fn judge(&self, outcome: &Outcome) -> Result<(), Breach> {
        if outcome.result == Some(self.number * self.number) {
            return Ok(());
        }
        Err(Breach::new(format!("not the square of {}: {:?}", self.number, outcome.result), []))
    }
}
