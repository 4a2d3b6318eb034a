//! Cell 9: lost updates.
//!
//! **The cell** lets five threads increment a shared counter a hundred times each: it reads, sleeps for a tenth of a
//! millisecond, and writes one more than it read. Whoever wrote in between is overwritten.
//!
//! | the cell prints | our actors say |
//! |---|---|
//! | (nothing while it counts) | worker 1 to 5, a hundred times: `Read value=v`, a pause, `Wrote value=v+1` |
//! | `Expected: 500, Actual: 105` | main: `Finished actual=…`; what is expected is in the outcome |
//!
//! No undefined behaviour is needed for it: the counter is an atomic, each access is whole, and still the three
//! steps together are not. What races is the program, not the memory.
//!
//! **Laws.** Every write is its own read plus one. So the last value is at most all the increments. And it is at least
//! two, if each worker increments more than once: every write is of at least 1, and the last increment of a worker
//! reads what its own first one wrote, or what somebody wrote since, so it writes at least 2; the last write of all is
//! some worker's last. That it is 2 takes the worst of luck; a hundred of five hundred is common.
//!
//! `Read` is said after the read and `Wrote` after the write, so the order of two workers' steps in the trace may
//! differ from the order of their accesses: that is a part of the race. But what was written before a worker's step
//! before its read is there, or overwritten: what is read was written last, or at about the same time. So an increment
//! that can't be interrupted is found: it leaves values that nobody has said to have written.
//!
//! **Threads and tasks** lose updates alike: a task gives way at its `.await` just where a thread sleeps. On a runtime
//! of one worker tasks never run in parallel, and still lose updates, because to interleave is enough.
//!
//! **In Rust with threads**: `AtomicUsize::fetch_add`. **With tasks**: each task counts, and the join adds up.
//! **Gained**: what races doesn't compile, or is one operation.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{Breach, Card, Law, Limit, Overlap, Pattern, Role, Trace, Workload, pause, script, steps, times};

steps! {
    /// The parts of an increment.
    pub enum Step of Kind {
        /// The counter was read.
        Read { value: usize },
        /// The counter was written.
        Wrote { value: usize },
        /// All workers are joined.
        Finished { actual: usize },
    }
}

/// Who increments, and how often.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Plan {
    /// How many workers.
    pub workers: usize,
    /// How often each of them increments.
    pub times: usize,
    /// The pause between read and write.
    pub processing: Duration,
}

impl Default for Plan {
    fn default() -> Self {
        Self { workers: 5, times: 100, processing: Duration::from_micros(100) }
    }
}

/// What the counter came to.
#[derive(Debug, Serialize, Deserialize)]
pub struct Outcome {
    /// What it would be if no update were lost.
    pub expected: usize,
    /// What it is.
    pub actual: usize,
}

impl crate::Outcome for Outcome {
    fn fixed(&self) -> Value {
        json!({ "expected": self.expected })
    }

    fn observed(&self) -> Value {
        json!({ "actual": self.actual })
    }
}

impl Workload for Plan {
    const CARD: Card = Pattern::RaceCondition.card();
    const LIMITS: &[Limit] = &[Limit::new("workers", 0..=100), Limit::new("times", 0..=10_000)];
    type Step = Step;
    type Outcome = Outcome;

    fn roles(&self) -> Vec<Role> {
        let increment = script![Kind::Read, pause(self.processing), Kind::Wrote];
        vec![Role::main(Kind::Finished), Role::new("worker", 1..=self.workers, times(self.times, increment))]
    }

    fn laws(&self) -> Vec<Law> {
        vec![
            Law::each_after(
                Kind::Read,
                Kind::Wrote,
                "every write is its own read plus one",
                |read, wrote| matches!((read, wrote), (Step::Read { value: read }, Step::Wrote { value: wrote }) if read.checked_add(1) == Some(*wrote)),
            ),
            Law::register(Kind::Wrote, Kind::Read, 0, |step| match *step {
                Step::Wrote { value } | Step::Read { value } => value as u64,
                Step::Finished { actual } => actual as u64,
            }),
            Law::over_at("worker", Kind::Finished),
        ]
    }

    fn overlaps(&self) -> Vec<Overlap> {
        let workers = if self.times == 0 { 0 } else { self.workers };
        vec![Overlap::pausing([("worker", workers)]).after(Kind::Read)]
    }

    fn key_steps(&self) -> Vec<Kind> {
        vec![Kind::Read, Kind::Wrote]
    }

    fn judge(&self, outcome: &Outcome) -> Result<(), Breach> {
        let all = self.workers * self.times;
        let least = if self.workers == 1 { all } else { all.min(self.times.min(2)) };
        if outcome.expected != all || !(least..=all).contains(&outcome.actual) {
            return Err(Breach::new(
                format!("{outcome:?}, but the counter ends between {least} and {all}"),
                [],
            ));
        }
        Ok(())
    }

    fn judge_against(&self, outcome: &Outcome, trace: &Trace) -> Result<(), Breach> {
        // The last write of all is some worker's last.
        let mut wrote = BTreeMap::new();
        let mut finished = None;
        for (_, event, step) in trace.steps() {
            match step {
                Step::Wrote { value } => drop(wrote.insert(event.actor, value)),
                Step::Finished { actual } => finished = Some(actual),
                Step::Read { .. } => {}
            }
        }
        let nothing = self.workers * self.times == 0 && outcome.actual == 0;
        let written = nothing || wrote.values().any(|value| *value == outcome.actual);
        if written && finished == Some(outcome.actual) {
            return Ok(());
        }
        let wrote: Vec<usize> = wrote.into_values().collect();
        Err(Breach::new(format!("{outcome:?}, but the last writes of the workers are {wrote:?}"), []))
    }
}
