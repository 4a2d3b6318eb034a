//! Cell 11: four ways to acquire a lock.
//!
//! **The cell** takes a free lock in four ways: with acquire and release, with a context manager, without waiting, and
//! with a timeout. It has words for a lock that is busy, and never comes to say them.
//!
//! | the cell prints | our main line says |
//! |---|---|
//! | `Lock held` | `Held` |
//! | `Lock held with context manager` | `HeldByGuard locked=true` |
//! | `Got the lock!` | `GotAtOnce` |
//! | `Got lock within timeout` | `GotInTime` |
//! | (`Lock was busy`, never) | `Busy`, while the holder holds the lock |
//! | (nothing for a timeout that expires) | `TimedOut`, likewise |
//!
//! So that the two busy ways are taken too, a second actor then holds the lock until the main line has tried them. The
//! first timeout guards against a lock that is never released: it is the notebook's second at any pace. The second
//! is meant to expire, and so follows the pace, and is recorded as a wait; at a pace of 0 it is over at once.
//!
//! **Laws.** The critical sections never overlap; the main line finds the lock busy only while the holder has it; and it
//! gives up no sooner than its patience ends.
//!
//! **Threads and tasks** differ in who comes next: a thread may overtake those who wait, tasks are served in turn.
//!
//! **In Rust with threads**: `parking_lot`'s `try_lock_for`. **With tasks**: `timeout(d, lock.lock())`. **Gained**:
//! the release can't be forgotten: the guard's scope does it.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{Breach, Card, Law, Limit, Pattern, Role, Workload, script, steps, wait_at_most};

steps! {
    /// How the lock is taken, and when it is given back.
    pub enum Step of Kind {
        /// Acquired by hand.
        Held,
        /// Acquired by a guard. Whether it is held now.
        HeldByGuard { locked: bool },
        /// Acquired without waiting.
        GotAtOnce,
        /// Acquired before the timeout.
        GotInTime,
        /// The holder has acquired it.
        Holding,
        /// About to be released.
        Releasing,
        /// Not acquired, because it is held.
        Busy,
        /// Not acquired before the timeout.
        TimedOut,
    }
}

/// How long to wait.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Plan {
    /// For a lock that is free: a guard against one that never is.
    pub guard: Duration,
    /// For a lock that is held: meant to expire.
    pub patience: Duration,
}

impl Default for Plan {
    fn default() -> Self {
        Self { guard: Duration::from_secs(1), patience: Duration::from_secs(1) }
    }
}

/// Which of the ways led to the lock.
#[derive(Debug, Serialize, Deserialize)]
pub struct Outcome {
    /// While it was free: without waiting, and with a timeout.
    pub got_free: [bool; 2],
    /// While it was held: without waiting, and with a timeout.
    pub got_held: [bool; 2],
    /// Whether it is held at the end.
    pub locked: bool,
}

impl crate::Outcome for Outcome {
    fn fixed(&self) -> Value {
        json!({ "got_free": self.got_free, "got_held": self.got_held, "locked": self.locked })
    }
}

impl Workload for Plan {
    const CARD: Card = Pattern::Lock.card();
    const LIMITS: &[Limit] = &[];
    type Step = Step;
    type Outcome = Outcome;

    fn roles(&self) -> Vec<Role> {
        let taken = [Step::Held, Step::HeldByGuard { locked: true }, Step::GotAtOnce, Step::GotInTime];
        let each = taken.into_iter().map(|step| script![step, Step::Releasing]);
        vec![
            Role::main(script![
                each.collect::<crate::Language>(),
                Step::Busy,
                wait_at_most(self.patience),
                Step::TimedOut
            ]),
            Role::new("holder", [1], script![Step::Holding, Step::Releasing]),
        ]
    }

    fn laws(&self) -> Vec<Law> {
        let entered = [Kind::Held, Kind::HeldByGuard, Kind::GotAtOnce, Kind::GotInTime, Kind::Holding];
        vec![
            Law::at_most_inside(1, entered, [Kind::Releasing]),
            Law::precedes(Kind::Holding, Kind::Busy),
            Law::followed_by(Kind::TimedOut, Kind::Releasing),
            Law::no_sooner(Kind::Busy, Kind::TimedOut, self.patience),
        ]
    }

    fn judge(&self, outcome: &Outcome) -> Result<(), Breach> {
        let Outcome { got_free, got_held, locked } = *outcome;
        if (got_free, got_held, locked) == ([true; 2], [false; 2], false) {
            return Ok(());
        }
        Err(Breach::new(format!("{outcome:?}, but a lock is got while it is free, and only then"), []))
    }
}
