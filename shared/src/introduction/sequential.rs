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

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    Breach, Card, Language, Law, Limit, Pattern, Role, Stopwatch, Trace, Workload, pause, script, steps,
};

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

/// What prints the numbers says.
pub(super) fn numbers(count: usize, interval: Duration) -> Language<Step> {
    (0..count).map(|value| script![pause(interval), Step::Number { value }]).collect()
}

/// What prints the letters says.
pub(super) fn letters(letters: &str, interval: Duration) -> Language<Step> {
    letters.chars().map(|letter| script![pause(interval), Step::Letter { letter }]).collect()
}

/// Everything that was to be printed was printed.
pub(super) fn judge(outcome: &Outcome, trace: &Trace<Step>) -> Result<(), Breach> {
    let said = (trace.of_kind(Kind::Number).count(), trace.of_kind(Kind::Letter).count());
    if (outcome.numbers, outcome.letters) == said {
        return Ok(());
    }
    Err(Breach::new(format!("{outcome:?}, but {said:?} numbers and letters were said"), []))
}

impl Workload for Plan {
    const CARD: Card = Pattern::Sequential.card();
    const LIMITS: &[Limit] = &[Limit::new("numbers", 0..=1_000)];
    type Step = Step;
    type Outcome = Outcome;

    fn roles(&self) -> Vec<Role<Step>> {
        vec![Role::main(script![
            Step::Started,
            numbers(self.numbers, self.interval),
            letters(&self.letters, self.interval),
            Step::Finished,
        ])]
    }

    fn laws(&self) -> Vec<Law<Step>> {
        Vec::new()
    }

    fn judge(&self, outcome: &Outcome, trace: &Trace<Step>) -> Result<(), Breach> {
        judge(outcome, trace)
    }

    fn stopwatches(&self) -> Vec<Stopwatch<Step>> {
        vec![Stopwatch { label: "Time", from: Kind::Started, to: Kind::Finished }]
    }
}
