//! Cell 26: many producers, many consumers, one queue.
//!
//! **The cell** starts three consumers and two producers, which put three items each into one queue, at random times. A
//! consumer polls: it waits for an item for at most a tenth of a second, and then looks whether it is to stop. When the
//! producers are joined, the main line joins the queue, asks the consumers to stop, and joins them.
//!
//! | the cell prints | our actors say |
//! |---|---|
//! | (nothing, before it puts) | producer 0 and 1: `Producing producer=0 number=0`, after a pause that is drawn |
//! | `Produced: P0-0` | `Produced producer=0 number=0` |
//! | (nothing, when it gets) | consumer 0 to 2: `Took producer=0 number=0` |
//! | `C0 consumed: P0-0` | a pause that is drawn, then `Consumed producer=0 number=0` |
//! | (nothing) | main: `AllProduced`, `AllConsumed`, `Stopping`; each consumer: `Stopped` |
//! | `All done!` | main: `AllDone` |
//!
//! The order of the end matters. A queue that is joined has nothing left, so nobody is asked to stop who still works;
//! and it may be joined only when nothing more is put. Who is idle learns it at its next poll, which is the price of
//! polling: the last tenth of a second of the cell. (Its `except: pass` has a price too: an error of the work would be
//! swallowed, the item never be done, and the queue never be joined.)
//!
//! How long an item takes to be consumed is drawn when it is produced, so that it is the same whoever gets it. Without
//! waiting, at a pace of 0, nobody polls: a consumer waits for an item until it gets one, or is woken with none.
//!
//! **Laws.** Each item is consumed once. What one consumer gets of one producer, it gets in order; across consumers
//! there is no order. All is consumed before any is asked to stop.
//!
//! **Threads and tasks** do not differ here.
//!
//! **In Rust with threads**: crossbeam: a sender for each, one receiver for all. **With tasks**: `async_channel`, and a
//! `JoinSet`. **Gained**: the last sender ends it for all, and nobody polls.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    Breach, Card, Law, Limit, Member, Overlap, Pattern, Role, Trace, What, Workload, at_least, optional,
    pause_between, script, steps, wait_at_most,
};

steps! {
    /// The way of an item through the queue, and the end.
    pub enum Step of Kind {
        /// About to put it.
        Producing { producer: usize, number: usize },
        /// Has put it.
        Produced { producer: usize, number: usize },
        /// Has got it.
        Took { producer: usize, number: usize },
        /// Has worked on it.
        Consumed { producer: usize, number: usize },
        /// All producers are joined.
        AllProduced,
        /// The queue is joined.
        AllConsumed,
        /// About to ask the consumers to stop.
        Stopping,
        /// Has seen that it is to stop.
        Stopped,
        /// All consumers are joined.
        AllDone,
    }
}

/// Who produces and consumes, and how fast.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Plan {
    /// How many producers.
    pub producers: usize,
    /// How many items each of them produces.
    pub items: usize,
    /// How many consumers.
    pub consumers: usize,
    /// How long it takes at least to produce an item.
    pub producing: Duration,
    /// How much longer at most.
    pub producing_spread: Duration,
    /// How long it takes at least to consume an item.
    pub consuming: Duration,
    /// How much longer at most.
    pub consuming_spread: Duration,
    /// How long a consumer waits for an item before it looks whether it is to stop.
    pub polling: Duration,
}

impl Default for Plan {
    fn default() -> Self {
        let millis = Duration::from_millis;
        Self {
            producers: 2,
            items: 3,
            consumers: 3,
            producing: millis(50),
            producing_spread: millis(100),
            consuming: millis(50),
            consuming_spread: millis(50),
            polling: millis(100),
        }
    }
}

/// What is produced and consumed.
#[derive(Debug, Clone, Copy)]
pub struct Item {
    /// By whom it is produced.
    pub producer: usize,
    /// Its number among those.
    pub number: usize,
    /// How long it takes to consume.
    pub consuming: Duration,
}

/// Who consumed what.
#[derive(Debug, Serialize, Deserialize)]
pub struct Outcome {
    /// Of each consumer the items, each as its producer and its number, in the order in which it got them.
    pub consumed: Vec<Vec<(usize, usize)>>,
}

impl Outcome {
    fn sorted(&self) -> Vec<(usize, usize)> {
        let mut items = self.consumed.concat();
        items.sort_unstable();
        items
    }
}

impl crate::Outcome for Outcome {
    fn fixed(&self) -> Value {
        json!({ "consumed": self.sorted() })
    }

    fn observed(&self) -> Value {
        json!({ "consumers": self.consumed })
    }
}

impl Plan {
    /// Which of the times that a producer draws is the one to produce this item; the next is the one to consume it.
    pub fn key(number: usize) -> u64 {
        // Not twice the number: one that was read from a file may be any, and must not overflow.
        (number as u64) << 1
    }

