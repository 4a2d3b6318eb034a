//! Reports: of bare ones, any two say the same.

use std::collections::BTreeMap;

use compare::report::timed;
use compare::timing::Winner;
use shared::Pattern;

use crate::report::{beside, report};

/// In how many verdicts any two reports may differ, and how many each has to decide.
const BOUNDS: (usize, usize) = (3, 28);

/// Makes so many bare reports, half of them while one core is busy.
pub(crate) fn prove(reports: u32) -> anyhow::Result<bool> {
    println!("report  busy cores  decided  threads  tasks  equal  open");
    let mut all: Vec<BTreeMap<Pattern, Winner>> = Vec::new();
    for number in 0..reports {
        let busy = usize::from(number >= reports / 2);
        let report = beside(busy, || report(&[]))?;
        let winners = timed(&report.pairs).map(|(pair, timing)| (pair.pattern, timing.ratio.winner));
        let winners: BTreeMap<Pattern, Winner> = winners.collect();
        let [first, second, equal, open] = [Winner::First, Winner::Second, Winner::Nobody, Winner::Open]
            .map(|winner| count(&winners, winner));
        let undecided: Vec<String> = winners
            .iter()
            .filter(|(_, winner)| **winner == Winner::Open)
            .map(|(pattern, _)| pattern.to_string())
            .collect();
        println!(
            "{:>6}  {busy:>10}  {:>7}  {first:>7}  {second:>5}  {equal:>5}  {open:>4}  {}",
            number + 1,
            winners.len() - open,
            undecided.join(", ")
        );
        all.push(winners);
    }
    let (mut swapped, mut most) = (BTreeMap::<Pattern, usize>::new(), 0);
    for (place, one) in all.iter().enumerate() {
        for other in &all[place + 1..] {
            let both = one.iter().filter_map(|(pattern, one)| Some((*pattern, *one, *other.get(pattern)?)));
            most = most.max(both.clone().filter(|(_, one, other)| one != other).count());
            let ahead = both.filter(|(_, one, other)| one != other && one.is_ahead() && other.is_ahead());
            for (pattern, ..) in ahead {
                *swapped.entry(pattern).or_insert(0) += 1;
            }
        }
    }
    let decided = all.iter().map(|winners| winners.len() - count(winners, Winner::Open));
    let least = decided.min().unwrap_or(0);
    let names: Vec<String> = swapped.iter().map(|(pattern, count)| format!("{pattern} {count}")).collect();
    let names = if names.is_empty() { "none".into() } else { names.join(", ") };
    println!("winners swapped: {names}; any two differ in at most {most}; each decides at least {least}");
    Ok(swapped.is_empty() && most <= BOUNDS.0 && least >= BOUNDS.1)
}

fn count(winners: &BTreeMap<Pattern, Winner>, winner: Winner) -> usize {
    winners.values().filter(|known| **known == winner).count()
}
