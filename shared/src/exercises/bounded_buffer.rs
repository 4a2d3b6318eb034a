//! Cells 29 and 34: a buffer that blocks when it is full or empty.
//!
//! **The cells** ask for a buffer of a fixed size whose `put` blocks while it is full and whose `get` blocks while it
//! is empty, and solve it with a list under a condition. Three items are put and two are got, so nothing ever blocks,
//! and one item is left.
//!
//! | the cell prints | our actors say |
//! |---|---|
//! | (nothing, when it puts) | main: `Putting` and `Put`, for items 1 to 3 |
//! | `Get: 1`, `Get: 2` | main: `Getting` and `Got item=1`, then `item=2` |
//! | (nothing) | main: `Left count=1` |
//!
//! Then ours does what the cell leaves out. A putter puts more than there is room for, so its last put has
//! to wait; when it is about to make that put, a getter begins. It gets all there is and one item more, so its last get
//! has to wait; when it is about to make that get, the main line puts the last item. (Unless that comes first: how long
//! anybody waits is no outcome. That both calls do wait is what their tests show.)
//!
//! **Laws.** First in, first out. Never more in the buffer than it has room for: `Put` is said after the put, and
//! `Getting` before the get, so the trace never shows more inside than there are.
//!
//! **Threads and tasks** do not differ here. The notebook has one condition for both, and `notify` wakes one who waits:
//! with putters and getters waiting at once it can be the wrong one, and then all of them sleep for ever. Ours has two,
//! `not_full` and `not_empty`.
//!
//! **In Rust with threads**: `crossbeam_channel::bounded(n)`. **With tasks**: `mpsc::channel(n)`. **Gained**: no lock
//! and no condition to get wrong.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{Breach, Card, Language, Law, Limit, Pattern, Role, Workload, script, steps};

steps! {
    /// What goes in and out.
    pub enum Step of Kind {
        /// About to put an item.
        Putting { item: usize },
        /// Has put it.
        Put { item: usize },
        /// About to get an item.
        Getting,
        /// Has got it.
        Got { item: usize },
        /// So many are in the buffer.
        Left { count: usize },
    }
}

/// How much room there is.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Plan {
    /// For so many items.
    pub capacity: usize,
}

impl Default for Plan {
    fn default() -> Self {
        Self { capacity: 3 }
    }
}

impl Plan {
    /// The items that the main line puts first: as many as there is room for.
    pub fn first(&self) -> impl Iterator<Item = usize> + use<> {
        1..=self.capacity
    }

    /// The items that the putter puts: for the last there is no room.
    pub fn more(&self) -> impl Iterator<Item = usize> + use<> {
        self.capacity + 1..=2 * self.capacity
    }

    /// The item that the main line puts last.
    pub fn last(&self) -> usize {
        2 * self.capacity + 1
    }
}

/// What was in the buffer, and what came out.
#[derive(Debug, Serialize, Deserialize)]
pub struct Outcome {
    /// What the main line got.
    pub got: Vec<usize>,
    /// How many items were left then.
    pub left: usize,
    /// What the getter got.
    pub got_later: Vec<usize>,
}

impl crate::Outcome for Outcome {
    fn fixed(&self) -> Value {
        json!({ "got": self.got, "left": self.left, "got_later": self.got_later })
    }
}

impl Workload for Plan {
    const CARD: Card = Pattern::BoundedBuffer.card();
    const LIMITS: &[Limit] = &[Limit::new("capacity", 1..=1_000)];
    type Step = Step;
    type Outcome = Outcome;

    fn roles(&self) -> Vec<Role> {
        let put = |item| script![Step::Putting { item }, Step::Put { item }];
        let get = |item| script![Step::Getting, Step::Got { item }];
        vec![
            Role::main(script![
                self.first().map(put).collect::<Language>(),
                (1..self.capacity).map(get).collect::<Language>(),
                Step::Left { count: 1 },
                put(self.last()),
            ]),
            Role::new("putter", [1], self.more().map(put).collect::<Language>()),
            Role::new("getter", [1], (self.capacity..=self.last()).map(get).collect::<Language>()),
        ]
    }

    fn laws(&self) -> Vec<Law> {
        let keyed = |step: &Step| match *step {
            Step::Putting { item } | Step::Put { item } | Step::Got { item } => (0, item as u64),
            Step::Getting | Step::Left { .. } => (0, 0),
        };
        vec![
            Law::fifo(Kind::Putting, Kind::Got, keyed),
            Law::at_most_ahead(self.capacity, Kind::Put, Kind::Getting),
        ]
    }

    fn key_steps(&self) -> Vec<Kind> {
        vec![Kind::Put, Kind::Got]
    }

    fn judge(&self, outcome: &Outcome) -> Result<(), Breach> {
        let (got, later) = (1..self.capacity, self.capacity..=self.last());
        if outcome.left == 1
            && got.eq(outcome.got.iter().copied())
            && later.eq(outcome.got_later.iter().copied())
        {
            return Ok(());
        }
        Err(Breach::new(format!("not the items in their order: {outcome:?}"), []))
    }
}
