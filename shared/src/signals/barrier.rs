//! Cell 18: nobody goes on before all are there.
//!
//! **The cell** starts three threads that work for different times, less than five seconds each, and wait for each
//! other at a barrier.
//!
//! | the cell prints | our actors say |
//! |---|---|
//! | `Thread-0: Working...` | worker 0 to 2: `Working`, then a pause that is drawn |
//! | `Thread-0: Waiting at barrier` | `Waiting` |
//! | `Thread-0: Passed barrier!` | `Passed place=… leader=…` |
//!
//! The notebook's times come from the hash of a name, which differs from process to process; ours from the seed of the
//! run, so both sides pause alike. The barrier gives each that passes a place: the one with place 0 is the leader, of
//! which there is one.
//!
//! **Laws.** Nobody passes before all have arrived. `Waiting` is said before the wait, and `Passed` after it.
//!
//! **Threads and tasks** do not differ in what they do. Both libraries have a barrier, which can't be given up; ours
//! can, and so a worker that never comes is an error and not a deadlock.
//!
//! **In Rust with threads**: `std::sync::Barrier`. **With tasks**: `tokio::sync::Barrier`. **Gained**: a
//! barrier can't be broken; lost are its timeout and `abort`.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    Breach, Card, Law, Limit, Overlap, Pattern, Role, Trace, Workload, pause_between, script, steps,
};

steps! {
    /// The way to the barrier, and through.
    pub enum Step of Kind {
        /// At work.
        Working,
        /// About to wait.
        Waiting,
        /// Past the barrier, in this place; the first is the leader.
        Passed { place: usize, leader: bool },
    }
}

/// Who meets.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Plan {
    /// How many.
    pub parties: usize,
    /// How long one may work.
    pub longest: Duration,
}

impl Default for Plan {
    fn default() -> Self {
        Self { parties: 3, longest: Duration::from_secs(5) }
    }
}

/// What each was given at the barrier.
#[derive(Debug, Serialize, Deserialize)]
pub struct Outcome {
    /// In the order of the workers.
    pub places: Vec<usize>,
}

impl crate::Outcome for Outcome {
    fn fixed(&self) -> Value {
        json!({ "leaders": self.places.iter().filter(|place| **place == 0).count() })
    }

    fn observed(&self) -> Value {
        json!({ "places": self.places })
    }
}

impl Workload for Plan {
    const CARD: Card = Pattern::Barrier.card();
    const LIMITS: &[Limit] = &[Limit::new("parties", 1..=1_000)];
    type Step = Step;
    type Outcome = Outcome;

    fn roles(&self) -> Vec<Role> {
        let work =
            script![Step::Working, pause_between(Duration::ZERO..=self.longest), Step::Waiting, Kind::Passed];
        vec![Role::main(script![]), Role::new("worker", 0..self.parties, work)]
    }

    fn laws(&self) -> Vec<Law> {
        vec![Law::never_followed_by(Kind::Passed, Kind::Waiting)]
    }

    fn overlaps(&self) -> Vec<Overlap> {
        vec![Overlap::pausing([("worker", self.parties)]).after(Kind::Working)]
    }

    fn key_steps(&self) -> Vec<Kind> {
        vec![Kind::Waiting, Kind::Passed]
    }

    fn judge(&self, outcome: &Outcome) -> Result<(), Breach> {
        let mut places = outcome.places.clone();
        places.sort_unstable();
        if places.into_iter().eq(0..self.parties) {
            return Ok(());
        }
        Err(Breach::new(format!("{outcome:?}, but each of {} has a place of its own", self.parties), []))
    }

    fn judge_against(&self, outcome: &Outcome, trace: &Trace) -> Result<(), Breach> {
        for (index, event, duration) in trace.pauses() {
            if duration != self.longest.mul_f64(trace.cast[event.actor].draw(trace.seed, 0)) {
                return Err(Breach::new("it pauses for another time than was drawn", [index]));
            }
        }
        for (index, event, step) in trace.steps() {
            let Step::Passed { place, leader } = step else { continue };
            let due = outcome.places.get(trace.cast[event.actor].number);
            if due != Some(&place) || leader != (place == 0) {
                return Err(Breach::new(
                    format!("{outcome:?}, but a worker passed in another place"),
                    [index],
                ));
            }
        }
        Ok(())
    }
}
