//! Cell 2: two things at once.
//!
//! **The cell** does the work of cell 1 again, the numbers in one thread and the letters in another, and prints
//! about half the time. Its numbers and letters interleave; how, differs from run to run.
//!
//! | the cell prints | our actors say |
//! |---|---|
//! | the heading | main: `Started` |
//! | `Number: 0` to `Number: 4` | numbers: `Number value=0` to `Number value=4`, each after a pause |
//! | `Letter: A` to `Letter: E` | letters: `Letter letter=A` to `Letter letter=E`, each after a pause |
//! | `Time: 0.51s` | main: `Finished`; the time is read from the trace |
//!
//! **Laws.** Everything is printed between `Started` and `Finished`: the main line starts both before they print and
//! waits for both. Nothing orders a number and a letter.
//!
//! **Threads and tasks** do not differ in what they do. Two threads may really run at once; two tasks may as well,
//! on a runtime of several workers, and take turns at their pauses on a runtime of one.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::sequential::{self, letters, numbers};
use crate::{Breach, Card, Law, Limit, Pattern, Role, Stopwatch, Trace, Workload, script};

pub use super::sequential::{Kind, Outcome, Step};

/// What to print, and how fast: the same as one after the other.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Plan {
    /// How many numbers.
    pub numbers: usize,
    /// Which letters.
    pub letters: String,
    /// The pause before each of them.
    pub interval: Duration,
}

impl Default for Plan {
    fn default() -> Self {
        let sequential::Plan { numbers, letters, interval } = sequential::Plan::default();
        Self { numbers, letters, interval }
    }
}

impl Workload for Plan {
    const CARD: Card = Pattern::Concurrent.card();
    const LIMITS: &[Limit] = &[Limit::new("numbers", 0..=1_000)];
    type Step = Step;
    type Outcome = Outcome;

    fn roles(&self) -> Vec<Role<Step>> {
        vec![
            Role::main(script![Step::Started, Step::Finished]),
            Role::new("numbers", 1, numbers(self.numbers, self.interval)),
            Role::new("letters", 1, letters(&self.letters, self.interval)),
        ]
    }

    fn laws(&self) -> Vec<Law<Step>> {
        vec![
            Law::precedes(Kind::Started, Kind::Number),
            Law::precedes(Kind::Started, Kind::Letter),
            Law::followed_by(Kind::Number, Kind::Finished),
            Law::followed_by(Kind::Letter, Kind::Finished),
        ]
    }

    fn telling(&self) -> Vec<Kind> {
        vec![Kind::Number, Kind::Letter]
    }

    fn judge(&self, outcome: &Outcome, trace: &Trace<Step>) -> Result<(), Breach> {
        sequential::judge(outcome, trace)
    }

    fn stopwatches(&self) -> Vec<Stopwatch<Step>> {
        vec![Stopwatch { label: "Time", from: Kind::Started, to: Kind::Finished }]
    }
}
