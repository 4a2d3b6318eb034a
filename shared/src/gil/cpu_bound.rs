//! Cell 3: work that computes.
//!
//! **The cell** sums the squares of the numbers below 5,000,000 twice, first one after the other, then in two threads
//! at once, and prints that the threads don't help: only one of them holds the interpreter's lock.
//!
//! | the cell prints | our actors say |
//! |---|---|
//! | (nothing while it computes) | main, then each counter: `Counting`, `Counted` |
//! | `Sequential CPU-bound: 2.09s` | main: `SequenceStarted`, `SequenceFinished`; the time is read from the trace |
//! | `Threaded CPU-bound: 2.11s` | main: `AtOnceStarted`, `AtOnceFinished`; the time is read from the trace |
//!
//! There is no such lock here: on two free cores, at once takes half the time. The sum is beyond 64 bits, so it is
//! counted in 128, and the compiler must not know the formula: the loop really runs.
//!
//! **Laws.** Both sums are counted twice, and the main line waits for all of them.
//!
//! **Threads and tasks** differ in where the work may be done. A thread may compute as long as it likes, because the
//! operating system takes the core away from it. A task is never interrupted: computing on an async worker stops
//! every other task of that worker. So it goes to the threads that the runtime keeps for blocking work.
//!
//! **In Rust with threads**: `thread::scope`, or rayon. **With tasks**: rayon, and a `oneshot` that brings the sum
//! back. **Gained**: no lock keeps cores idle, and no task holds up its worker; rayon's threads are as many as the cores,
//! those for blocking work as many as the jobs.

use std::hint::black_box;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    Await, Breach, Card, KEPT_THREADS, Law, Limit, Overlap, Pattern, Role, Stopwatch, Workload, script,
    steps, times,
};

steps! {
    /// Where each part of the work starts and ends.
    pub enum Step of Kind {
        /// Two sums will be counted, one after the other.
        SequenceStarted,
        /// Both are counted.
        SequenceFinished,
        /// Two sums will be counted at once.
        AtOnceStarted,
        /// Both are counted.
        AtOnceFinished,
        /// A sum is about to be counted.
        Counting,
        /// A sum has been counted.
        Counted,
    }
}

/// How much to compute.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Plan {
    /// The squares of all numbers below this are summed.
    pub iterations: u64,
}

impl Default for Plan {
    fn default() -> Self {
        Self { iterations: 5_000_000 }
    }
}

/// The sums.
#[derive(Debug, Serialize, Deserialize)]
pub struct Outcome {
    /// Those that were counted one after the other.
    pub in_sequence: [u128; 2],
    /// Those that were counted at once.
    pub at_once: [u128; 2],
}

impl crate::Outcome for Outcome {
    fn fixed(&self) -> Value {
        // As text: a number of JSON is not sure to hold more than 53 bits.
        let [in_sequence, at_once] =
            [self.in_sequence, self.at_once].map(|sums| sums.map(|sum| sum.to_string()));
        json!({ "in_sequence": in_sequence, "at_once": at_once })
    }
}

impl Workload for Plan {
    const CARD: Card = Pattern::CpuBound.card();
    const LIMITS: &[Limit] = &[Limit::new("iterations", 0..=100_000_000)];
    const COMPARES: Option<&'static str> = Some(KEPT_THREADS);
    type Step = Step;
    type Outcome = Outcome;

    fn roles(&self) -> Vec<Role> {
        let count = script![Step::Counting, Step::Counted];
        vec![
            Role::main(script![
                Step::SequenceStarted,
                times(2, count.clone()),
                Step::SequenceFinished,
                Step::AtOnceStarted,
                Step::AtOnceFinished,
            ]),
            Role::new("counter", [1, 2], count),
        ]
    }

    fn laws(&self) -> Vec<Law> {
        vec![Law::begins_after("counter", Kind::AtOnceStarted), Law::over_at("counter", Kind::AtOnceFinished)]
    }

    fn overlaps(&self) -> Vec<Overlap> {
        vec![Overlap::having_said([("counter", 2)], Kind::Counting)]
    }

    fn awaits(&self) -> Vec<Await> {
        vec![Await::between(Kind::Counting, Kind::Counted).computing()]
    }

    fn key_steps(&self) -> Vec<Kind> {
        vec![Kind::Counting, Kind::Counted]
    }

    fn judge(&self, outcome: &Outcome) -> Result<(), Breach> {
        let sum = sum_of_squares_below(self.iterations);
        if outcome.in_sequence == [sum; 2] && outcome.at_once == [sum; 2] {
            return Ok(());
        }
        Err(Breach::new(format!("{outcome:?}, but every sum is {sum}"), []))
    }

    fn stopwatches(&self) -> Vec<Stopwatch> {
        vec![
            Stopwatch::new("In sequence", Kind::SequenceStarted, Kind::SequenceFinished),
            Stopwatch::new("At once", Kind::AtOnceStarted, Kind::AtOnceFinished),
        ]
    }
}

/// Sums the squares of all numbers below `iterations`. Each is hidden from the compiler, which would otherwise replace the
/// loop by its closed form.
///
/// Both sides call the same machine code: of the same text compiled twice, one loop was a third slower than the other, by how
/// it lay in memory.
#[inline(never)]
pub fn cpu_bound(iterations: u64) -> u128 {
    let mut count = 0;
    for i in 0..iterations {
        count += u128::from(black_box(i)) * u128::from(i);
    }
    count
}

/// The closed form of what the loop counts: 0² + 1² + … + (n − 1)² = (n − 1) · n · (2n − 1) / 6.
fn sum_of_squares_below(n: u64) -> u128 {
    let n = u128::from(n);
    n.saturating_sub(1) * n * (2 * n).saturating_sub(1) / 6
}

#[cfg(test)]
mod tests {
    use super::sum_of_squares_below;

    #[test]
    fn the_closed_form_is_the_sum() {
        for n in [0, 1, 2, 3, 10, 1000] {
            assert_eq!(sum_of_squares_below(n), (0..u128::from(n)).map(|i| i * i).sum());
        }
        assert_eq!(
            sum_of_squares_below(5_000_000),
            41_666_654_166_667_500_000,
            "the notebook's, beyond 64 bits"
        );
    }
}
