//! Cell 16: a flag to wait for.
//!
//! **The cell** clears an event, starts two waiters and a setter that sets it after half a second, and prints at the
//! end that it is set.
//!
//! | the cell prints | our actors say |
//! |---|---|
//! | (nothing) | main: `Cleared set=false` |
//! | `Waiter-1: Waiting for event...` | waiter 1 and 2: `Waiting` |
//! | `Setter: Setting event` | setter, after a pause: `Setting` |
//! | `Waiter-1: Event received!` | waiter 1 and 2: `Received` |
//! | `Event is set: True` | main: `Finished set=true` |
//!
//! **Laws.** The event is cleared before anybody waits, nobody receives it before it is set, and the main line waits
//! for all. `Setting` is said
//! before the event is set, and `Received` after the wait.
//!
//! **Threads and tasks** do not differ in what they do: a waiter returns if it was waiting when the event was set, even
//! if it is cleared at once.
//!
//! **In Rust with threads**: `OnceLock::wait`. **With tasks**: `SetOnce`. **Gained**: what is set carries its value,
//! and stays set; a flag that can be cleared is a `Condvar`, or a `watch`.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{Breach, Card, Law, Limit, Overlap, Pattern, Role, Workload, pause, script, steps};

steps! {
    /// Who waits for the event, and who sets it.
    pub enum Step of Kind {
        /// The main line has cleared the event.
        Cleared { set: bool },
        /// A waiter is about to wait.
        Waiting,
        /// The setter is about to set the event.
        Setting,
        /// A waiter has returned.
        Received,
        /// All are joined.
        Finished { set: bool },
    }
}

/// Who waits, and how long.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Plan {
    /// How many waiters.
    pub waiters: usize,
    /// The setter's pause.
    pub delay: Duration,
}

impl Default for Plan {
    fn default() -> Self {
        Self { waiters: 2, delay: Duration::from_millis(500) }
    }
}

/// What became of the event.
#[derive(Debug, Serialize, Deserialize)]
pub struct Outcome {
    /// Whether it is set at the end.
    pub set: bool,
}

impl crate::Outcome for Outcome {
    fn fixed(&self) -> Value {
        json!({ "set": self.set })
    }
}

impl Workload for Plan {
    const CARD: Card = Pattern::Event.card();
    const LIMITS: &[Limit] = &[Limit::new("waiters", 0..=1_000)];
    type Step = Step;
    type Outcome = Outcome;

    fn roles(&self) -> Vec<Role> {
        vec![
            Role::main(script![Step::Cleared { set: false }, Step::Finished { set: true }]),
            Role::new("waiter", 1..=self.waiters, script![Step::Waiting, Step::Received]),
            Role::new("setter", [1], script![pause(self.delay), Step::Setting]),
        ]
    }

    fn laws(&self) -> Vec<Law> {
        vec![
            Law::begins_after("waiter", Kind::Cleared),
            Law::begins_after("setter", Kind::Cleared),
            Law::precedes(Kind::Setting, Kind::Received),
            Law::over_at("waiter", Kind::Finished),
            Law::over_at("setter", Kind::Finished),
        ]
    }

    fn overlaps(&self) -> Vec<Overlap> {
        let waiting = Overlap::having_said([("waiter", self.waiters)], Kind::Waiting);
        vec![waiting.and(Overlap::pausing([("setter", 1)]))]
    }

    fn key_steps(&self) -> Vec<Kind> {
        vec![Kind::Waiting, Kind::Setting, Kind::Received]
    }

    fn judge(&self, outcome: &Outcome) -> Result<(), Breach> {
        if outcome.set { Ok(()) } else { Err(Breach::new("nobody clears the event, but it is not set", [])) }
    }
}
