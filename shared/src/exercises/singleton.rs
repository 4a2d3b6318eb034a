//! Cells 30 and 35: one instance, whoever comes first.
//!
//! **The cells** ask for a class of which only one instance ever exists, and solve it with a check, a lock, and a
//! second check under the lock. Ten threads ask for it, and all get the same one.
//!
//! | the cell prints | our actors say |
//! |---|---|
//! | (nothing, in each thread) | caller 0 to 9: `Asking`, one of them `Constructing`, then `Got` |
//! | `All same instance: True` | main: `Compared same=true` |
//!
//! Our instance is a value of the run, not of the program: a second run makes another. In the notebook, `__init__` runs
//! ten times on the one instance, because Python calls it after every `__new__`; ours is initialised once.
//!
//! **Laws.** Exactly one caller constructs it, before anybody has got it.
//!
//! **Threads and tasks** differ in how the others wait meanwhile: a thread is put to sleep by the system, a task gives
//! its worker to others. The checks, and the lock between them, are inside `OnceLock` and `OnceCell`. A task that is
//! dropped while it constructs leaves the cell empty, and the next one in the queue constructs in its place.
//!
//! **In Rust with threads**: `OnceLock`, `LazyLock`. **With tasks**: the same. **Gained**: no double-checked locking:
//! made once, and seen by all.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{Breach, Card, Law, Limit, Overlap, Pattern, Role, Workload, optional, script, steps};

steps! {
    /// The way to the instance.
    pub enum Step of Kind {
        /// About to ask for it.
        Asking,
        /// There is none yet: makes it.
        Constructing,
        /// Has it.
        Got,
        /// All callers are joined, and what they got is compared.
        Compared { same: bool },
    }
}

/// Who asks, and what the instance holds.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Plan {
    /// How many ask.
    pub callers: usize,
    /// What the instance is made with.
    pub value: String,
}

impl Default for Plan {
    fn default() -> Self {
        Self { callers: 10, value: "Singleton".into() }
    }
}

/// What they got.
#[derive(Debug, Serialize, Deserialize)]
pub struct Outcome {
    /// Whether all got the same instance, not only an equal one.
    pub same: bool,
    /// How often it was constructed.
    pub constructed: usize,
    /// What the callers found in it.
    pub values: Vec<String>,
}

impl crate::Outcome for Outcome {
    fn fixed(&self) -> Value {
        json!({ "same": self.same, "constructed": self.constructed, "values": self.values })
    }
}

impl Workload for Plan {
    const CARD: Card = Pattern::Singleton.card();
    const LIMITS: &[Limit] = &[Limit::new("callers", 1..=1_000)];
    type Step = Step;
    type Outcome = Outcome;

    fn roles(&self) -> Vec<Role> {
        let ask = script![Step::Asking, optional(Step::Constructing), Step::Got];
        vec![Role::main(Step::Compared { same: true }), Role::new("caller", 0..self.callers, ask)]
    }

    fn laws(&self) -> Vec<Law> {
        vec![
            Law::exactly(1, Kind::Constructing),
            Law::precedes(Kind::Constructing, Kind::Got),
            Law::over_at("caller", Kind::Compared),
        ]
    }

    fn overlaps(&self) -> Vec<Overlap> {
        vec![Overlap::having_said([("caller", self.callers)], Kind::Asking)]
    }

    fn key_steps(&self) -> Vec<Kind> {
        vec![Kind::Constructing, Kind::Got]
    }

    fn judge(&self, outcome: &Outcome) -> Result<(), Breach> {
        let Outcome { same, constructed, values } = outcome;
        if *same && *constructed == 1 && *values == vec![self.value.clone(); self.callers] {
            return Ok(());
        }
        Err(Breach::new(format!("constructed {constructed} times, the same: {same}, values: {values:?}"), []))
    }
}
