//! Cell 28: a worker that stops when asked.
//!
//! **The cell** lists ten best practices, and shows some of them in a class that owns its thread: `start` starts it,
//! and it prints a line every fifth of a second; `stop` sets an event, on which the thread waits instead of sleeping,
//! and joins it.
//!
//! | the cell prints | our actors say |
//! |---|---|
//! | `Worker: Working...`, three times | worker: `Working`, with a wait after each but the last |
//! | `Worker: Stopped cleanly` | worker: `StoppedCleanly`, its last step |
//! | (nothing) | main: what became of each `start` and `stop` |
//!
//! The main line also does what a user of such a class will do some day: it stops the worker before it was ever
//! started, starts it twice, and starts it again after it was stopped. The number of rounds is planned: after the last
//! one the worker waits for an hour at any pace. That it ends at all shows that `stop` does not wait for the end of a
//! wait, however long that is; the notebook's worker is in the middle of its third wait. The class itself is
//! `primitives/managed_worker.rs` of each side, because [`periodic_task`](crate::exercises::periodic_task) is one too.
//!
//! **Laws.** The worker stops after it was asked to, and is waited for; and its rounds are an interval apart.
//!
//! **Threads and tasks** do not differ here. A task could be aborted instead, at its next `.await`; to be asked is
//! better for it too, if there is something to put in order before the end.
//!
//! The ten practices, and a file of ours that follows each:
//!
//! 1. Locks are held by `with`: by a guard, here. [`safe_counter`](crate::synchronization::safe_counter)
//! 2. The critical section is short: what a worker prepares, it prepares outside.
//!    [`condition`](crate::signals::condition)
//! 3. Thread-safe data structures: the queue. [`producer_consumer`](crate::practices::producer_consumer)
//! 4. Pools instead of workers by hand. [`ordered_map`](crate::pools::ordered_map)
//! 5. Care with daemons: ours is ended before its run is. [`daemon`](crate::creating::daemon)
//! 6. Events and conditions instead of asking again and again: this file, and [`event`](crate::signals::event)
//! 7. Processes for work that computes: in Rust threads do, nothing locks them out.
//!    [`cpu_bound`](crate::gil::cpu_bound)
//! 8. Errors in workers are handled. [`exceptions`](crate::pools::exceptions)
//! 9. A worker's own state is local to it. [`local_data`](crate::locals::local_data)
//! 10. Little is shared and mutable: workers own what they work on, and hand over results.
//!     [`io_bound`](crate::gil::io_bound)
//!
//! **In Rust with threads**: `recv_timeout`: the channel's end stops it. **With tasks**: `run_until_cancelled` of a
//! `CancellationToken`. **Gained**: it stops at once, wherever it waits, and is joined.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{Breach, Card, Law, Limit, Pattern, Role, Workload, script, steps, times, wait_at_most};

/// How often the worker is started and stopped.
pub const LIVES: usize = 2;

/// How long the worker waits after its last round, if nobody stops it: longer than anybody would wait for it.
pub const LAST_WAIT: Duration = Duration::from_hours(1);

steps! {
    /// What becomes of the worker.
    pub enum Step of Kind {
        /// It was stopped before it was started: nothing happens.
        StopIgnored,
        /// It was started.
        Started { life: usize },
        /// It was started while it works: nothing happens.
        StartIgnored,
        /// It works.
        Working,
        /// About to stop it.
        Stopping { life: usize },
        /// It was asked to stop, and has put everything in order.
        StoppedCleanly,
        /// It is stopped and joined.
        Stopped { life: usize },
    }
}

/// How much the worker does in each of its lives.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Plan {
    /// How many rounds it works.
    pub rounds: usize,
    /// How long it waits after each of them but the last.
    pub interval: Duration,
}

impl Default for Plan {
    fn default() -> Self {
        Self { rounds: 3, interval: Duration::from_millis(200) }
    }
}

/// What the worker has done.
#[derive(Debug, Serialize, Deserialize)]
pub struct Outcome {
    /// How many rounds it worked in each life.
    pub rounds: Vec<usize>,
}

impl crate::Outcome for Outcome {
    fn fixed(&self) -> Value {
        json!({ "rounds": self.rounds })
    }
}

impl Workload for Plan {
    const CARD: Card = Pattern::ManagedWorker.card();
    const LIMITS: &[Limit] = &[Limit::new("rounds", 1..=1_000)];
    type Step = Step;
    type Outcome = Outcome;

    fn roles(&self) -> Vec<Role> {
        let life = |life| {
            script![
                Step::Started { life },
                Step::StartIgnored,
                Step::Stopping { life },
                Step::Stopped { life }
            ]
        };
        let lives = (1..=LIVES).map(life).collect::<crate::Language>();
        let work = script![
            times(self.rounds - 1, script![Step::Working, wait_at_most(self.interval)]),
            Step::Working,
            Step::StoppedCleanly,
        ];
        vec![Role::main(script![Step::StopIgnored, lives]), Role::new("worker", 1..=LIVES, work)]
    }

    fn laws(&self) -> Vec<Law> {
        vec![
            Law::precedes(Kind::Stopping, Kind::StoppedCleanly),
            Law::no_sooner(Kind::Working, Kind::Working, self.interval),
            Law::over_at("worker", Kind::Stopped),
        ]
    }

    fn key_steps(&self) -> Vec<Kind> {
        vec![Kind::Started, Kind::StartIgnored, Kind::Working]
    }

    fn judge(&self, outcome: &Outcome) -> Result<(), Breach> {
        if outcome.rounds == [self.rounds; LIVES] {
            return Ok(());
        }
        Err(Breach::new(
            format!("the worker worked {:?} rounds, not {} each time", outcome.rounds, self.rounds),
            [],
        ))
    }
}
