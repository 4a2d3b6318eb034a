//! Twins: an arm compared with itself is not faster than itself.

use compare::lab::cores;
use compare::report::{Timing, timed};
use compare::timing::{Ratio, Terms, Winner};

use crate::report::{beside, report};

/// The share of twins that may be told different where every difference counts.
const ALLOWED: f64 = 0.01;

/// So many processes time each, however busy the machine is.
const PROCESSES: &str = "30";

/// Makes so many reports of twins, half of them while all cores are busy. Whoever looks after each process may tell them
/// different after any.
pub(crate) fn prove(reports: u32) -> anyhow::Result<bool> {
    println!("arms            busy cores  twins  told different  at 5 %  equal at 5 %  processes");
    let (mut twins, mut different, mut at_default) = (0, 0, 0);
    for number in 0..reports {
        let arm = ["threads", "tasks"][number as usize % 2];
        let arms = format!("{arm},{arm}");
        let busy = if number < reports / 2 { 0 } else { cores() };
        let report = beside(busy, || report(&["--arms", &arms, "--min-effect", "0", "--runs", PROCESSES]))?;
        let timings: Vec<_> = timed(&report.pairs).collect();
        let ever = |timing: &Timing, min_effect, is: fn(Winner) -> bool| {
            let terms = Terms::new(min_effect, report.selected);
            (1..=timing.processes.len())
                .filter_map(|count| Ratio::of(&timing.processes[..count], terms))
                .any(|ratio| is(ratio.winner))
        };
        let told: Vec<String> = timings
            .iter()
            .filter(|(_, timing)| ever(timing, 0.0, Winner::is_ahead))
            .map(|(pair, timing)| format!("{} {:.3}", pair.pattern, timing.ratio.ratio))
            .collect();
        let count = |is| timings.iter().filter(|(_, timing)| ever(timing, 0.05, is)).count();
        let wrong = count(Winner::is_ahead);
        let equal = count(|winner| winner == Winner::Nobody);
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
