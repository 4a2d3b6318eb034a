//! Behaviour: holds the runs of both sides to the workload, and says whether the sides behave alike.
//!
//! No run is held to a run of the other side. Each is held to the workload; the sides are compared in what the workload
//! fixes, and may differ there only as it documents: that decides. What was seen over many runs beyond
//! that informs: [`relations`], [`interleavings`] and [`habits`].

pub mod examination;
pub mod habits;
pub mod interleavings;
pub mod quote;
pub mod relations;
pub mod statistics;

mod decision;

use std::fmt::Write as _;

use serde::Serialize;
use shared::{Difference, Level, Side};

use crate::archive::{Ended, How};

pub use examination::{Circumstances, Examination, Finding, Fit, Point, ScriptLine, examine, findings};
pub use habits::{Habit, Habits};
pub use interleavings::{Interleavings, Spread};
pub use quote::{Exemplar, Quote, RunName};
pub use relations::{Relation, Relations};

/// A difference is told where chance explains it in fewer than one of a hundred comparisons.
pub const SURE: f64 = 0.01;

/// How many findings of a level are told: the rest is more of the same.
const MOST_TOLD: usize = 3;

/// What the comparison of two sides comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Both sides keep to the workload and agree in all that it fixes.
    Same,
    /// They differ exactly as the workload documents, which counts as agreement.
    Documented,
    /// They differ otherwise, or one of them breaks what the workload asks for.
    Differs,
    /// Something is missing in a trace, so nothing can be said.
    Incomplete,
    /// A run panicked or passed its deadline.
    Failed,
}

impl Verdict {
    /// Every verdict.
    pub const ALL: [Self; 5] = [Self::Same, Self::Documented, Self::Differs, Self::Incomplete, Self::Failed];

    /// Whether the sides agree.
    pub fn agrees(self) -> bool {
        matches!(self, Self::Same | Self::Documented)
    }

    /// The verdict as a word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Documented => "documented",
            Self::Differs => "differs",
            Self::Incomplete => "incomplete",
            Self::Failed => "failed",
        }
    }

    /// The verdict as a sign.
    pub fn sign(self) -> char {
        match self {
            Self::Same => '✓',
            Self::Documented => '≈',
            Self::Differs => '✗',
            Self::Incomplete => '?',
            Self::Failed => '!',
        }
    }
}

/// How the two sides of a pair behave.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Behaviour {
    /// What it comes to.
    pub verdict: Verdict,
    /// What is wrong; none where the sides agree.
    pub reason: Option<String>,
    /// How many runs of each side it was judged by.
    pub runs: Runs,
    /// The levels, from what decides to what informs.
    pub levels: Vec<LevelReport>,
    /// The documented differences, and whether each showed.
    pub differences: Vec<DifferenceReport>,
    /// What is wrong, level by level.
    pub findings: Vec<Finding>,
    /// What was mined of the order of steps; none where nothing was compared.
    pub relations: Option<Relations>,
    /// The orders of the telling steps; none where nothing was compared, or the pattern has none.
    pub interleavings: Option<Interleavings>,
    /// How often one step comes before another; none where nothing was compared.
    pub habits: Option<Habits>,
}

/// How many runs a behaviour was judged by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Runs {
    /// Of threads.
    pub threaded: usize,
    /// Of tasks.
    pub asynchronous: usize,
}

/// One level of the comparison.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LevelReport {
    /// Which.
    pub level: Level,
    /// Whether the sides agree, documented differences aside; none where nothing can be said.
    pub agrees: Option<bool>,
    /// What was found.
    pub detail: String,
}

/// A documented difference, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DifferenceReport {
    /// As the workload declares it.
    #[serde(flatten)]
    pub difference: Difference,
    /// Whether it showed in these runs.
    pub occurred: bool,
    /// A run that showed it; none where it did not occur.
    pub exemplar: Option<RunName>,
}

/// What all runs of both sides come to, given the differences that the workload declares.
///
/// Time: linear in the number of runs, times the square of the number of different steps; the runs themselves were read
/// by [`examine`], in linear time for all but the n·log n of some laws.
pub fn conclude(runs: &[Examination], declared: &[Difference]) -> Behaviour {
    let counts = Runs::of(runs);
    if counts.threaded == 0 || counts.asynchronous == 0 {
        return Behaviour::incomplete(&["not both sides have run".into()]);
    }
    let decision = decision::decide(runs, declared);
    let sequenced: Vec<&Examination> = runs.iter().filter(|run| run.circumstances.sequenced).collect();
    let relations = relations::relations(&sequenced);
    let interleavings = interleavings::interleavings(&sequenced);
    let habits = habits::habits(&sequenced);
    let mut levels = decision.levels;
    levels.extend([of_relations(&relations), of_interleavings(interleavings.as_ref()), of_habits(&habits)]);
    Behaviour {
        verdict: decision.verdict,
        reason: decision.findings.first().map(Finding::told),
        runs: counts,
        levels,
        differences: decision.differences,
        findings: decision.findings,
        relations: Some(relations),
        interleavings,
        habits: Some(habits),
    }
}

