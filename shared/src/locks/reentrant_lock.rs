//! Cell 12: a lock that its owner may acquire again.
//!
//! **The cell** calls a function that holds a reentrant lock and calls itself three times more, and prints that it did
//! not deadlock.
//!
//! | the cell prints | our main line says |
//! |---|---|
//! | (nothing for the lock) | `Acquired count=1` to `Acquired count=4`: it is held in every call, also the last |
//! | `Level 3` to `Level 1` | `Level level=3` to `Level level=1` |
//! | (nothing for the lock) | `Releasing count=4` to `Releasing count=1`, as the calls return |
//! | `Completed without deadlock` | `Completed` |
//! | (only in a comment) | `OrdinaryRefused`: an ordinary lock that is held doesn't let its holder in again |
//!
//! An ordinary lock would wait for itself for ever, so it is asked without waiting.
//!
//! **Laws.** None: there is one actor, and its language fixes all that it does.
//!
//! **Threads and tasks** differ in who the owner is. A thread is known by its id, so a thread's lock needs nothing. A
//! task's id does not distinguish the futures that are joined within it, so a task's lock is given an explicit owner.
//!
//! **In Rust with threads**: the guard's `&mut` handed down. **With tasks**: the same. **Gained**: `&mut` proves that
//! the lock is held, so no call takes it again.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{Breach, Card, Language, Law, Limit, Pattern, Role, Workload, script, steps};

steps! {
    /// How deep the calls are.
    pub enum Step of Kind {
        /// The lock is held so many times.
        Acquired { count: usize },
        /// The level of a call.
        Level { level: usize },
        /// The lock, held so many times, is about to be released once.
        Releasing { count: usize },
        /// The outermost call has returned.
        Completed,
        /// An ordinary lock was held, and asked for again.
        OrdinaryRefused,
    }
}

/// How deep to go.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Plan {
    /// The level of the outermost call; the innermost has level 0 and prints nothing.
    pub levels: usize,
}

impl Default for Plan {
    fn default() -> Self {
        Self { levels: 3 }
    }
}

/// What the calls came to.
#[derive(Debug, Serialize, Deserialize)]
pub struct Outcome {
    /// How often the lock is held in the innermost call.
    pub deepest: usize,
    /// How often it is held at the end.
    pub left: usize,
    /// Whether an ordinary lock let its holder in again.
    pub ordinary_let_in: bool,
}

impl crate::Outcome for Outcome {
    fn fixed(&self) -> Value {
        json!({ "deepest": self.deepest, "left": self.left, "ordinary_let_in": self.ordinary_let_in })
    }
}

impl Workload for Plan {
    const CARD: Card = Pattern::ReentrantLock.card();
    const LIMITS: &[Limit] = &[Limit::new("levels", 0..=1_000)];
    type Step = Step;
    type Outcome = Outcome;

    fn roles(&self) -> Vec<Role> {
        let inward = (0..=self.levels).map(|depth| {
            let level = (depth < self.levels).then(|| Step::Level { level: self.levels - depth });
            [Some(Step::Acquired { count: depth + 1 }), level]
                .into_iter()
                .flatten()
                .map(Language::from)
                .collect()
        });
        let outward = (0..=self.levels).rev().map(|depth| Step::Releasing { count: depth + 1 }.into());
        vec![Role::main(script![
            inward.collect::<Language>(),
            outward.collect::<Language>(),
            Step::Completed,
            Step::OrdinaryRefused,
        ])]
    }

    fn laws(&self) -> Vec<Law> {
        Vec::new()
    }

    fn judge(&self, outcome: &Outcome) -> Result<(), Breach> {
        let Outcome { deepest, left, ordinary_let_in } = *outcome;
        if (deepest, left, ordinary_let_in) == (self.levels + 1, 0, false) {
            return Ok(());
        }
        Err(Breach::new(
            format!("{outcome:?}, but it is acquired and released {} times", self.levels + 1),
            [],
        ))
    }
}
