//! Cell 17: a flag that is never set.
//!
//! **The cell** lets a thread wait for an event for three tenths of a second. Nobody sets it.
//!
//! | the cell prints | our waiter says |
//! |---|---|
//! | (nothing while it waits) | `Waiting`, then a wait: the timeout |
//! | `Timeout - event was not set` | `TimedOut` |
//! | (`Event was set!`, never) | (`WasSet`, never) |
//!
//! The timeout is meant to expire, so it follows the pace, and is recorded as a wait; at a pace of 0 it is over at
//! once.
//!
//! **Laws.** The event is never found set, and the wait is over no sooner than its timeout.
//!
//! **Threads and tasks** do not differ, except that tokio's timer counts whole milliseconds.
//!
//! **In Rust with threads**: `Condvar::wait_timeout_while`. **With tasks**: `timeout` around any future. **Gained**:
//! in a task, one way to give up whatever waits; in a thread, the condition is asked again where it woke for nothing.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{Breach, Card, Law, Limit, Pattern, Role, Workload, any_of, script, steps, wait_at_most};

steps! {
    /// How the wait goes.
    pub enum Step of Kind {
        /// About to wait.
        Waiting,
        /// The event was set.
        WasSet,
        /// The time is over.
        TimedOut,
    }
}

/// How long to wait.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Plan {
    /// In notebook time.
    pub timeout: Duration,
}

impl Default for Plan {
    fn default() -> Self {
        Self { timeout: Duration::from_millis(300) }
    }
}

/// What became of the wait.
#[derive(Debug, Serialize, Deserialize)]
pub struct Outcome {
    /// What the wait returned.
    pub was_set: bool,
    /// Whether the event is set at the end.
    pub set: bool,
}

impl crate::Outcome for Outcome {
    fn fixed(&self) -> Value {
        json!({ "was_set": self.was_set, "set": self.set })
    }
}

impl Workload for Plan {
    const CARD: Card = Pattern::EventTimeout.card();
    const LIMITS: &[Limit] = &[];
    type Step = Step;
    type Outcome = Outcome;

    fn roles(&self) -> Vec<Role> {
        let end = any_of([Step::WasSet.into(), Step::TimedOut.into()]);
        vec![
            Role::main(script![]),
            Role::new("waiter", [1], script![Step::Waiting, wait_at_most(self.timeout), end]),
        ]
    }

    fn laws(&self) -> Vec<Law> {
        vec![Law::never(Kind::WasSet), Law::no_sooner(Kind::Waiting, Kind::TimedOut, self.timeout)]
    }

    fn judge(&self, outcome: &Outcome) -> Result<(), Breach> {
        if !outcome.was_set && !outcome.set {
            return Ok(());
        }
        Err(Breach::new(format!("{outcome:?}, but nobody sets the event"), []))
    }
}
