//! Twins: an arm compared with itself is not faster than itself.

use compare::lab::cores;
use compare::report::timed;
use compare::timing::{Ratio, Terms, Winner};

use crate::report::{beside, report};

/// The share of twins that may be told different where every difference counts.
const ALLOWED: f64 = 0.01;

/// Makes so many reports of twins, half of them while all cores are busy.
pub(crate) fn prove(reports: u32) -> anyhow::Result<bool> {
    println!("arms            busy cores  twins  told different  at 5 %  equal at 5 %  processes");
    let (mut twins, mut different, mut at_default) = (0, 0, 0);
    for number in 0..reports {
        let arm = ["threads", "tasks"][number as usize % 2];
        let arms = format!("{arm},{arm}");
        let busy = if number < reports / 2 { 0 } else { cores() };
        let report = beside(busy, || report(&["--arms", &arms, "--min-effect", "0"]))?;
        let terms = Terms::new(0.05, report.selected);
        let timings: Vec<_> = timed(&report.pairs).collect();
        let winners: Vec<Winner> = timings
            .iter()
            .filter_map(|(_, timing)| Ratio::of(&timing.processes, terms))
            .map(|ratio| ratio.winner)
            .collect();
        let told: Vec<String> = timings
            .iter()
            .filter(|(_, timing)| timing.ratio.winner.is_ahead())
            .map(|(pair, timing)| format!("{} {:.3}", pair.pattern, timing.ratio.ratio))
            .collect();
        let wrong = winners.iter().filter(|winner| winner.is_ahead()).count();
        let equal = winners.iter().filter(|winner| **winner == Winner::Nobody).count();
        let processes: usize = timings.iter().map(|(_, timing)| timing.processes.len()).sum();
        println!(
            "{arms:<15} {busy:>10}  {:>5}  {:>14}  {wrong:>6}  {equal:>12}  {processes:>9}  {}",
            timings.len(),
            told.len(),
            told.join(", ")
        );
        twins += timings.len();
        different += told.len();
        at_default += wrong;
    }
    println!("{twins} twins: {different} told different, {at_default} at 5 %");
    #[expect(clippy::cast_precision_loss, reason = "they are hundreds")]
    let allowed = ALLOWED * twins as f64;
    #[expect(clippy::cast_precision_loss, reason = "they are hundreds")]
    Ok(different as f64 <= allowed && at_default == 0)
}
