//! Cell 1: one thing after the other.
//!
//! **The cell** prints five numbers and then five letters, each a tenth of a second after the one before, and the
//! time that all of it took.
//!
//! | the cell prints | our main line says |
//! |---|---|
//! | the heading | `Started` |
//! | `Number: 0` to `Number: 4` | `Number value=0` to `Number value=4`, each after a pause |
//! | `Letter: A` to `Letter: E` | `Letter letter=A` to `Letter letter=E`, each after a pause |
//! | `Time: 1.00s` | `Finished`; the time is read from the trace |
//!
//! **Laws.** None: there is one actor, and its language fixes all that it does.
//!
//! **Threads and tasks** do not differ. A single line of work needs neither; the asynchronous `run` only gives its
//! thread away while it pauses.
//!
//! **In Rust with threads**: this cell. **With tasks**: this cell. **Gained**: nothing: one thing after the other
//! needs neither.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{Breach, Card, Language, Law, Limit, Pattern, Role, Stopwatch, Workload, pause, script, steps};

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

/// What to print, and how fast.
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
        Self { numbers: 5, letters: "ABCDE".into(), interval: Duration::from_millis(100) }
    }
}

/// What was printed.
#[derive(Debug, Serialize, Deserialize)]
pub struct Outcome {
    /// How many numbers.
    pub numbers: usize,
    /// How many letters.
    pub letters: usize,
}

impl crate::Outcome for Outcome {
    fn fixed(&self) -> Value {
        json!({ "numbers": self.numbers, "letters": self.letters })
    }
}

/// Holds what was printed to what is to be: so many numbers, so many letters.
pub(super) fn judge(outcome: &Outcome, due: (usize, usize)) -> Result<(), Breach> {
    if (outcome.numbers, outcome.letters) == due {
        return Ok(());
    }
    Err(Breach::new(format!("{outcome:?}, but {due:?} numbers and letters are due"), []))
}

impl Workload for Plan {
    const CARD: Card = Pattern::Sequential.card();
    const LIMITS: &[Limit] = &[Limit::new("numbers", 0..=1_000)];
    type Step = Step;
    type Outcome = Outcome;

    fn roles(&self) -> Vec<Role> {
        let number = |value| script![pause(self.interval), Step::Number { value }];
        let letter = |letter| script![pause(self.interval), Step::Letter { letter }];
        vec![Role::main(script![
            Step::Started,
            (0..self.numbers).map(number).collect::<Language>(),
            self.letters.chars().map(letter).collect::<Language>(),
            Step::Finished,
        ])]
    }

    fn laws(&self) -> Vec<Law> {
        Vec::new()
    }

    fn judge(&self, outcome: &Outcome) -> Result<(), Breach> {
        judge(outcome, (self.numbers, self.letters.chars().count()))
    }

    fn stopwatches(&self) -> Vec<Stopwatch> {
        vec![Stopwatch::new("Time", Kind::Started, Kind::Finished)]
    }
}
