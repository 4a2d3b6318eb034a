//! Cell 15: waiting until something holds.
//!
//! **The cell** starts two consumers that wait on a condition until some data is ready, and a producer that makes it so
//! after half a second and wakes them all.
//!
//! | the cell prints | our actors say |
//! |---|---|
//! | `Consumer-1: Waiting for data...` | consumer 1 and 2: `Waiting`, as often as the data is found not ready |
//! | | producer, after each part of the data but the last: `FalseAlarm`, if there are several |
//! | `Producer: Data is ready` | producer, after a pause: `Ready`, under the lock |
//! | `Consumer-1: Received 'Important Data'` | consumer 1 and 2: `Received`; the text is in the outcome |
//!
//! A consumer that comes late doesn't wait at all, and one that wakes without reason waits again: its language allows
//! many a `Waiting`. In the cell all is prepared at once, so that nobody wakes without reason but by a spurious wakeup; in
//! other plans the producer wakes the consumers after each part, and who doesn't look again takes nothing for the data.
//!
//! **Laws.** Nobody receives before the data is ready, and nobody waits once it is.
//!
//! **Threads and tasks** differ in what lies beneath. `std` has a condition variable; tokio has none, so ours is a
//! queue of one-shot channels. In both, waiting takes the guard and gives it back.
//!
//! **In Rust with threads**: `Condvar::wait_while`. **With tasks**: `watch::Receiver::wait_for`. **Gained**: the loop
//! is in the call; a watch has no lock to hold meanwhile.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    Breach, Card, Law, Limit, Overlap, Pattern, Role, Workload, between, pause, script, steps, times,
};

steps! {
    /// Who waits, and for what.
    pub enum Step of Kind {
        /// A consumer finds nothing, and is about to wait.
        Waiting,
        /// The producer wakes the consumers, though only a part is prepared.
        FalseAlarm,
        /// The producer has made the data ready.
        Ready,
        /// A consumer has the data.
        Received,
    }
}

/// How often a consumer waits in vain, at most, but for the false alarms. One that waits is seldom woken without reason:
/// one that is woken so often doesn't wait, but asks again and again.
const MOST_WAITS: usize = 20;

/// Who consumes what.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Plan {
    /// How many consumers.
    pub consumers: usize,
    /// In how many parts the producer prepares the data, waking the consumers after each.
    pub parts: usize,
    /// How long it prepares each.
    pub preparation: Duration,
    /// The data.
    pub payload: String,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            consumers: 2,
            parts: 1,
            preparation: Duration::from_millis(500),
            payload: "Important Data".into(),
        }
    }
}

/// What the consumers received.
#[derive(Debug, Serialize, Deserialize)]
pub struct Outcome {
    /// In the order of the consumers.
    pub received: Vec<String>,
}

impl crate::Outcome for Outcome {
    fn fixed(&self) -> Value {
        json!({ "received": self.received })
    }
}

impl Workload for Plan {
    const CARD: Card = Pattern::Condition.card();
    const LIMITS: &[Limit] = &[Limit::new("consumers", 0..=1_000), Limit::new("parts", 1..=100)];
    type Step = Step;
    type Outcome = Outcome;

    fn roles(&self) -> Vec<Role> {
        let false_alarms = self.parts - 1;
        vec![
            Role::main(script![]),
            Role::new(
                "consumer",
                1..=self.consumers,
                script![between(0..=MOST_WAITS + false_alarms, Step::Waiting), Step::Received],
            ),
            Role::new(
                "producer",
                [1],
                script![
                    times(false_alarms, script![pause(self.preparation), Step::FalseAlarm]),
                    pause(self.preparation),
                    Step::Ready,
                ],
            ),
        ]
    }

    fn laws(&self) -> Vec<Law> {
        vec![Law::precedes(Kind::Ready, Kind::Received), Law::never_followed_by(Kind::Ready, Kind::Waiting)]
    }

    fn overlaps(&self) -> Vec<Overlap> {
        // One of them, because that one keeps the others out when it says so.
        let waiting = Overlap::having_said([("consumer", self.consumers.min(1))], Kind::Waiting);
        vec![
            Overlap::alive([("consumer", self.consumers), ("producer", 1)]),
            // What is prepared is prepared without the lock.
            Overlap::pausing([("producer", 1)]).then(waiting),
        ]
    }

    fn key_steps(&self) -> Vec<Kind> {
        vec![Kind::Waiting, Kind::Ready, Kind::Received]
    }

    fn judge(&self, outcome: &Outcome) -> Result<(), Breach> {
        if outcome.received == vec![self.payload.clone(); self.consumers] {
            return Ok(());
        }
        Err(Breach::new(format!("{outcome:?}, but every consumer receives {:?}", self.payload), []))
    }
}
