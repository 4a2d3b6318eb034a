//! Yields: a pattern that gives way more often on one arm, so that it takes a tenth longer, is found to be slower.

use std::time::Duration;

use compare::report::Timing;
use shared::Pattern;

use crate::planted::{YIELDING, time};
use crate::trials::{seconds, trials};

/// A pattern is to take longer by one part of so many.
const TENTH: u32 = 10;

/// What giving way costs is measured with so many in each run.
const MANY: u64 = 2_000;

/// So many processes time a trial at most.
const PROCESSES: u32 = 500;

/// Within so long 38 of 40 are to be found, in three of the five.
const LIMIT: Duration = Duration::from_secs(10);

/// Plants the yields so often in each pattern.
pub(crate) fn prove(count: u32) -> anyhow::Result<bool> {
    println!("pattern             a run µs  yields  of  found  half of them after  38 of 40 after");
    let mut soon = 0;
    for pattern in YIELDING {
        let (took, yields) = tenth(&time(pattern, MANY, 12)?.0);
        let made = trials(pattern, yields, count, PROCESSES)?;
        let until = made.until(95);
        println!(
            "{:<18} {:>9.0}  {yields:>6}  {count:>2}  {:>5}  {:>17} s  {:>11} s",
            Pattern::to_string(&pattern),
            took.as_secs_f64() * 1e6,
            made.found_within(Duration::MAX),
            seconds(made.until(50)),
            seconds(until)
        );
        soon += u32::from(until.is_some_and(|until| until <= LIMIT));
    }
    Ok(soon >= 3)
}

/// How long a run takes without, and how many yields take a tenth of that.
fn tenth(timing: &Timing) -> (Duration, u64) {
    let [took, longer] = [0, 1].map(|place| timing.took(place));
    let tenth = took / TENTH;
    let yields = tenth.as_nanos() * u128::from(MANY) / longer.saturating_sub(took).as_nanos().max(1);
    (took, u64::try_from(yields).unwrap_or(u64::MAX).max(1))
}
