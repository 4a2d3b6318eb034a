//! Cell 23: to each worker its own value.
//!
//! **The cell** starts three threads. Each stores its name in a thread-local variable, sleeps, and prints what the
//! variable holds: its own name, whatever the others stored meanwhile.
//!
//! | the cell prints | our actors say |
//! |---|---|
//! | `Thread T0: value = T0` | worker 0 to 2: `Bound value=0`, a pause, `Read value=0` |
//!
//! The notebook says nothing of what *else* a worker runs, which is where local data surprises. So each worker also
//! asks what a helper finds that it spawns (`Spawned`), and what a section finds that blocks (`Blocked`).
//!
//! **Laws.** None across workers: each reads what it has bound, its own number.
//!
//! **Threads and tasks** differ in where such a value lives. A thread's is there as long as the thread: it is set at
//! any time, and seen by all that runs on it. A task's is bound for a scope, the future within which it holds, and
//! moves with the task from worker to worker; it can't be set from within. Neither is inherited by what is spawned: a
//! new thread has its own, a new task has none, unless it is given a scope too. A blocking section of a thread is the
//! thread itself, so it sees the value; that of a task runs on a thread of the runtime's pool (`spawn_blocking`), where
//! there is no task and so no value: what it needs is handed over.
//!
//! **In Rust with threads**: this cell. **With tasks**: this cell. **Gained**: nothing: `thread_local!` and
//! `task_local!` are the idiom, and an argument is better.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    Await, Breach, Card, Difference, KEPT_THREADS, Law, Limit, Overlap, Pattern, Role, Trace, Workload,
    any_of, pause, script, steps,
};

steps! {
    /// What each worker finds where.
    pub enum Step of Kind {
        /// Its local value is this from now on.
        Bound { value: usize },
        /// It reads this.
        Read { value: usize },
        /// Whether a helper that it spawned finds a value.
        Spawned { inherits: bool },
        /// Whether a section that blocks finds it.
        Blocked { inherits: bool },
    }
}

/// Who stores something.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Plan {
    /// How many workers.
    pub workers: usize,
    /// How long each keeps its value before it reads it.
    pub interval: Duration,
}

impl Default for Plan {
    fn default() -> Self {
        Self { workers: 3, interval: Duration::from_millis(100) }
    }
}

/// What a worker found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// The value that it read.
    pub value: usize,
    /// Whether the helper that it spawned had one.
    pub spawned: bool,
    /// Whether the section that blocks had it.
    pub blocked: bool,
}

/// What all workers found, in their order.
#[derive(Debug, Serialize, Deserialize)]
pub struct Outcome {
    /// What each found.
    pub found: Vec<Found>,
}

impl crate::Outcome for Outcome {
    fn fixed(&self) -> Value {
        let values: Vec<usize> = self.found.iter().map(|found| found.value).collect();
        json!({
            "values": values,
            "spawned_inherits": self.found.iter().any(|found| found.spawned),
            "blocked_inherits": self.found.iter().all(|found| found.blocked),
        })
    }
}

impl Workload for Plan {
    const CARD: Card = Pattern::LocalData.card();
    const LIMITS: &[Limit] = &[Limit::new("workers", 1..=1_000)];
    const COMPARES: Option<&'static str> = Some(KEPT_THREADS);
    type Step = Step;
    type Outcome = Outcome;

    fn roles(&self) -> Vec<Role> {
        let work = |number| {
            script![
                Step::Bound { value: number },
                pause(self.interval),
                Step::Read { value: number },
                Step::Spawned { inherits: false },
                any_of([true, false].map(|inherits| Step::Blocked { inherits }.into())),
            ]
        };
        vec![Role::main(script![]), Role::each("worker", 0..self.workers, work)]
    }

    fn laws(&self) -> Vec<Law> {
        Vec::new()
    }

    fn overlaps(&self) -> Vec<Overlap> {
        vec![Overlap::pausing([("worker", self.workers)]).after(Kind::Bound)]
    }

    fn awaits(&self) -> Vec<Await> {
        vec![Await::between(Kind::Spawned, Kind::Blocked)]
    }

    fn key_steps(&self) -> Vec<Kind> {
        vec![Kind::Bound, Kind::Read]
    }

    fn judge(&self, outcome: &Outcome) -> Result<(), Breach> {
        if (0..self.workers).eq(outcome.found.iter().map(|found| found.value)) {
            return Ok(());
        }
        Err(Breach::new(format!("a worker read what is not its own: {:?}", outcome.found), []))
    }

    fn judge_against(&self, outcome: &Outcome, trace: &Trace) -> Result<(), Breach> {
        for (index, event, step) in trace.steps() {
            let found = outcome.found.get(trace.cast[event.actor].number);
            if let Step::Blocked { inherits } = step
                && found.is_none_or(|found| found.spawned || found.blocked != inherits)
            {
                return Err(Breach::new(format!("a worker found something else: {found:?}"), [index]));
            }
        }
        Ok(())
    }

    fn differences(&self) -> Vec<Difference> {
        const REASON: &str =
            "a blocking section of a thread is on that thread; a task's is on a thread of a pool";
        vec![Difference::in_outcome("blocked_inherits", REASON)]
    }
}
