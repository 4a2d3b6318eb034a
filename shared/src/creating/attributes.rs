//! Cell 7: what a worker knows of itself.
//!
//! **The cell** prints the main thread's name and how many threads are active; a second thread prints its own name,
//! its id and whether it is a daemon; at the end all threads are listed.
//!
//! | the cell prints | threads | tasks |
//! |---|---|---|
//! | `Current thread: DemoThread` | `Thread::name` | none: names need tokio's unstable feature; the span carries it |
//! | `Thread ID: …` | `Thread::id` | `task::id` |
//! | `Is daemon: False` | none: every thread dies with the process | none: every task dies with the runtime |
//! | `Main thread: MainThread` | the id of the run's main line | the id of the run's main line |
//! | `Active threads: 5` | none: `std` keeps no count | `RuntimeMetrics::num_alive_tasks` |
//! | `All threads: […]` | none: `std` keeps no list | none: a dump of all tasks is unstable |
//!
//! Whoever needs the count or the list of all workers keeps the handles, on either side.
//!
//! Each actor says `Introduced`, with whether its id is the main line's. The notebook's list shows its kernel's own
//! threads; the count of tasks shows our runtime's own.
//!
//! **Laws.** The main line introduces itself first, and lists after the demo was joined.
//!
//! **Threads and tasks** differ in the name, which only a thread has, and in the count, which only a runtime keeps.
//!
//! **In Rust with threads**: this cell. **With tasks**: this cell. **Gained**: nothing: a thread knows its name and
//! id, and a task its id.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{Breach, Card, Difference, Law, Limit, Pattern, Role, Workload, pause, script, steps};

steps! {
    /// Who is who.
    pub enum Step of Kind {
        /// An actor has read its own attributes.
        Introduced { main: bool },
        /// The main line has asked for the list of all.
        Listed,
    }
}

/// How long the demo lives.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Plan {
    /// The demo's pause.
    pub hold: Duration,
}

/// The demo's name, which is also its role.
pub const NAME: &str = "DemoThread";

impl Default for Plan {
    fn default() -> Self {
        Self { hold: Duration::from_millis(100) }
    }
}

/// What there is to know. Each is none where that side has no such thing.
#[derive(Debug, Serialize, Deserialize)]
pub struct Outcome {
    /// The demo's name.
    pub name: Option<String>,
    /// The demo's id.
    pub id: Option<String>,
    /// The main line's id.
    pub main: Option<String>,
    /// Whether the demo is a daemon.
    pub daemon: Option<bool>,
    /// How many were active when the main line looked.
    pub active: Option<usize>,
    /// All that were there at the end.
    pub all: Option<Vec<String>>,
}

impl crate::Outcome for Outcome {
    fn fixed(&self) -> Value {
        json!({
            "name": self.name,
            "has_id": self.id.is_some(),
            "has_main": self.main.is_some(),
            "daemon": self.daemon,
            "has_count": self.active.is_some(),
            "all": self.all,
        })
    }

    fn observed(&self) -> Value {
        json!({ "id": self.id, "main": self.main, "active": self.active })
    }
}

impl Workload for Plan {
    const CARD: Card = Pattern::Attributes.card();
    const LIMITS: &[Limit] = &[];
    type Step = Step;
    type Outcome = Outcome;

    fn roles(&self) -> Vec<Role> {
        vec![
            Role::main(script![Step::Introduced { main: true }, Step::Listed]),
            Role::new(NAME, [1], script![Step::Introduced { main: false }, pause(self.hold)]),
        ]
    }

    fn laws(&self) -> Vec<Law> {
        vec![Law::begins_after(NAME, Kind::Introduced), Law::over_at(NAME, Kind::Listed)]
    }

    fn key_steps(&self) -> Vec<Kind> {
        vec![Kind::Introduced]
    }

    fn judge(&self, outcome: &Outcome) -> Result<(), Breach> {
        let named = outcome.name.as_deref().is_none_or(|name| name == NAME);
        let distinguished = outcome.id.is_some() && outcome.main.is_some() && outcome.id != outcome.main;
        let counted = outcome.active.is_none_or(|active| active > 0);
        if named && distinguished && counted {
            return Ok(());
        }
        Err(Breach::new(format!("{outcome:?}, but the demo is {NAME} and has an id of its own"), []))
    }

    fn differences(&self) -> Vec<Difference> {
        vec![
            Difference::in_outcome("name", "a thread has a name; a task's needs tokio's unstable feature"),
            Difference::in_outcome("has_count", "a runtime counts its living tasks; std counts no threads"),
        ]
    }
}
