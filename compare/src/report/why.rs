//! Why one arm is faster: what its runs are made of, in what each thing costs on this machine.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use shared::Trace;

use crate::cost::Units;
use crate::lab::Arm;

/// What the difference between the times of two arms is made of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Why {
    /// What a run of each arm does, without what it has to do in any case.
    pub parts: [Vec<Part>; 2],
    /// How much longer a run of the first arm takes, of the fastest ones, in nanoseconds: less than nothing where the second
    /// takes longer.
    pub measured_ns: f64,
    /// How much of that the parts explain.
    pub explained_ns: f64,
}

/// What a run does so often, and what each time costs.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// What.
    pub what: What,
    /// How often: of switches in the mean of the timed runs, of all else in the median of those that were judged.
    pub count: f64,
    /// What it costs once, in nanoseconds.
    pub each_ns: f64,
}

/// What a run does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// It starts an actor and joins it, beside the main line, and while no other is started.
    Starts,
    /// It starts and joins another.
    StartsMore,
    /// An actor gives way: what its pauses are without waits.
    GivesWay,
    /// A thread waits until another wakes it, beyond what joining takes.
    Switches,
    /// A task waits until another wakes it: each poll of it but its first, those after a pause, and one of the main line.
    Polls,
}

impl What {
    /// All of them, in the order in which they are told.
    pub const ALL: [Self; 5] = [Self::Starts, Self::StartsMore, Self::GivesWay, Self::Switches, Self::Polls];

    /// In words, behind how often it is done.
    pub fn words(self) -> &'static str {
        match self {
            Self::Starts => "started and joined",
            Self::StartsMore => "more started and joined",
            Self::GivesWay => "× giving way",
            Self::Switches => "× waking a thread",
            Self::Polls => "× waking a task",
        }
    }
}

/// What actors did in a run with neither waits nor noise.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// How many actors were started, beside the main line.
    pub started: usize,
    /// How often they paused, which without waits is to give way.
    pub pauses: usize,
    /// How often its tasks were polled; never where they are threads.
    pub polls: usize,
    /// On how many threads of the system they were.
    pub threads: usize,
}

impl Counts {
    /// What the actors of this run did.
    pub fn of(trace: &Trace) -> Self {
        let mut polls = vec![0; trace.cast.len()];
        for event in &trace.events {
            polls[event.actor] = event.turn.as_ref().map_or(0, |turn| turn.number).max(polls[event.actor]);
        }
        let threads: BTreeSet<u32> = trace.events.iter().map(|event| event.thread).collect();
        Self {
            started: trace.cast.len() - 1,
            pauses: trace.pauses().count(),
            polls: polls.into_iter().map(|polls| polls as usize).sum(),
            threads: threads.len(),
        }
    }

    /// The median of each count, of an even number of runs the upper one.
    pub fn median(runs: &[Self]) -> Option<Self> {
        let median = |of: fn(&Self) -> usize| {
            let mut counts: Vec<usize> = runs.iter().map(of).collect();
            counts.sort_unstable();
            counts.get(counts.len() / 2).copied()
        };
        Some(Self {
            started: median(|counts| counts.started)?,
            pauses: median(|counts| counts.pauses)?,
            polls: median(|counts| counts.polls)?,
            threads: median(|counts| counts.threads)?,
        })
    }
}

impl Why {
    /// Why these arms take so long, whose runs did this and had so many switches, in these units of both arms and of threads.
    pub fn of(
        arms: [Arm; 2],
        took_ns: [f64; 2],
        counts: [Counts; 2],
        switches: [Option<f64>; 2],
        units: [&Units; 2],
        threads: &Units,
    ) -> Self {
        let parts =
            [0, 1].map(|place| parts(arms[place], counts[place], switches[place], units[place], threads));
        let [first, second] = parts.each_ref().map(|parts| parts.iter().map(Part::cost_ns).sum::<f64>());
        Self { parts, measured_ns: took_ns[0] - took_ns[1], explained_ns: first - second }
    }

    /// The share of the difference that the parts explain; none where they speak for the other arm.
    pub fn explained(&self) -> Option<f64> {
        let share = self.explained_ns / self.measured_ns;
        (share.is_finite() && share > 0.0).then_some(share)
    }

    /// What makes the most of the difference; none where nothing that is known does.
    pub fn chiefly(&self) -> Option<What> {
        let cost = |place: usize, what: What| -> f64 {
            self.parts[place].iter().filter(|part| part.what == what).map(Part::cost_ns).sum()
        };
        let toward = self.measured_ns.signum();
        let difference = |what: &What| toward * (cost(0, *what) - cost(1, *what));
        let makes = What::ALL.into_iter().filter(|what| difference(what) > 0.0);
        makes.max_by(|one, other| difference(one).total_cmp(&difference(other)))
    }
}

