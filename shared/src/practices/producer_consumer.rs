//! Cell 25: a queue with an end.
//!
//! **The cell** starts a producer, which puts five letters into a queue, one every tenth of a second, and then `None`;
//! and a consumer, which works on each for a little longer, until it gets `None`.
//!
//! | the cell prints | our actors say |
//! |---|---|
//! | (nothing, before it puts) | producer: `Producing number=0 item=A`, after a pause |
//! | `Produced: A` | producer: `Produced number=0 item=A` |
//! | (nothing, when it gets) | consumer: `Took number=0 item=A` |
//! | `Consumed: A` | consumer: a pause, then `Consumed number=0 item=A` |
//! | (nothing) | producer: `Ended`; consumer: `Stopped`; main: `Joined`, `SentinelDone` |
//!
//! What ends it is a *sentinel*, an item that is none. The consumer says `task_done` for each letter, but not for the
//! sentinel, so the queue counts one unfinished item for ever: who joined the queue as well would wait for ever. The
//! main line asks, and does not wait (`all_done=false`); then it says so of the sentinel, and asks again.
//!
//! **Laws.** Nothing is lost, nothing comes twice, and the order is kept.
//!
//! **Threads and tasks** do not differ here. A channel has its end built in: when the last sender is dropped, receiving
//! says so, and no sentinel is needed.
//!
//! **In Rust with threads**: `for item in receiver`. **With tasks**: `while let Some(item)`. **Gained**: no sentinel:
//! the queue ends when its sender is dropped.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{Breach, Card, Language, Law, Limit, Overlap, Pattern, Role, Workload, pause, script, steps};

steps! {
    /// The way of a letter through the queue.
    pub enum Step of Kind {
        /// About to put it.
        Producing { number: usize, item: char },
        /// Has put it.
        Produced { number: usize, item: char },
        /// Has put the sentinel.
        Ended,
        /// Has got it.
        Took { number: usize, item: char },
        /// Has worked on it.
        Consumed { number: usize, item: char },
        /// Has got the sentinel.
        Stopped,
        /// Both are joined. Whether the queue counts everything as done.
        Joined { all_done: bool },
        /// The main line has said that the sentinel is done. Whether the queue counts everything as done now.
        SentinelDone { all_done: bool },
    }
}

/// What is produced, and how fast.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Plan {
    /// The letters.
    pub items: String,
    /// How long it takes to produce one.
    pub producing: Duration,
    /// How long it takes to consume one.
    pub consuming: Duration,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            items: "ABCDE".into(),
            producing: Duration::from_millis(100),
            consuming: Duration::from_millis(150),
        }
    }
}

/// What came out.
#[derive(Debug, Serialize, Deserialize)]
pub struct Outcome {
    /// The letters, as they were consumed.
    pub consumed: String,
    /// Whether the queue counts everything as done: before the sentinel was said to be done, and after.
    pub all_done: [bool; 2],
}

impl crate::Outcome for Outcome {
    fn fixed(&self) -> Value {
        json!({ "consumed": self.consumed, "all_done": self.all_done })
    }
}

impl Workload for Plan {
    const CARD: Card = Pattern::ProducerConsumer.card();
    const LIMITS: &[Limit] = &[];
    type Step = Step;
    type Outcome = Outcome;

    fn roles(&self) -> Vec<Role> {
        let items = || self.items.chars().enumerate();
        let produce = items().map(|(number, item)| {
            script![pause(self.producing), Step::Producing { number, item }, Step::Produced { number, item }]
        });
        let consume = items().map(|(number, item)| {
            script![Step::Took { number, item }, pause(self.consuming), Step::Consumed { number, item }]
        });
        vec![
            Role::main(script![Step::Joined { all_done: false }, Step::SentinelDone { all_done: true }]),
            Role::new("producer", [1], script![produce.collect::<Language>(), Step::Ended]),
            Role::new("consumer", [1], script![consume.collect::<Language>(), Step::Stopped]),
        ]
    }

    fn laws(&self) -> Vec<Law> {
        let keyed = |step: &Step| match *step {
            Step::Producing { number, .. } | Step::Took { number, .. } => (0, number as u64),
            _ => (0, 0),
        };
        vec![
            Law::fifo(Kind::Producing, Kind::Took, keyed),
            Law::over_at("producer", Kind::Joined),
            Law::over_at("consumer", Kind::Joined),
        ]
    }

    fn overlaps(&self) -> Vec<Overlap> {
        let parties = [("producer", 1), ("consumer", 1)];
        let at_work = Overlap::pausing(parties).after(Kind::Produced).after(Kind::Took);
        let items = self.items.chars().count();
        // The queue has no end.
        let ahead = (items > 0).then(|| {
            Overlap::having_said_often([("producer", 1)], Kind::Produced, items)
                .and(Overlap::alive([("consumer", 1)]))
        });
        // The first item is produced before there is one to consume.
        let of_work = (items > 1).then_some(at_work);
        [Overlap::alive(parties)].into_iter().chain(ahead).chain(of_work).collect()
    }

    fn key_steps(&self) -> Vec<Kind> {
        vec![Kind::Produced, Kind::Took]
    }

    fn judge(&self, outcome: &Outcome) -> Result<(), Breach> {
        if outcome.consumed == self.items && outcome.all_done == [false, true] {
            return Ok(());
        }
        Err(Breach::new(
            format!(
                "{:?} was consumed of {:?}, all done: {:?}",
                outcome.consumed, self.items, outcome.all_done
            ),
            [],
        ))
    }
}