    /// Holds the pauses to what was drawn, of a producer before it produces and of a consumer after it took.
    fn check_pauses(&self, trace: &Trace) -> Result<(), Breach> {
        let drawn = |number, key| Member { role: "producer", number }.draw(trace.seed, key);
        for (before, after) in trace.successions() {
            let (pause, due) = match (trace.step(before), trace.step(after)) {
                (None, Some(Step::Producing { producer, number })) => {
                    let share = drawn(producer, Self::key(number));
                    (before, self.producing + self.producing_spread.mul_f64(share))
                }
                (Some(Step::Took { producer, number }), None) => {
                    let share = drawn(producer, Self::key(number) | 1);
                    (after, self.consuming + self.consuming_spread.mul_f64(share))
                }
                _ => continue,
            };
            if trace.events[pause].what != What::Paused(due) {
                return Err(Breach::new(format!("drawn was a pause of {due:?}"), [pause]));
            }
        }
        Ok(())
    }

    /// What each consumer says to have consumed, in its order.
    fn consumed(&self, trace: &Trace) -> Vec<Vec<(usize, usize)>> {
        let mut consumed = vec![Vec::new(); self.consumers];
        for (_, event, step) in trace.steps() {
            let own = consumed.get_mut(trace.cast[event.actor].number);
            if let (Step::Consumed { producer, number }, Some(own)) = (step, own) {
                own.push((producer, number));
            }
        }
        consumed
    }
}

impl Workload for Plan {
    const CARD: Card = Pattern::ManyProducersConsumers.card();
    const LIMITS: &[Limit] = &[
        Limit::new("producers", 0..=1_000),
        Limit::new("items", 0..=1_000),
        Limit::new("consumers", 1..=1_000),
    ];
    type Step = Step;
    type Outcome = Outcome;

    fn roles(&self) -> Vec<Role> {
        let producing = self.producing..=self.producing + self.producing_spread;
        let consuming = self.consuming..=self.consuming + self.consuming_spread;
        let produce = |producer| {
            let item = |number| {
                script![
                    pause_between(producing.clone()),
                    Step::Producing { producer, number },
                    Step::Produced { producer, number }
                ]
            };
            (0..self.items).map(item).collect()
        };
        let consumes = script![Kind::Took, pause_between(consuming), Kind::Consumed];
        let polls = script![wait_at_most(self.polling), optional(consumes)];
        vec![
            Role::main(script![Step::AllProduced, Step::AllConsumed, Step::Stopping, Step::AllDone]),
            Role::each("producer", 0..self.producers, produce),
            Role::new("consumer", 0..self.consumers, script![at_least(0, polls), Step::Stopped]),
        ]
    }

    fn laws(&self) -> Vec<Law> {
        let keyed = |step: &Step| match *step {
            Step::Producing { producer, number }
            | Step::Took { producer, number }
            | Step::Consumed { producer, number } => (producer as u64, number as u64),
            _ => (0, 0),
        };
        vec![
            Law::fifo(Kind::Producing, Kind::Took, keyed),
            Law::each_after(
                Kind::Took,
                Kind::Consumed,
                "what is taken is consumed",
                move |took, consumed| keyed(took) == keyed(consumed),
            ),
            Law::over_at("producer", Kind::AllProduced),
            Law::followed_by(Kind::Consumed, Kind::AllConsumed),
            Law::precedes(Kind::Stopping, Kind::Stopped),
            Law::over_at("consumer", Kind::AllDone),
        ]
    }

    fn overlaps(&self) -> Vec<Overlap> {
        let taken = self.consumers.min(self.producers * self.items);
        let mut overlaps = vec![
            Overlap::alive([("producer", self.producers), ("consumer", self.consumers)]),
            Overlap::pausing([("consumer", taken)]).after(Kind::Took),
        ];
        if self.items > 0 {
            overlaps.push(Overlap::pausing([("producer", self.producers)]));
            // The queue has no end.
            let ahead =
                Overlap::having_said_often([("producer", self.producers)], Kind::Produced, self.items);
            overlaps.push(ahead.and(Overlap::alive([("consumer", self.consumers)])));
        }
        overlaps
    }

    fn cut_short(&self) -> Vec<&'static str> {
        if self.producers > 0 && self.items > 0 { vec!["consumer"] } else { Vec::new() }
    }

    fn key_steps(&self) -> Vec<Kind> {
        vec![Kind::Produced, Kind::Took]
    }

    fn judge(&self, outcome: &Outcome) -> Result<(), Breach> {
        let due =
            (0..self.producers).flat_map(|producer| (0..self.items).map(move |number| (producer, number)));
        if due.eq(outcome.sorted()) {
            return Ok(());
        }
        Err(Breach::new(format!("not each item once: {:?}", outcome.consumed), []))
    }

    fn judge_against(&self, outcome: &Outcome, trace: &Trace) -> Result<(), Breach> {
        self.check_pauses(trace)?;
        let said = self.consumed(trace);
        if outcome.consumed != said {
            return Err(Breach::new(format!("{:?}, but {said:?} was said", outcome.consumed), []));
        }
        Ok(())
    }
}
