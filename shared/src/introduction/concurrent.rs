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
//!
//! **In Rust with threads**: `thread::scope`. **With tasks**: `join!` in one task. **Gained**: threads borrow what
//! the scope outlives, and nobody forgets a join; futures need not even be spawned.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::sequential;
use crate::{
    Breach, Card, Language, Law, Limit, Overlap, Pattern, Role, Stopwatch, Workload, pause, script, steps,
};

pub use super::sequential::Outcome;

steps! {
    /// What is printed, and when it starts and ends.
    pub enum Step of Kind {
        /// The first line of the run.
        Started,
        /// A number is printed.
        Number { value: usize },
        /// A letter is printed.
        Letter { letter: char },
        /// The last line of the run.
        Finished,
    }
}

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

    fn roles(&self) -> Vec<Role> {
        let number = |value| script![pause(self.interval), Step::Number { value }];
        let letter = |letter| script![pause(self.interval), Step::Letter { letter }];
        vec![
            Role::main(script![Step::Started, Step::Finished]),
            Role::new("numbers", [1], (0..self.numbers).map(number).collect::<Language>()),
            Role::new("letters", [1], self.letters.chars().map(letter).collect::<Language>()),
        ]
    }

    fn laws(&self) -> Vec<Law> {
        vec![
            Law::begins_after("numbers", Kind::Started),
            Law::begins_after("letters", Kind::Started),
            Law::over_at("numbers", Kind::Finished),
            Law::over_at("letters", Kind::Finished),
        ]
    }

    fn overlaps(&self) -> Vec<Overlap> {
        let parties = [("numbers", self.numbers.min(1)), ("letters", self.letters.chars().count().min(1))];
        vec![Overlap::pausing(parties)]
    }

    fn key_steps(&self) -> Vec<Kind> {
        vec![Kind::Number, Kind::Letter]
    }

    fn judge(&self, outcome: &Outcome) -> Result<(), Breach> {
        sequential::judge(outcome, (self.numbers, self.letters.chars().count()))
    }

    fn stopwatches(&self) -> Vec<Stopwatch> {
        vec![Stopwatch::new("Time", Kind::Started, Kind::Finished)]
    }
}
