//! Cell 8: a worker in the background.
//!
//! **The cell** starts a daemon that prints a line every half second for ever, and a normal worker that prints three
//! lines. When the normal one is done, so is the cell, and says that the daemon will be killed. But the interpreter
//! lives on, and so does the daemon: its line turns up among the output of many later cells. That is the
//! lesson: what nobody waits for does not end by itself.
//!
//! | the cell prints | our actors say |
//! |---|---|
//! | `Daemon working...`, again and again | daemon: `Working`, a pause, and so on |
//! | `Normal: 0` to `Normal: 2` | normal: `Normal index=0` to `Normal index=2`, each before a pause |
//! | `Normal thread done - daemon will be killed` | main: `NormalDone` |
//! | `Daemon working...` in later cells | daemon: `Working`, at least once after `NormalDone` |
//!
//! The daemon reports each round to the main line through a channel with room for as many rounds as the notebook's
//! daemon makes while the normal worker lives. At a pace of 0 that channel is its clock: when it is full, the daemon
//! waits. After `NormalDone` the main line receives one round more than can have been said before, so at least one
//! was said after. Then it takes the outcome and ends the daemon, so that nothing of this run runs on into the next.
//!
//! **Laws.** The daemon works on after the normal worker is done, and its rounds are an interval apart.
//!
//! **Threads and tasks** differ in how a daemon ends. A task is aborted: its future is dropped at the next `.await`. A
//! thread can't be: it is asked to stop, so it must listen, and is then joined. At a real program's exit, both are
//! cut off: the threads vanish with the process when `main` returns, in the middle of what they do and without
//! running a destructor; the tasks are dropped with their runtime, each at an `.await`, and destructors run.
//!
//! **In Rust with threads**: a channel whose end stops it. **With tasks**: a `JoinSet` that aborts on drop.
//! **Gained**: what has an owner is over when it is, and not in the midst of something. Without one, every thread in Rust
//! is a daemon: `main` waits for those alone that it joins.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    Breach, Card, Difference, EndKind, Language, Law, Limit, Overlap, Pattern, Role, Side, Trace, Workload,
    any_of, between, optional, pause, script, steps, wait_at_most,
};

steps! {
    /// Who works, and when the normal one is done.
    pub enum Step of Kind {
        /// The daemon works.
        Working,
        /// The normal worker works.
        Normal { index: usize },
        /// The main line has joined the normal worker.
        NormalDone,
    }
}

/// How much the normal worker does, and how fast both are.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Plan {
    /// How many lines the normal worker prints.
    pub count: usize,
    /// Its pause after each.
    pub normal_interval: Duration,
    /// The daemon's pause after each of its rounds.
    pub daemon_interval: Duration,
    /// How many rounds the daemon may be ahead of the main line.
    pub rounds: usize,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            count: 3,
            normal_interval: Duration::from_millis(300),
            daemon_interval: Duration::from_millis(500),
            rounds: 2,
        }
    }
}

impl Plan {
    /// How many rounds the main line receives once the normal worker is done.
    ///
    /// At most `rounds` wait in the channel, and one more is said but not yet sent; the next is said afterwards.
    pub fn rounds_after(&self) -> usize {
        self.rounds + 2
    }
}

/// What both did, as the main line knows.
#[derive(Debug, Serialize, Deserialize)]
pub struct Outcome {
    /// How many lines the normal worker printed.
    pub normal: usize,
    /// How many rounds of the daemon the main line received.
    pub rounds: usize,
}

impl crate::Outcome for Outcome {
    fn fixed(&self) -> Value {
        json!({ "normal": self.normal, "rounds": self.rounds })
    }
}

impl Workload for Plan {
    const CARD: Card = Pattern::Daemon.card();
    const LIMITS: &[Limit] = &[Limit::new("count", 0..=1_000), Limit::new("rounds", 1..=1_000)];
    type Step = Step;
    type Outcome = Outcome;

    fn roles(&self) -> Vec<Role> {
        let normal: Language = (0..self.count)
            .map(|index| script![Step::Normal { index }, pause(self.normal_interval)])
            .collect();
        // What the main line received was said, sent and followed by a pause. The daemon is ahead of that by at most
        // what the channel holds, and by one round that it waits to report.
        let (least, most) = (self.rounds_after(), self.rounds_after() + self.rounds);
        // A thread listens while it rests, so that its rest is cut short; a task is cut off with it.
        let rest = any_of([pause(self.daemon_interval), wait_at_most(self.daemon_interval)]);
        let daemon = script![between(least..=most, script![Step::Working, rest]), optional(Step::Working),];
        vec![
            Role::main(Step::NormalDone),
            Role::new("normal", [1], normal),
            Role::new("daemon", [1], daemon).ending([EndKind::Returned, EndKind::Cancelled]),
        ]
    }

    fn laws(&self) -> Vec<Law> {
        vec![
            Law::over_at("normal", Kind::NormalDone),
            Law::followed_by(Kind::NormalDone, Kind::Working),
            Law::no_sooner(Kind::Working, Kind::Working, self.daemon_interval),
        ]
    }

    fn overlaps(&self) -> Vec<Overlap> {
        // As far ahead as it may be, it has said one more than there is room for.
        let ahead = self.rounds + 1;
        vec![
            Overlap::alive([("normal", 1)]).and(Overlap::having_said_often(
                [("daemon", 1)],
                Kind::Working,
                ahead,
            )),
            Overlap::having_said([("daemon", 1)], Kind::Working)
                .and(Overlap::pausing([("normal", self.count.min(1))])),
        ]
    }

    fn cut_short(&self) -> Vec<&'static str> {
        vec!["daemon"]
    }

    fn key_steps(&self) -> Vec<Kind> {
        vec![Kind::Working, Kind::Normal, Kind::NormalDone]
    }

    fn judge(&self, outcome: &Outcome) -> Result<(), Breach> {
        let due = self.rounds_after();
        if outcome.normal == self.count && outcome.rounds == due {
            return Ok(());
        }
        Err(Breach::new(format!("{outcome:?}, but {} lines and {due} rounds are due", self.count), []))
    }

    fn judge_against(&self, outcome: &Outcome, trace: &Trace) -> Result<(), Breach> {
        let worked = trace.of_kind(Kind::Working).count();
        if outcome.rounds <= worked {
            return Ok(());
        }
        Err(Breach::new(format!("{outcome:?}, but it worked in {worked} rounds"), []))
    }

    fn differences(&self) -> Vec<Difference> {
        const REASON: &str = "a task is aborted where it waits; a thread must be asked, and returns";
        vec![
            Difference::in_scripts(Side::Threaded, "daemon", "returned", REASON),
            Difference::in_scripts(Side::Asynchronous, "daemon", "cancelled", REASON),
        ]
    }
}
