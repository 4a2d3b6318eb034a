//! Level 5, interleavings: in which orders the telling steps were seen on each side, and how much is still unseen.

use std::collections::HashMap;

use serde::Serialize;
use shared::Side;

use super::SURE;
use super::examination::{Examination, Turn};
use super::quote::RunName;
use super::statistics::{fisher, holm, real, upper_bound};

/// The orders of both sides.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Interleavings {
    /// What the threads showed.
    pub threaded: Spread,
    /// What the tasks showed.
    pub asynchronous: Spread,
    /// How many orders both sides showed.
    pub shared: usize,
    /// Orders that one side shows too often for chance to have kept them from the other.
    pub one_sided: Vec<OneSidedOrder>,
}

/// The orders of one side.
#[derive(Debug, Clone, PartialEq, Serialize)]
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

/// One order of the telling steps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Order {
    /// Who said what, one after the other.
    pub order: String,
    /// How many runs showed it.
    pub runs: usize,
    /// The first of them.
    pub exemplar: RunName,
}

/// An order that one side shows and the other doesn't.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OneSidedOrder {
    /// The order.
    #[serde(flatten)]
    pub order: Order,
    /// Which side shows it.
    pub on: Side,
    /// How many runs the other side made.
    pub of: usize,
    /// The probability of so great a difference by chance (Fisher), for all orders together (Holm).
    pub p: f64,
}

/// What one side showed: each order, in how many runs, and the first of them.
#[derive(Default)]
struct Tally<'a> {
    orders: HashMap<&'a [Turn], (usize, RunName)>,
    runs: usize,
    /// How many runs of the second half showed what the first half had not.
    news: usize,
}

/// Counts the orders of both sides; none where nothing in the pattern tells one order from another.
pub(super) fn interleavings(runs: &[&Examination]) -> Option<Interleavings> {
    if runs.iter().all(|run| run.order.len() < 2) {
        return None;
    }
    let [threads, tasks] = Side::BOTH.map(|side| Tally::of(runs, side));
    let shared = threads.orders.keys().filter(|order| tasks.orders.contains_key(*order)).count();
    let one_sided = one_sided(&threads, &tasks);
    Some(Interleavings { threaded: threads.spread(), asynchronous: tasks.spread(), shared, one_sided })
}

impl<'a> Tally<'a> {
    fn of(runs: &[&'a Examination], side: Side) -> Self {
        let of_side: Vec<_> = runs.iter().filter(|run| run.side() == side).collect();
        let mut tally = Self { runs: of_side.len(), ..Self::default() };
        let (first, second) = of_side.split_at(of_side.len() / 2);
        for run in first {
            tally.add(run);
        }
        tally.news = second.iter().filter(|run| !tally.orders.contains_key(run.order.as_slice())).count();
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
            unseen_at_most: upper_bound(self.news as u64, halves as u64),
            commonest: commonest.map(|(turns, (runs, first))| Order::new(turns, *runs, *first)),
        }
    }
}

fn one_sided(threads: &Tally<'_>, tasks: &Tally<'_>) -> Vec<OneSidedOrder> {
    let mut orders = Vec::new();
    for (on, here, there) in [(Side::Threaded, threads, tasks), (Side::Asynchronous, tasks, threads)] {
        for (turns, (runs, first)) in &here.orders {
            if !there.orders.contains_key(turns) {
                let p = fisher([[*runs as u64, (here.runs - runs) as u64], [0, there.runs as u64]]);
                let order = Order::new(turns, *runs, *first);
                orders.push(OneSidedOrder { order, on, of: there.runs, p });
            }
        }
    }
    let together = holm(&orders.iter().map(|order| order.p).collect::<Vec<_>>());
    for (order, p) in orders.iter_mut().zip(together) {
        order.p = p;
    }
    orders.retain(|order| order.p < SURE);
    orders.sort_by(|a, b| a.p.total_cmp(&b.p).then(a.order.exemplar.cmp(&b.order.exemplar)));
    orders
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
    let told = |turn: &Turn| if one_step { name(turn) } else { format!("{} {}", name(turn), turn.step) };
    let names = turns.chunk_by(|one, next| one == next).map(|same| match same {
        [turn] => told(turn),
        same => format!("{} × {}", told(&same[0]), same.len()),
    });
    let names = names.collect::<Vec<_>>().join(", ");
    match (one_step, one_role) {
        (true, true) => format!("{} by {} {names}", first.step, first.member.role),
        (true, false) => format!("{} by {names}", first.step),
        (false, true) => format!("{} {names}", first.member.role),
        (false, false) => names,
    }
}
