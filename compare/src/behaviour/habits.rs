//! Level 6, habits: of two steps, how often one comes first on each side.
//!
//! Only runs without waits and without noise count: noise holds up threads and tasks each in its own way, so what it
//! does to an order is no habit of theirs.

use serde::Serialize;
use shared::Side;

use super::SURE;
use super::examination::{Examination, Point};
use super::quote::RunName;
use super::statistics::{fisher, holm, upper_bound};

/// How often one step comes before another.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Habits {
    /// Of how many pairs of steps neither always comes first: so many were tested.
    pub tested: usize,
    /// Those in which the sides differ more than chance allows.
    pub differing: Vec<Habit>,
}

/// Two steps of which one comes first more often on one side than on the other.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Habit {
    /// The one: how often its first time comes before the first time of the other.
    pub first: Point,
    /// The other.
    pub second: Point,
    /// How often on threads.
    pub threaded: Share,
    /// How often on tasks.
    pub asynchronous: Share,
    /// The probability of so great a difference by chance (Fisher), for all pairs together (Holm).
    pub p: f64,
    /// A run in which the rarer order was seen.
    pub exemplar: RunName,
}

/// In how many runs something was so.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
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
pub(super) fn habits(runs: &[&Examination]) -> Habits {
    let calm: Vec<&Examination> = runs.iter().copied().filter(|run| run.circumstances.calm).collect();
    let mut points: Vec<Point> = calm.iter().flat_map(|run| run.sights.keys().copied()).collect();
    points.sort_unstable();
    points.dedup();
    let mut habits = Vec::new();
    for (place, first) in points.iter().enumerate() {
        for second in &points[place + 1..] {
            habits.extend(habit(&calm, *first, *second));
        }
    }
    let together = holm(&habits.iter().map(|habit| habit.p).collect::<Vec<_>>());
    for (habit, p) in habits.iter_mut().zip(together) {
        habit.p = p;
    }
    let tested = habits.len();
    habits.retain(|habit| habit.p < SURE);
    habits.sort_by(|a, b| a.p.total_cmp(&b.p));
    Habits { tested, differing: habits }
}

/// None where one of the two always comes first, or a side never had both: no test could find a difference there.
fn habit(runs: &[&Examination], first: Point, second: Point) -> Option<Habit> {
    let mut table = [[0_u64; 2]; 2];
    let mut earliest = [None; 2];
    for run in runs {
        let (Some(one), Some(other)) = (run.sights.get(&first), run.sights.get(&second)) else { continue };
        let RunName { side, .. } = run.circumstances.run;
        let row = usize::from(side == Side::Asynchronous);
        let column = usize::from(one.first.event > other.first.event);
        table[row][column] += 1;
        earliest[column].get_or_insert(run.circumstances.run);
    }
    let [threads, tasks] = table;
    let columns = [threads[0] + tasks[0], threads[1] + tasks[1]];
    let rarer = usize::from(columns[1] < columns[0]);
    let exemplar = earliest[rarer]?;
    let comparable = threads != [0, 0] && tasks != [0, 0];
    comparable.then(|| Habit {
        first,
        second,
        threaded: Share::of(threads),
        asynchronous: Share::of(tasks),
        p: fisher(table),
        exemplar,
    })
}
