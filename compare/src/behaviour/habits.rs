//! Level 6, habits: of two steps, how often one comes first on each side. Of a step that comes again, its first and its
//! last time count: "the first `Releasing` before the last `Waiting`" shows how far the actors overlap.
//!
//! Only runs without waits and without noise count: noise holds up threads and tasks each in its own way, so what it
//! does to an order is no habit of theirs.

use std::collections::BTreeSet;
use std::fmt::{self, Display};

use serde::{Deserialize, Serialize};

use super::examination::{Examination, Point};
use super::quote::RunName;
use super::statistics::{SURE, correct, fisher, upper_bound};
use crate::lab::Arm;

/// How often one step comes before another.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Habits {
    /// How many runs without noise both sides made together.
    pub runs: usize,
    /// Of how many pairs of occasions neither always comes first: so many were tested.
    pub tested: usize,
    /// Those in which the sides differ more than chance allows.
    pub differing: Vec<Habit>,
}

/// Two occasions of which one comes first more often on one side than on the other.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Habit {
    /// The one: how often it comes before the other.
    pub first: Occasion,
    /// The other.
    pub second: Occasion,
    /// How often on each arm.
    pub shares: [Share; 2],
    /// The probability of so great a difference by chance (Fisher), for all pairs together (Holm); 1e-6 is that or
    /// less.
    pub p: f64,
    /// A run in which the rarer order was seen.
    pub exemplar: RunName,
}

/// A point of a run, for the first or the last time.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Occasion {
    /// Which time.
    pub time: Time,
    /// The point.
    pub point: Point,
}

/// The first or the last time; of what comes once in every run, only the first counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Time {
    /// The first time.
    First,
    /// The last time.
    Last,
}

impl Display for Occasion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = match self.time {
            Time::First => "first",
            Time::Last => "last",
        };
        write!(f, "the {time} `{}`", self.point)
    }
}

impl Occasion {
    /// Where in a run it was; none where it wasn't.
    fn event(&self, run: &Examination) -> Option<usize> {
        let sight = run.sights.get(&self.point)?;
        Some(match self.time {
            Time::First => sight.first.event,
            Time::Last => sight.last.event,
        })
    }
}

/// In how many runs something was so.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Share {
    /// In so many.
    pub runs: u64,
    /// Of so many.
    pub of: u64,
    /// Its true share is at most this: what is seen in no run is rare, not impossible.
    pub at_most: f64,
}

impl Share {
    fn of([first, second]: [u64; 2]) -> Self {
        Self { runs: first, of: first + second, at_most: upper_bound(first, first + second) }
    }
}

/// Compares the habits of both sides.
pub(super) fn habits(arms: [Arm; 2], runs: &[&Examination]) -> Habits {
    let calm: Vec<&Examination> = runs.iter().copied().filter(|run| run.circumstances.is_calm()).collect();
    let occasions = occasions(&calm);
    let mut habits = Vec::new();
    for (place, first) in occasions.iter().enumerate() {
        for second in &occasions[place + 1..] {
            habits.extend(habit(arms, &calm, first, second));
        }
    }
    correct(habits.iter_mut().map(|habit| &mut habit.p));
    let tested = habits.len();
    habits.retain(|habit| habit.p < SURE);
    habits.sort_by(|a, b| a.p.total_cmp(&b.p));
    Habits { runs: calm.len(), tested, differing: habits }
}

fn occasions(runs: &[&Examination]) -> Vec<Occasion> {
    let points: BTreeSet<Point> = runs.iter().flat_map(|run| run.sights.keys().cloned()).collect();
    let again = |point: &Point| {
        runs.iter().filter_map(|run| run.sights.get(point)).any(|sight| sight.first.event != sight.last.event)
    };
    let last = points.iter().filter(|point| again(point)).map(|point| (Time::Last, point.clone()));
    let all = points.iter().map(|point| (Time::First, point.clone())).chain(last);
    all.map(|(time, point)| Occasion { time, point }).collect()
}

/// None where one of the two always comes first, or a side never had both: no test could find a difference there.
fn habit(arms: [Arm; 2], runs: &[&Examination], first: &Occasion, second: &Occasion) -> Option<Habit> {
    let mut table = [[0_u64; 2]; 2];
    let mut earliest = [None; 2];
    for run in runs {
        let (Some(one), Some(other)) = (first.event(run), second.event(run)) else { continue };
        let column = usize::from(one > other);
        table[usize::from(run.arm() != arms[0])][column] += 1;
        earliest[column].get_or_insert(run.circumstances.run);
    }
    let [threads, tasks] = table;
    let columns = [threads[0] + tasks[0], threads[1] + tasks[1]];
    let rarer = usize::from(columns[1] < columns[0]);
    let exemplar = earliest[rarer]?;
    let comparable = threads != [0, 0] && tasks != [0, 0];
    comparable.then(|| Habit {
        first: first.clone(),
        second: second.clone(),
        shares: table.map(Share::of),
        p: fisher(table),
        exemplar,
    })
}
