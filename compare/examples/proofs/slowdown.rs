//! Slowdowns: a loop that is longer by a few hundredths on one arm is found, and one that is as long is not.

use std::time::Duration;

use shared::Pattern;

use crate::trials::{Trials, seconds, trials};

/// So many processes time a trial at most.
const PROCESSES: u32 = 100;

/// By how many hundredths the loop is longer; the first of them is to be found within a second.
const PERCENT: [u64; 3] = [2, 5, 10];

/// Plants each slowdown so often, and none as often.
pub(crate) fn prove(count: u32) -> anyhow::Result<bool> {
    println!("longer by  of  found  within 1 s  within 3 s  half of them after  38 of 40 after");
    let tell = |percent: u64| -> anyhow::Result<Trials> {
        let made = trials(Pattern::Sequential, percent, count, PROCESSES)?;
        let [one, three, all] = [1, 3, u64::MAX].map(|limit| made.found_within(Duration::from_secs(limit)));
        println!(
            "{percent:>7} %  {count:>2}  {all:>5}  {one:>10}  {three:>10}  {:>17} s  {:>11} s",
            seconds(made.until(50)),
            seconds(made.until(95))
        );
        Ok(made)
    };
    let found = PERCENT.iter().map(|percent| tell(*percent)).collect::<anyhow::Result<Vec<_>>>()?;
    let none = tell(0)?;
    #[cfg(feature = "rivals")]
    crate::rivals::prove(count, PERCENT[0])?;
    let is_found = found[0].until(95).is_some_and(|until| until <= Duration::from_secs(1));
    Ok(is_found && none.found_within(Duration::MAX) <= count as usize / 40)
}
