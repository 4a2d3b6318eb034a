//! The conclusion: what all runs of both arms come to.

use shared::{Difference, Level};

use super::examination::Examination;
use super::finding::Finding;
use super::habits::Habits;
use super::interleavings::{Interleavings, Spread};
use super::level::LevelReport;
use super::relations::Relations;
use super::statistics::{SURE, upper_bound};
use super::whole::{Behaviour, Judged, Runs};
use super::{decision, habits, interleavings, relations, throughout};
use crate::lab::Arm;

/// What all runs of both arms come to, given the differences that the problem declares.
///
/// Time: linear in the number of runs, times the square of the number of different steps; the runs themselves were read
/// by [`examine`](super::examine), in linear time for all but the n·log n of some laws.
pub fn conclude(arms: [Arm; 2], runs: &[Examination], declared: &[Difference]) -> Behaviour {
    let counts = arms.map(|arm| runs.iter().filter(|run| run.arm() == arm).count());
    if counts.contains(&0) {
        return Behaviour::incomplete(arms, &["not both sides have run".into()]);
    }
    let [one, other] = arms;
    // By nature, only the two sides differ.
    let declared = if one.side() == other.side() { &[] } else { declared };
    let decision = decision::decide(arms, runs, declared);
    // Whom a meeting holds, that shows in no order how its side goes by itself.
    let by_itself = |run: &&Examination| run.round().is_some_and(|round| round.meeting.is_none());
    let sequenced: Vec<&Examination> =
        runs.iter().filter(|run| run.is_ordinary()).filter(by_itself).collect();
    let relations = relations::relations(arms, &sequenced);
    let interleavings = interleavings::interleavings(arms, &sequenced);
    let habits = habits::habits(arms, &sequenced);
    let mut levels = decision.levels;
    levels.extend([
        of_relations(arms, &relations),
        of_interleavings(arms, interleavings.as_ref()),
        of_habits(&habits),
    ]);
    let judged = arms.map(|arm| judged(runs, arm));
    Behaviour {
        arms,
        verdict: decision.verdict,
        reason: decision.findings.first().map(Finding::line),
        ended: None,
        runs: Runs { made: counts, judged: judged.into() },
        missed_at_most: decision.verdict.agrees().then(|| missed_at_most(&judged)),
        at_once: throughout::at_once(arms, runs),
        untried: arms.into_iter().flat_map(|arm| throughout::untried(arm, runs)).collect(),
        levels,
        differences: decision.differences,
        findings: decision.findings,
        relations: Some(relations),
        interleavings,
        habits: Some(habits),
    }
}

fn judged(runs: &[Examination], arm: Arm) -> Judged {
    let mut judged = Judged { arm, runs: 0, noisy: 0, calm: 0, paced: 0, other_plans: 0 };
    for round in runs.iter().filter(|run| run.arm() == arm).filter_map(Examination::round) {
        if !round.plan.is_empty() {
            judged.other_plans += 1;
            continue;
        }
        judged.runs += 1;
        judged.noisy += usize::from(round.noise.is_some());
        judged.calm += usize::from(round.is_calm());
        judged.paced += usize::from(round.is_paced());
    }
    judged
}

/// What shows in a share s of the runs is missed by n of them with a probability of (1-s)ⁿ: so the share of what was
/// missed is bounded as that of anything that was seen in none of n, by the arm with fewer runs.
///
/// This holds for noisy and calm runs together, s being the mean of their shares: of factors with the same mean, equal
/// ones have the greatest product.
fn missed_at_most(judged: &[Judged; 2]) -> f64 {
    let [one, other] = judged;
    upper_bound(0, one.runs.min(other.runs) as u64)
}

fn of_relations(arms: [Arm; 2], relations: &Relations) -> LevelReport {
    let only = |arm| {
        let count = relations.one_sided.iter().filter(|relation| relation.on == arm).count();
        format!("{count} on {arm} only")
    };
    let steps = relations.one_sided_steps.len();
    let detail = format!(
        "{} on both sides, {}{}",
        relations.both.len(),
        arms.map(only).join(", "),
        if steps == 0 { String::new() } else { format!("; steps that only one side knows: {steps}") }
    );
    let one_sided = relations.one_sided.iter().map(|found| found.p);
    let mut probabilities = one_sided.chain(relations.one_sided_steps.iter().map(|step| step.p)).peekable();
    let agrees = match probabilities.peek() {
        None => Some(true),
        // What is broken so seldom may have been kept by chance on the other side.
        Some(_) => probabilities.flatten().any(|p| p < SURE).then_some(false),
    };
    LevelReport { level: Level::Relations, agrees, detail }
}

fn of_interleavings([one, other]: [Arm; 2], interleavings: Option<&Interleavings>) -> LevelReport {
    let level = Level::Interleavings;
    let Some(Interleavings { spreads, shared, one_sided, steps, cut }) = interleavings else {
        return LevelReport {
            level,
            agrees: None,
            detail: "the order of the steps says nothing here".into(),
        };
    };
    let [first, second] = spreads;
    let detail = format!(
        "orders of {} steps: {} on {one}, {} on {other}, {shared} on both; unseen: {} and {}",
        if *cut { format!("the first {steps} key") } else { "the key".into() },
        first.distinct,
        second.distinct,
        unseen(first),
        unseen(second)
    );
    let all = spreads.iter().all(|spread| spread.distinct == *shared);
    // Where no order is missing for certain, what is missing may be by chance.
    let agrees = if all { Some(true) } else { (!one_sided.is_empty()).then_some(false) };
    LevelReport { level, agrees, detail }
}

/// How much of a side's orders is unseen, with its bound.
pub fn unseen(spread: &Spread) -> String {
    // With spaces at which no line is broken.
    format!("about {:.0}\u{a0}% (at most {:.0}\u{a0}%)", 100.0 * spread.unseen, 100.0 * spread.unseen_at_most)
}

fn of_habits(habits: &Habits) -> LevelReport {
    let Habits { runs, tested, differing } = habits;
    let agrees = (*tested > 0).then_some(differing.is_empty());
    let detail = match tested {
        0 if *runs == 0 => "no run without noise, and so none of habit".into(),
        0 => "in runs without noise, the first and the last of each step always come in one order".into(),
        _ => format!("{} of {tested} pairs differ, of the first and the last of each step", differing.len()),
    };
    LevelReport { level: Level::Habits, agrees, detail }
}
