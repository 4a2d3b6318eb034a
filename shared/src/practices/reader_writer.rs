//! Cell 27: many may read, one may write.
//!
//! **The cell** builds a lock that lets readers in together and a writer in alone. Two readers start, then a writer,
//! then a third reader, each a twentieth of a second after the one before; each is inside for a tenth.
//!
//! | the cell prints | our actors say |
//! |---|---|
//! | (nothing, before it asks) | each: `Asking`, or `AskingToWrite` |
//! | `R1 reading: 0`, `R2 reading: 0` | reader 1 and 2: `Reading value=0`, a pause, `DoneReading` |
//! | `W1 writing: 42` | writer 1: `Writing value=42`, a pause, `DoneWriting` |
//! | `R3 reading: 42` | reader 3: `Reading value=42`, or `value=0` |
//!
//! That R3 reads 42 is luck. The second reader leaves at the very moment at which R3 asks: if R3 is a little earlier,
//! it comes in beside the second reader and overtakes the writer, which goes on waiting; if enough readers do, the
//! writer waits for ever. So what R3 reads is observed and judged, not compared.
//!
//! That lock has *reader preference*. When its scene is over, both sides play it once more, with a fair lock: whoever
//! asks while a writer waits, waits behind it. Here the first two readers stay until the third has been started, and
//! the third is started only when the writer is seen to wait, by a try to read that fails. R3 reads 42, always. That
//! try is repeated after a pause: nothing shows from outside that somebody has begun to wait.
//!
//! **Laws.** Nobody reads while somebody writes, and one writes at a time. What is read was written before, and with the
//! fair lock nobody leaves before the writer asks. Two can read at once.
//!
//! **Threads and tasks** do not differ in what they do. tokio's own lock is fair. `std::sync::RwLock` leaves it to the
//! system whom it prefers; the fair one here has a queue of its own.
//!
//! **In Rust with threads**: `std::sync::RwLock`. **With tasks**: `tokio::sync::RwLock`, which is fair. **Gained**:
//! readers get a `&`, the writer a `&mut`: nobody writes under a read lock.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    Breach, Card, Language, Law, Limit, Member, Overlap, Pattern, Role, Trace, Workload, any_of, at_least,
    pause, script, steps, times,
};

/// The readers that start before the writer; one more starts after it.
pub const EARLY: usize = 2;

steps! {
    /// In and out.
    pub enum Step of Kind {
        /// About to ask for the lock.
        Asking,
        /// About to ask for the lock, to write.
        AskingToWrite,
        /// Inside, to read, and this is the value.
        Reading { value: u64 },
        /// About to leave.
        DoneReading,
        /// Inside, to write this.
        Writing { value: u64 },
        /// About to leave.
        DoneWriting,
    }
}

/// How the scene goes.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Plan {
    /// What is written.
    pub written: u64,
    /// The time between two starts.
    pub apart: Duration,
    /// How long each stays inside.
    pub inside: Duration,
}

impl Default for Plan {
    fn default() -> Self {
        Self { written: 42, apart: Duration::from_millis(50), inside: Duration::from_millis(100) }
    }
}

/// What the readers read, in the order in which they were started.
#[derive(Debug, Serialize, Deserialize)]
pub struct Outcome {
    /// With the notebook's lock.
    pub overtaking: Vec<u64>,
    /// With the fair lock.
    pub fair: Vec<u64>,
}

impl crate::Outcome for Outcome {
    fn fixed(&self) -> Value {
        json!({ "early": self.overtaking.get(..EARLY), "fair": self.fair })
    }

    fn observed(&self) -> Value {
        json!({ "late": self.overtaking.get(EARLY) })
    }
}

impl Workload for Plan {
    const CARD: Card = Pattern::ReaderWriter.card();
    const LIMITS: &[Limit] = &[Limit::new("written", 1..=1_000_000)];
    type Step = Step;
    type Outcome = Outcome;

    fn roles(&self) -> Vec<Role> {
        let reads = |reading: Language| script![Step::Asking, reading, pause(self.inside), Step::DoneReading];
        // Those before the writer find nothing; the one after it may overtake it, unless the lock is fair.
        let early = |number| if number <= EARLY { Some(0) } else { None };
        let reader = |number| match early(number) {
            Some(value) => reads(Step::Reading { value }.into()),
            None => reads(any_of([0, self.written].map(|value| Step::Reading { value }.into()))),
        };
        let fair_reader =
            |number| reads(Step::Reading { value: early(number).unwrap_or(self.written) }.into());
        let written = Step::Writing { value: self.written };
        let writer = script![Step::AskingToWrite, written, pause(self.inside), Step::DoneWriting];
        let starts = EARLY + 2;
        vec![
            // As long as the second writer isn't seen to wait, one more pause.
            Role::main(script![times(2 * starts, pause(self.apart)), at_least(0, pause(self.apart))]),
            Role::each("reader", 1..=EARLY + 1, reader),
            Role::new("writer", [1], writer.clone()),
            Role::each("fair-reader", 1..=EARLY + 1, fair_reader),
            Role::new("fair-writer", [1], writer),
        ]
    }

    fn laws(&self) -> Vec<Law> {
        let written = self.written;
        let value = move |step: &Step| if let Step::Reading { value } = *step { value } else { written };
        vec![
            Law::register(Kind::DoneWriting, Kind::Reading, 0, value).among(["reader", "writer"]),
            // The first readers stay until the writer is seen to wait.
            Law::precedes(Kind::AskingToWrite, Kind::DoneReading).among(["fair-reader", "fair-writer"]),
            Law::never_both((Kind::Reading, Kind::DoneReading), (Kind::Writing, Kind::DoneWriting)),
            Law::at_most_inside(1, [Kind::Writing], [Kind::DoneWriting]),
        ]
    }

    fn overlaps(&self) -> Vec<Overlap> {
        ["reader", "fair-reader"]
            .map(|reader| Overlap::pausing([(reader, EARLY)]).after(Kind::Reading))
            .into()
    }

    fn key_steps(&self) -> Vec<Kind> {
        vec![Kind::Reading, Kind::Writing]
    }

    fn judge(&self, outcome: &Outcome) -> Result<(), Breach> {
        let due = |late| [0, 0, late];
        let overtaking = [0, self.written].map(due).iter().any(|due| outcome.overtaking == due);
        if overtaking && outcome.fair == due(self.written) {
            return Ok(());
        }
        Err(Breach::new(format!("not what can be read: {outcome:?}"), []))
    }

    fn judge_against(&self, outcome: &Outcome, trace: &Trace) -> Result<(), Breach> {
        for (index, event, step) in trace.steps() {
            let Step::Reading { value } = step else { continue };
            let Member { role, number } = trace.cast[event.actor];
            let read = if role == "reader" { &outcome.overtaking } else { &outcome.fair };
            if number.checked_sub(1).and_then(|place| read.get(place)) != Some(&value) {
                return Err(Breach::new(format!("{outcome:?}, but {role} {number} read {value}"), [index]));
            }
        }
        Ok(())
    }
}
