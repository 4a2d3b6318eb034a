//! Cell 4: work that waits.
//!
//! **The cell** sleeps for half a second twice, first one after the other, then in two threads at once, and prints
//! that the threads halve the time: who waits holds no lock and needs no core.
//!
//! | the cell prints | our actors say |
//! |---|---|
//! | (returns `Slept for 0.5s` four times) | main twice, then each sleeper: a pause and `Slept`; the texts are the outcome |
//! | `Sequential I/O-bound: 1.00s` | main: `SequenceStarted`, `SequenceFinished`; the time is read from the trace |
//! | `Threaded I/O-bound: 0.50s` | main: `AtOnceStarted`, `AtOnceFinished`; the time is read from the trace |
//!
//! **Laws.** Four waits, and the main line waits for all of them.
//!
//! **Threads and tasks** do the same here, at a different price: a thread that waits keeps its stack and its place
//! in the operating system's tables, a task that waits is an entry in the runtime's timer.
//!
//! **In Rust with threads**: a closure in a scope, twice. **With tasks**: `join!`. **Gained**: one closure is called
//! here and there; waiting at once takes no thread at all.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    Breach, Card, Law, Limit, Overlap, Pattern, Role, Stopwatch, Workload, pause, script, steps, times,
};

steps! {
    /// Where each part of the work starts and ends.
    pub enum Step of Kind {
        /// Two waits begin, one after the other.
        SequenceStarted,
        /// Both are over.
        SequenceFinished,
        /// Two waits begin at once.
        AtOnceStarted,
        /// Both are over.
        AtOnceFinished,
        /// A wait is over.
        Slept,
    }
}

/// How long to wait.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Plan {
    /// Each wait.
    pub wait: Duration,
}

impl Default for Plan {
    fn default() -> Self {
        Self { wait: Duration::from_millis(500) }
    }
}

/// What the waits returned.
#[derive(Debug, Serialize, Deserialize)]
pub struct Outcome {
    /// Those that waited one after the other.
    pub in_sequence: [String; 2],
    /// Those that waited at once.
    pub at_once: [String; 2],
}

impl crate::Outcome for Outcome {
    fn fixed(&self) -> Value {
        json!({ "in_sequence": self.in_sequence, "at_once": self.at_once })
    }
}

impl Workload for Plan {
    const CARD: Card = Pattern::IoBound.card();
    const LIMITS: &[Limit] = &[];
    type Step = Step;
    type Outcome = Outcome;

    fn roles(&self) -> Vec<Role> {
        let wait = script![pause(self.wait), Step::Slept];
        vec![
            Role::main(script![
                Step::SequenceStarted,
                times(2, wait.clone()),
                Step::SequenceFinished,
                Step::AtOnceStarted,
                Step::AtOnceFinished,
            ]),
            Role::new("sleeper", [1, 2], wait),
        ]
    }

    fn laws(&self) -> Vec<Law> {
        vec![Law::begins_after("sleeper", Kind::AtOnceStarted), Law::over_at("sleeper", Kind::AtOnceFinished)]
    }

    fn overlaps(&self) -> Vec<Overlap> {
        vec![Overlap::pausing([("sleeper", 2)])]
    }

    fn key_steps(&self) -> Vec<Kind> {
        vec![Kind::Slept]
    }

    fn judge(&self, outcome: &Outcome) -> Result<(), Breach> {
        let text = format!("Slept for {}s", self.wait.as_secs_f64());
        if outcome.in_sequence.iter().chain(&outcome.at_once).all(|slept| *slept == text) {
            return Ok(());
        }
        Err(Breach::new(format!("{outcome:?}, but every wait returns {text:?}"), []))
    }

    fn stopwatches(&self) -> Vec<Stopwatch> {
        vec![
            Stopwatch::new("In sequence", Kind::SequenceStarted, Kind::SequenceFinished),
            Stopwatch::new("At once", Kind::AtOnceStarted, Kind::AtOnceFinished),
        ]
    }
}