impl Part {
    /// What all of it costs.
    pub fn cost_ns(&self) -> f64 {
        self.count * self.each_ns
    }
}

/// What a run of an arm that did this is made of.
///
/// That one thread waits for another shows in the switches of the process; what a run that does nothing takes of them, and
/// one for each thread that is joined, are a part of other things. Tasks share threads, so that beyond the first of each,
/// and those after a pause, and the one of the main line, each of their polls follows a wait.
fn parts(arm: Arm, counts: Counts, switches: Option<f64>, units: &Units, threads: &Units) -> Vec<Part> {
    let Counts { started, pauses, polls, .. } = counts;
    let of_threads = arm.runtime().is_none();
    #[expect(clippy::cast_precision_loss, reason = "they are few")]
    let real = |count: usize| count as f64;
    let joined = if of_threads { real(started) } else { 0.0 };
    let switches =
        switches.zip(units.idle_switches).map_or(0.0, |(all, idle)| (all - idle - joined).max(0.0));
    let polls =
        if of_threads { 0 } else { polls.saturating_sub(started).saturating_sub(pauses).saturating_sub(1) };
    let counted = [
        (What::Starts, real(started.min(1)), units.spawn_alone),
        (What::StartsMore, real(started.saturating_sub(1)), units.spawn_more),
        (What::GivesWay, real(pauses), units.give_way),
        (What::Switches, switches, threads.hand_over),
        (What::Polls, real(polls), units.hand_over),
    ];
    let parts = counted.into_iter().filter_map(|(what, count, each)| {
        (count > 0.0).then_some(Part { what, count, each_ns: each?.median_ns })
    });
    parts.collect()
}

#[cfg(test)]
mod tests {
    use super::{Counts, Part, What, Why, parts};
    use crate::cost::{Carrier, Figure, Units};
    use crate::lab::Arm;

    fn units(arm: Arm, scale: f64) -> Units {
        let figure = |nanos: f64| Some(Figure { median_ns: nanos * scale, low_ns: 0.0, high_ns: 0.0 });
        Units {
            carrier: Carrier::Arm(arm),
            spawn_alone: figure(100.0),
            spawn_more: figure(50.0),
            give_way: figure(2.0),
            wake: figure(5.0),
            hand_over: figure(10.0),
            late: Vec::new(),
            idle_switches: Some(1.0),
        }
    }

    #[test]
    fn a_run_is_made_of_what_it_does() {
        let [threads, tasks] = [units(Arm::THREADS, 10.0), units(Arm::TASKS, 1.0)];
        let counts = Counts { started: 3, pauses: 4, polls: 10, threads: 2 };
        let of = |arm, units| -> Vec<(What, f64, f64)> {
            let parts = parts(arm, counts, Some(6.0), units, &threads);
            parts.into_iter().map(|Part { what, count, each_ns }| (what, count, each_ns)).collect()
        };
        let due = [
            (What::Starts, 1.0, 1000.0),
            (What::StartsMore, 2.0, 500.0),
            (What::GivesWay, 4.0, 20.0),
            (What::Switches, 2.0, 100.0),
        ];
        assert_eq!(of(Arm::THREADS, &threads), due);
        let due = [
            (What::Starts, 1.0, 100.0),
            (What::StartsMore, 2.0, 50.0),
            (What::GivesWay, 4.0, 2.0),
            (What::Switches, 5.0, 100.0),
            (What::Polls, 2.0, 10.0),
        ];
        assert_eq!(of(Arm::TASKS, &tasks), due);
    }

    #[test]
    fn what_explains_the_most_is_chief() {
        let part = |what, count, each_ns| Part { what, count, each_ns };
        let why = Why {
            parts: [
                vec![part(What::Starts, 1.0, 100.0), part(What::Switches, 8.0, 10.0)],
                vec![part(What::Starts, 1.0, 90.0)],
            ],
            measured_ns: 180.0,
            explained_ns: 90.0,
        };
        assert_eq!(why.chiefly(), Some(What::Switches));
        assert!(why.explained().is_some_and(|share| (share - 0.5).abs() < 1e-9));
        let none = Why { parts: [Vec::new(), Vec::new()], measured_ns: 0.0, explained_ns: 0.0 };
        assert_eq!((none.chiefly(), none.explained()), (None, None));
        let against = Why { measured_ns: -180.0, ..why };
        assert_eq!((against.chiefly(), against.explained()), (None, None));
    }
}
