//! Cell 5: a named worker with arguments.
//!
//! **The cell** makes a thread named `MyWorker` that counts to three under the name it is given as an argument, and
//! asks it whether it is alive: before its start, while it runs, and after the join.
//!
//! | the cell prints | our actors say |
//! |---|---|
//! | `Thread name: MyWorker` | the outcome's `name`, on threads only |
//! | `Is alive: False` | main: `BeforeStart alive=false`, on threads only |
//! | `Thread-A: 0` to `Thread-A: 2` | `MyWorker`: `Counted index=0` to `Counted index=2`, each before a pause |
//! | `Is alive: True` | main: `WhileRunning alive=true` |
//! | `Is alive: False` | main: `AfterJoin alive=false` |
//!
//! That the worker is alive when the cell asks is the luck of its sleeps. Ours ends only after the main line has
//! asked, so that it is alive at every pace.
//!
//! **Laws.** The worker has counted before the main line is done with the join. Nothing orders its counting and the
//! question whether it is alive.
//!
//! **Threads and tasks** differ before the start, and in the name. `thread::Builder` stands for a thread before its
//! start: it is given the name, and there is no handle yet to ask. tokio has nothing that stands for a task before
//! its start: a future that is not spawned is just a value, and a spawned task has started. Its own `task::Builder`,
//! which gives a task a name, needs an unstable feature; here the task's span carries the name, for whoever reads the
//! trace. After the join neither side has a handle left to ask: that is what dead means there.
//!
//! **In Rust with threads**: a scope, and `Builder` for the name. **With tasks**: `spawn` with `async move`.
//! **Gained**: arguments are borrowed or moved, and the compiler says which; there is no handle before the start that
//! could be asked.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    Breach, Card, Difference, Law, Limit, Pattern, Role, Side, Trace, Workload, optional, pause, script,
    steps,
};

steps! {
    /// What the worker counts, and what the main line finds when it asks.
    pub enum Step of Kind {
        /// The worker has a name, but doesn't run.
        BeforeStart { alive: bool },
        /// The worker was started.
        WhileRunning { alive: bool },
        /// The worker prints a line.
        Counted { index: usize },
        /// The worker was joined.
        AfterJoin { alive: bool },
    }
}

/// The worker's arguments.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Plan {
    /// The name under which it counts, its first argument.
    pub label: String,
    /// How far it counts, its second.
    pub count: usize,
    /// The pause after each number.
    pub interval: Duration,
}

/// The worker's own name, which is also its role.
pub const NAME: &str = "MyWorker";

impl Default for Plan {
    fn default() -> Self {
        Self { label: "Thread-A".into(), count: 3, interval: Duration::from_millis(100) }
    }
}

/// What the cell prints.
#[derive(Debug, Serialize, Deserialize)]
pub struct Outcome {
    /// The worker's own name, as it reads it; none where it has none.
    pub name: Option<String>,
    /// What it printed.
    pub lines: Vec<String>,
    /// Whether it was alive before its start; none where there is nothing to ask.
    pub before_start: Option<bool>,
    /// Whether it was alive while it ran.
    pub while_running: bool,
    /// Whether it was alive after the join.
    pub after_join: bool,
}

impl crate::Outcome for Outcome {
    fn fixed(&self) -> Value {
        json!({
            "name": self.name,
            "lines": self.lines,
            "before_start": self.before_start,
            "while_running": self.while_running,
            "after_join": self.after_join,
        })
    }
}

impl Workload for Plan {
    const CARD: Card = Pattern::Arguments.card();
    const LIMITS: &[Limit] = &[Limit::new("count", 0..=1_000)];
    type Step = Step;
    type Outcome = Outcome;

    fn roles(&self) -> Vec<Role> {
        vec![
            Role::main(script![
                optional(Step::BeforeStart { alive: false }),
                Step::WhileRunning { alive: true },
                Step::AfterJoin { alive: false },
            ]),
            Role::new(
                NAME,
                [1],
                (0..self.count)
                    .map(|index| script![Step::Counted { index }, pause(self.interval)])
                    .collect::<crate::Language>(),
            ),
        ]
    }

    fn laws(&self) -> Vec<Law> {
        vec![Law::over_at(NAME, Kind::AfterJoin)]
    }

    fn key_steps(&self) -> Vec<Kind> {
        vec![Kind::WhileRunning, Kind::Counted]
    }

    fn judge(&self, outcome: &Outcome) -> Result<(), Breach> {
        let lines = (0..self.count).map(|index| format!("{}: {index}", self.label));
        let alive = (outcome.before_start.unwrap_or(false), outcome.while_running, outcome.after_join);
        if outcome.name.as_deref().is_none_or(|name| name == NAME)
            && outcome.lines.iter().cloned().eq(lines)
            && alive == (false, true, false)
        {
            return Ok(());
        }
        Err(Breach::new(
            format!("{outcome:?}, but {NAME} counts to {} and is alive only while it runs", self.count),
            [],
        ))
    }

    fn judge_against(&self, outcome: &Outcome, trace: &Trace) -> Result<(), Breach> {
        let asked = trace.of_kind(Kind::BeforeStart).count();
        if asked == outcome.before_start.iter().count() {
            return Ok(());
        }
        Err(Breach::new(format!("{outcome:?}, but it was asked {asked} times before its start"), []))
    }

    fn differences(&self) -> Vec<Difference> {
        const REASON: &str =
            "a thread::Builder stands for a thread before its start; nothing does for a task";
        vec![
            Difference::in_outcome("before_start", REASON),
            Difference::in_scripts(Side::Threaded, "main", "BeforeStart", REASON),
            Difference::in_outcome("name", "a thread has a name; a task's needs tokio's unstable feature"),
        ]
    }
}
