//! Level 5, interleavings: in which orders the key steps were seen on each side, and how much is still unseen.

use std::collections::{BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use super::examination::{Examination, Turn};
use super::quote::RunName;
use super::statistics::{SURE, fisher, holm, real, upper_bound};
use crate::lab::Arm;

/// The orders of both sides.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Interleavings {
    /// Of how many steps an order is, at most.
    pub steps: usize,
    /// Whether some run said more of them, so that the order of its first ones is all that is compared.
    pub cut: bool,
    /// What each arm showed.
    pub spreads: [Spread; 2],
    /// How many orders both sides showed.
    pub shared: usize,
    /// Orders that one side shows too often for chance to have kept them from the other.
    pub one_sided: Vec<OneSidedOrder>,
}

/// The orders of one side.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Spread {
    /// How many runs it made.
    pub runs: usize,
    /// How many different orders they showed.
    pub distinct: usize,
    /// How probable it is that the next run shows a new order: the share of orders seen once among all runs (Irving J.
    /// Good and Alan Turing's estimate, Biometrika 40, 1953).
    pub unseen: f64,
    /// How probable it is at most: an upper bound from how many runs of the second half showed an order that no run of
    /// the first half had shown.
    pub unseen_at_most: f64,
    /// The order that most runs showed; none without runs.
    pub commonest: Option<Order>,
}

/// One order of the key steps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// Who said what, one after the other.
    pub order: String,
    /// How many runs showed it.
    pub runs: usize,
    /// The first of them.
    pub exemplar: RunName,
}

/// An order that one side shows and the other never does, in runs without noise too often for that to be by chance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OneSidedOrder {
    /// The order, and how many of all runs showed it.
    #[serde(flatten)]
    pub order: Order,
    /// Which side shows it.
    pub on: Arm,
    /// How many runs of that side without noise showed it.
    pub calm: u64,
    /// Of how many.
    pub of: u64,
    /// How many runs without noise the other side made, none of which showed it.
    pub others: u64,
    /// The share that it may have there at most.
    pub at_most: f64,
    /// The probability of so great a difference by chance (Fisher), for all orders together (Holm); 1e-6 is that or
    /// less.
    pub p: f64,
}

/// What one side showed: each order, in how many runs, and the first of them.
#[derive(Default)]
struct Tally<'a> {
    orders: HashMap<&'a [Turn], (usize, RunName)>,
    runs: usize,
    /// How many runs of the second half showed what the first half had not.
    new: usize,
}

/// Counts the orders of both sides; none where nothing in the pattern distinguishes one order from another.
pub(super) fn interleavings(arms: [Arm; 2], runs: &[&Examination]) -> Option<Interleavings> {
    if runs.iter().all(|run| run.order.len() < 2) {
        return None;
    }
    let tallies = arms.map(|arm| Tally::of(runs, arm));
    let one_sided = one_sided(arms, runs, &tallies);
    let [first, second] = &tallies;
    let shared = first.orders.keys().filter(|order| second.orders.contains_key(*order)).count();
    let steps = runs.iter().map(|run| run.order.len()).max()?;
    let cut = runs.iter().any(|run| run.cut);
    let spreads = tallies.each_ref().map(Tally::spread);
    Some(Interleavings { steps, cut, spreads, shared, one_sided })
}

