//! Cells 31 and 36: the same again at intervals.
//!
//! **The cells** ask for something that runs a function at fixed intervals, and can be started and stopped without
//! waiting. The solution calls the function, waits on an event for the interval, and so on until the event is set: four
//! ticks in a second at intervals of three tenths.
//!
//! | the cell prints | our actors say |
//! |---|---|
//! | `Tick`, four times | ticker: `Tick number=0` to `Tick number=3`, with a wait between them |
//! | `Task stopped` | main: `Stopped` |
//!
//! The notebook's task waits for the interval *after* each call, so it drifts by what the call takes; and its `stop`
//! joins the thread, so it waits for a call that is under way. Ours ticks at its start plus a whole number of
//! intervals, and `stop` only asks: who wants to wait joins. A tick that is missed, because the last one took too long
//! or the machine was busy, is left out, and the next comes at its own place (tokio calls that
//! `MissedTickBehavior::Skip`); the number of a tick is its place, so a gap can be seen. Started while it is alive, it
//! ignores that; stopped and joined, it can be started again.
//!
//! The number of ticks is planned: after the last one the ticker waits for an hour at any pace, or until it is stopped.
//!
//! **Laws.** It ticks as often as planned, never before its time, and stops after it was asked to. Without waits, no
//! tick is missed.
//!
//! **Threads and tasks** do not differ here. tokio has an interval of its own; with it, an event to stop it takes a
//! `select!`, and a thread has nothing like it, so both count for themselves.
//!
//! **In Rust with threads**: `recv_timeout` against a grid of instants. **With tasks**: `interval` with a
//! `MissedTickBehavior`, and `select!`. **Gained**: it doesn't drift, and says what becomes of missed ticks.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    Breach, Card, Law, Limit, Pattern, Role, Trace, What, Workload, script, steps, times, wait_at_most,
};

// It is a managed worker, and so it lives and waits.
pub use crate::practices::managed_worker::{LAST_WAIT, LIVES};

steps! {
    /// What becomes of the task.
    pub enum Step of Kind {
        /// It was started.
        Started { life: usize },
        /// It was started while it is alive: nothing happens.
        StartIgnored,
        /// It ticks, at so many intervals after its start.
        Tick { number: usize },
        /// About to ask it to stop.
        Stopping { life: usize },
        /// The ticker has heard that it is to stop.
        Stops,
        /// It is joined.
        Stopped { life: usize },
    }
}

/// How often the task ticks in each of its lives.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Plan {
    /// How many ticks.
    pub ticks: usize,
    /// The time from one to the next.
    pub interval: Duration,
}

impl Default for Plan {
    fn default() -> Self {
        Self { ticks: 4, interval: Duration::from_millis(300) }
    }
}

/// The first tick after so much time, and how long it is until then.
///
/// # Panics
/// With an interval of zero.
pub fn next_tick(elapsed: Duration, interval: Duration) -> (usize, Duration) {
    let number = elapsed.as_nanos() / interval.as_nanos() + 1;
    let left = interval.as_nanos() - elapsed.as_nanos() % interval.as_nanos();
    (usize::try_from(number).unwrap_or(usize::MAX), Duration::from_nanos_u128(left))
}

/// How often it ticked.
#[derive(Debug, Serialize, Deserialize)]
pub struct Outcome {
    /// How often in each life.
    pub ticks: Vec<usize>,
}

impl crate::Outcome for Outcome {
    fn fixed(&self) -> Value {
        json!({ "ticks": self.ticks })
    }
}

impl Workload for Plan {
    const CARD: Card = Pattern::PeriodicTask.card();
    const LIMITS: &[Limit] = &[Limit::new("ticks", 1..=1_000)];
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
        let tick = script![
            Step::Tick { number: 0 },
            times(self.ticks - 1, script![wait_at_most(self.interval), Kind::Tick]),
            Step::Stops
        ];
        vec![
            Role::main((1..=LIVES).map(life).collect::<crate::Language>()),
            Role::new("ticker", 1..=LIVES, tick),
        ]
    }

    fn laws(&self) -> Vec<Law> {
        vec![Law::precedes(Kind::Stopping, Kind::Stops), Law::over_at("ticker", Kind::Stopped)]
    }

    fn key_steps(&self) -> Vec<Kind> {
        vec![Kind::Started, Kind::StartIgnored, Kind::Tick]
    }

    fn judge(&self, outcome: &Outcome) -> Result<(), Breach> {
        if outcome.ticks != [self.ticks; LIVES] {
            let what = format!("it ticked {:?} times, not {} in each life", outcome.ticks, self.ticks);
            return Err(Breach::new(what, []));
        }
        Ok(())
    }

    fn judge_against(&self, _outcome: &Outcome, trace: &Trace) -> Result<(), Breach> {
        check_ticks(trace, trace.pace.of(self.interval))
    }
}

/// Holds each ticker to its times: no tick comes before its own, nor after a later one. Without waits, none is missed.
fn check_ticks(trace: &Trace, interval: Option<Duration>) -> Result<(), Breach> {
    let began = begins(trace);
    let mut latest = vec![None; trace.cast.len()];
    for (index, event, step) in trace.steps() {
        let Step::Tick { number } = step else { continue };
        let next = latest[event.actor].replace(number).map_or(0, |earlier: usize| earlier.saturating_add(1));
        let is_due = match interval {
            // A ticker counts the time from a moment after its begin.
            Some(interval) => {
                let least = interval.as_nanos().saturating_mul(number as u128);
                number >= next && event.at.saturating_sub(began[event.actor]).as_nanos() >= least
            }
            None => number == next,
        };
        if !is_due {
            return Err(Breach::new(format!("tick {number} is not due here"), [index]));
        }
    }
    Ok(())
}

/// When each actor began.
fn begins(trace: &Trace) -> Vec<Duration> {
    let mut begins = vec![Duration::ZERO; trace.cast.len()];
    for event in trace.events.iter().filter(|event| event.what == What::Began) {
        begins[event.actor] = event.at;
    }
    begins
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::next_tick;

    #[test]
    fn a_tick_has_its_place_whenever_the_last_one_was_over() {
        let millis = Duration::from_millis;
        assert_eq!(next_tick(millis(0), millis(300)), (1, millis(300)));
        assert_eq!(next_tick(millis(10), millis(300)), (1, millis(290)));
        assert_eq!(next_tick(millis(299), millis(300)), (1, millis(1)));
        assert_eq!(
            next_tick(millis(300), millis(300)),
            (2, millis(300)),
            "it is the time of the first: over"
        );
        assert_eq!(next_tick(millis(950), millis(300)), (4, millis(250)), "two were missed and are left out");
    }
}