fn of_relations(relations: &Relations) -> LevelReport {
    let on = |side| relations.one_sided.iter().filter(|relation| relation.on == side).count();
    let strangers = relations.strangers.len();
    let detail = format!(
        "{} on both sides, {} on threads only, {} on tasks only{}",
        relations.both.len(),
        on(Side::Threaded),
        on(Side::Asynchronous),
        if strangers == 0 { String::new() } else { format!("; steps that only one side knows: {strangers}") }
    );
    let one_sided = relations.one_sided.iter().map(|found| found.p);
    let mut probabilities = one_sided.chain(relations.strangers.iter().map(|stranger| stranger.p)).peekable();
    let agrees = match probabilities.peek() {
        None => Some(true),
        // What is broken so seldom may have been kept by chance on the other side.
        Some(_) => probabilities.any(|p| p < SURE).then_some(false),
    };
    LevelReport { level: Level::Relations, agrees, detail }
}

fn of_interleavings(interleavings: Option<&Interleavings>) -> LevelReport {
    let level = Level::Interleavings;
    let Some(Interleavings { threaded, asynchronous, shared, one_sided, steps, cut }) = interleavings else {
        return LevelReport {
            level,
            agrees: None,
            detail: "the order of the steps tells nothing here".into(),
        };
    };
    let detail = format!(
        "{} orders of {} steps on threads, {} on tasks, {shared} on both; unseen: {} and {}",
        threaded.distinct,
        if *cut { format!("the first {steps} telling") } else { "the telling".into() },
        asynchronous.distinct,
        unseen(threaded),
        unseen(asynchronous)
    );
    let all = *shared == threaded.distinct && *shared == asynchronous.distinct;
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

impl Runs {
    fn of(runs: &[Examination]) -> Self {
        let count = |side| runs.iter().filter(|run| run.side() == side).count();
        Self { threaded: count(Side::Threaded), asynchronous: count(Side::Asynchronous) }
    }
}

impl Behaviour {
    /// The behaviour of a pair of which a run failed, so that there is nothing to compare.
    pub fn ended(Ended { run, how, reason }: &Ended) -> Self {
        let verdict = if *how == How::Incomplete { Verdict::Incomplete } else { Verdict::Failed };
        Self::not_compared(verdict, format!("{run}: {reason}"))
    }

    /// The behaviour of a pair of which something is missing.
    pub fn incomplete(gaps: &[String]) -> Self {
        let mut reason = gaps.iter().take(MOST_TOLD).map(String::as_str).collect::<Vec<_>>().join("; ");
        if gaps.len() > MOST_TOLD {
            let _ = write!(reason, "; and {} more", gaps.len() - MOST_TOLD);
        }
        Self::not_compared(Verdict::Incomplete, reason)
    }

    fn not_compared(verdict: Verdict, reason: String) -> Self {
        let unknown = |level| LevelReport { level, agrees: None, detail: "not compared".into() };
        Self {
            verdict,
            reason: Some(reason),
            runs: Runs::default(),
            levels: Level::ALL.map(unknown).into(),
            differences: Vec::new(),
            findings: Vec::new(),
            relations: None,
            interleavings: None,
            habits: None,
        }
    }

    /// Why the pair is not to be timed, if it isn't: only equal work is.
    pub fn forbids_timing(&self) -> Option<String> {
        if !self.verdict.agrees() {
            return Some("the sides don't behave alike".into());
        }
        let unequal = self.differences.iter().find(|shown| shown.occurred && !shown.difference.equal_work)?;
        Some(format!("the sides do unequal work: {}", unequal.difference.reason))
    }

    /// A run that shows what differs: the first that is named, from what decides to what informs.
    pub fn exemplar(&self) -> Option<RunName> {
        let findings = self.findings.iter().filter_map(|finding| finding.exemplar.as_ref());
        let differences = self.differences.iter().filter_map(|difference| difference.exemplar);
        let relations = self.relations.iter().flat_map(|relations| &relations.one_sided);
        let orders = self.interleavings.iter().flat_map(|orders| &orders.one_sided);
        let habits = self.habits.iter().flat_map(|habits| &habits.differing);
        findings
            .map(|exemplar| exemplar.run)
            .chain(differences)
            .chain(relations.map(|relation| relation.exemplar.run))
            .chain(orders.map(|order| order.order.exemplar))
            .chain(habits.map(|habit| habit.exemplar))
            .next()
    }
}

#[cfg(test)]
mod tests;
