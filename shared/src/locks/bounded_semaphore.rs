//! Cell 14: one release too many.
//!
//! **The cell** takes a permit of a bounded semaphore, gives it back, and gives it back once more, which is an error.
//!
//! | the cell prints | our main line says |
//! |---|---|
//! | (nothing) | `Acquired value=1`, `Released value=2` |
//! | `Error: Semaphore released too many times` | `Refused value=2`; the text is in the outcome |
//!
//! **Laws.** None: there is one actor, and its language fixes all that it does, with the value that each step leaves.
//!
//! **Threads and tasks** do not differ. tokio's own semaphore would take the release and have a permit more.
//!
//! **In Rust with threads**: a permit that is dropped. **With tasks**: the same. **Gained**:
//! releasing twice doesn't compile.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{Breach, Card, Law, Limit, Pattern, Role, Workload, script, steps};

steps! {
    /// What is left after each call.
    pub enum Step of Kind {
        /// A permit was taken.
        Acquired { value: usize },
        /// It was given back.
        Released { value: usize },
        /// To give it back again was refused.
        Refused { value: usize },
    }
}

/// How many permits there are.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Plan {
    /// At least one.
    pub permits: usize,
}

impl Default for Plan {
    fn default() -> Self {
        Self { permits: 2 }
    }
}

/// What the second release came to.
#[derive(Debug, Serialize, Deserialize)]
pub struct Outcome {
    /// Its error.
    pub error: Option<String>,
    /// How many permits there are at the end.
    pub value: usize,
}

impl crate::Outcome for Outcome {
    fn fixed(&self) -> Value {
        json!({ "error": self.error, "value": self.value })
    }
}

impl Workload for Plan {
    const CARD: Card = Pattern::BoundedSemaphore.card();
    const LIMITS: &[Limit] = &[Limit::new("permits", 1..=1_000)];
    type Step = Step;
    type Outcome = Outcome;

    fn roles(&self) -> Vec<Role> {
        let (value, less) = (self.permits, self.permits.saturating_sub(1));
        vec![Role::main(script![
            Step::Acquired { value: less },
            Step::Released { value },
            Step::Refused { value },
        ])]
    }

    fn laws(&self) -> Vec<Law> {
        Vec::new()
    }

    fn judge(&self, outcome: &Outcome) -> Result<(), Breach> {
        let text = "Semaphore released too many times";
        if outcome.error.as_deref() == Some(text) && outcome.value == self.permits {
            return Ok(());
        }
        Err(Breach::new(format!("{outcome:?}, but the error is {text:?} and changes nothing"), []))
    }
}