impl<'a> Tally<'a> {
    fn of(runs: &[&'a Examination], arm: Arm) -> Self {
        let of_arm: Vec<_> = runs.iter().filter(|run| run.arm() == arm).collect();
        let mut tally = Self { runs: of_arm.len(), ..Self::default() };
        let (first, second) = of_arm.split_at(of_arm.len() / 2);
        for run in first {
            tally.add(run);
        }
        tally.new = second.iter().filter(|run| !tally.orders.contains_key(run.order.as_slice())).count();
        for run in second {
            tally.add(run);
        }
        tally
    }

    fn add(&mut self, run: &'a Examination) {
        self.orders.entry(&run.order).or_insert((0, run.circumstances.run)).0 += 1;
    }

    fn spread(&self) -> Spread {
        let once = self.orders.values().filter(|(runs, _)| *runs == 1).count();
        let halves = self.runs - self.runs / 2;
        // Of equally common orders that of the earliest run, so that the answer doesn't depend on the table's whims.
        let commonest =
            self.orders.iter().max_by_key(|(_, (runs, first))| (*runs, std::cmp::Reverse(*first)));
        Spread {
            runs: self.runs,
            distinct: self.orders.len(),
            unseen: if self.runs == 0 { 1.0 } else { real(once as u64) / real(self.runs as u64) },
            unseen_at_most: upper_bound(self.new as u64, halves as u64),
            commonest: commonest.map(|(turns, (runs, first))| Order::new(turns, *runs, *first)),
        }
    }
}

/// Every order that was seen in runs without noise is tested, because noise holds up threads and tasks each in its own
/// way; of those that differ, the ones are reported that the other side shows in no run at all.
fn one_sided(arms: [Arm; 2], runs: &[&Examination], all: &[Tally<'_>; 2]) -> Vec<OneSidedOrder> {
    let calm: Vec<_> = runs.iter().copied().filter(|run| run.circumstances.is_calm()).collect();
    let calm = arms.map(|arm| Tally::of(&calm, arm));
    let orders: BTreeSet<&[Turn]> = calm.iter().flat_map(|tally| tally.orders.keys().copied()).collect();
    let table = |turns: &[Turn]| {
        calm.each_ref().map(|tally| {
            let seen = tally.orders.get(turns).map_or(0, |(seen, _)| *seen);
            [seen as u64, (tally.runs - seen) as u64]
        })
    };
    let tables: Vec<_> = orders.iter().map(|turns| table(turns)).collect();
    let together = holm(&tables.iter().map(|table| fisher(*table)).collect::<Vec<_>>());
    let mut found = Vec::new();
    for ((turns, table), p) in orders.into_iter().zip(tables).zip(together).filter(|(_, p)| *p < SURE) {
        for (here, there) in [(0, 1), (1, 0)] {
            if let Some((seen, first)) = all[here].orders.get(turns)
                && !all[there].orders.contains_key(turns)
            {
                let order = Order::new(turns, *seen, *first);
                let [[calm, less], [_, others]] = [table[here], table[there]];
                let (on, of, at_most) = (arms[here], calm + less, upper_bound(0, others));
                found.push(OneSidedOrder { order, on, calm, of, others, at_most, p });
            }
        }
    }
    found.sort_by(|a, b| a.p.total_cmp(&b.p).then(a.order.exemplar.cmp(&b.order.exemplar)));
    found
}

impl Order {
    fn new(turns: &[Turn], runs: usize, exemplar: RunName) -> Self {
        Self { order: spell(turns), runs, exemplar }
    }
}

/// An order in words. What all turns have in common is said once.
fn spell(turns: &[Turn]) -> String {
    let [first, ..] = turns else { return "nothing".into() };
    let one_step = turns.iter().all(|turn| turn.step == first.step);
    let one_role = turns.iter().all(|turn| turn.member.role == first.member.role);
    let name = |turn: &Turn| if one_role { turn.member.number.to_string() } else { turn.member.to_string() };
    let word = |turn: &Turn| if one_step { name(turn) } else { format!("{} {}", name(turn), turn.step) };
    let names = turns.chunk_by(|one, next| one == next).map(|same| match same {
        [turn] => word(turn),
        same => format!("{} × {}", word(&same[0]), same.len()),
    });
    let names = names.collect::<Vec<_>>().join(", ");
    match (one_step, one_role) {
        (true, true) => format!("{} by {} {names}", first.step, first.member.role),
        (true, false) => format!("{} by {names}", first.step),
        (false, true) => format!("{} {names}", first.member.role),
        (false, false) => names,
    }
}
