//! Explained: how much of each difference is made of what is known to cost something.

use compare::report::timed;

use crate::report::report;

/// Makes a bare report, and shows what it explains: of most pairs, most.
pub(crate) fn prove() -> anyhow::Result<bool> {
    let report = report(&[])?;
    println!("{:<26}{:>14}{:>14}{:>8}  chiefly", "pattern", "difference µs", "explained µs", "%");
    let (mut explained, mut near) = (0, 0);
    for (pair, timing) in timed(&report.pairs) {
        let Some(why) = &timing.why else { continue };
        let share = 100.0 * why.explained().unwrap_or(0.0);
        println!(
            "{:<26}{:>14.1}{:>14.1}{share:>8.0}  {}",
            pair.pattern,
            why.measured_ns / 1e3,
            why.explained_ns / 1e3,
            why.chiefly().map_or("", |what| what.words())
        );
        explained += 1;
        near += u32::from((70.0..130.0).contains(&share));
    }
    println!("{near} of {explained} are explained to within 30 %");
    Ok(2 * near >= explained)
}
