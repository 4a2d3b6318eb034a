//! The behaviour of a pair, as data: the verdict, and all that it was concluded from.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use shared::Level;

use super::ended::{Ended, How};
use super::finding::Finding;
use super::habits::Habits;
use super::interleavings::Interleavings;
use super::level::{DifferenceReport, LevelReport, MOST_REPORTED};
use super::possible::AtOnce;
use super::relations::Relations;
use super::{RunName, Verdict};
use crate::lab::Arm;

/// How the two sides of a pair behave.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Behaviour {
    /// Which arms were compared. What is of each arm stands in their order.
    pub arms: [Arm; 2],
    /// What it comes to.
    pub verdict: Verdict,
    /// What is wrong; none where the sides agree.
    pub reason: Option<String>,
    /// The run that failed, so that nothing was compared; none where none did.
    pub ended: Option<Ended>,
    /// How many runs of each side it was judged by.
    pub runs: Runs,
    /// What shows in a greater share of such runs of a side would have been seen, whatever it is, at 95 %; none where
    /// something was seen, or nothing was compared.
    ///
    /// It speaks of runs like these, as far as one is independent of another: of this plan, on this machine, with this
    /// runtime, and with such waits and such noise as often as here. Another plan, another machine or other noise may
    /// show at once what these never show. And it speaks of what one run can show: how often something is so, and
    /// which order comes first, no single run breaks, so that is for the levels that inform.
    pub missed_at_most: Option<f64>,
    /// What must be possible at once, and how often it was.
    pub at_once: Vec<AtOnce>,
    /// What only several runs can show to be missing, or to happen every time, and was not looked for in enough of them.
    pub untried: Vec<String>,
    /// The levels, from what decides to what informs.
    pub levels: Vec<LevelReport>,
    /// The documented differences, and whether each showed.
    pub differences: Vec<DifferenceReport>,
    /// What is wrong, level by level.
    pub findings: Vec<Finding>,
    /// What was mined of the order of steps; none where nothing was compared.
    pub relations: Option<Relations>,
    /// The orders of the key steps; none where nothing was compared, or the pattern has none.
    pub interleavings: Option<Interleavings>,
    /// How often one step comes before another; none where nothing was compared.
    pub habits: Option<Habits>,
}

/// How many runs a behaviour was judged by.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Runs {
    /// How many each arm made.
    pub made: [usize; 2],
    /// Those of each arm that were held to all that the problem asks for; of none where nothing was compared.
    pub judged: Vec<Judged>,
}

/// How those runs of an arm were made that were held to all that the problem asks for. Timed runs are not among them:
/// without an order among their actors they are held to no law.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judged {
    /// Of which arm.
    pub arm: Arm,
    /// How many.
    pub runs: usize,
    /// Of them, with noise.
    pub noisy: usize,
    /// Of them, with neither waits nor noise.
    pub calm: usize,
    /// Of them, with waits and without noise.
    pub paced: usize,
    /// Beside them, how many with noise and another plan.
    pub other_plans: usize,
}

impl Behaviour {
    /// The behaviour of a pair of which a run failed, so that there is nothing to compare.
    pub fn ended(arms: [Arm; 2], ended: Ended) -> Self {
        let verdict = if ended.how == How::Incomplete { Verdict::Incomplete } else { Verdict::Failed };
        let behaviour = Self::not_compared(arms, verdict, ended.line());
        Self { ended: Some(ended), ..behaviour }
    }

    /// The behaviour of a pair of which something is missing.
    pub fn incomplete(arms: [Arm; 2], gaps: &[String]) -> Self {
        let mut reason = gaps.iter().take(MOST_REPORTED).map(String::as_str).collect::<Vec<_>>().join("; ");
        if gaps.len() > MOST_REPORTED {
            let _ = write!(reason, "; and {} more", gaps.len() - MOST_REPORTED);
        }
        Self::not_compared(arms, Verdict::Incomplete, reason)
    }

    fn not_compared(arms: [Arm; 2], verdict: Verdict, reason: String) -> Self {
        let unknown = |level| LevelReport { level, agrees: None, detail: "not compared".into() };
        Self {
            arms,
            verdict,
            reason: Some(reason),
            ended: None,
            runs: Runs::default(),
            missed_at_most: None,
            at_once: Vec::new(),
            untried: Vec::new(),
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
        if self.ended.is_some() {
            return Some("a run failed".into());
        }
        if !self.verdict.agrees() {
            return Some("the sides don't behave alike".into());
        }
        let unequal = self.differences.iter().find(|shown| shown.occurred && !shown.difference.equal_work)?;
        Some(format!("the sides do unequal work: {}", unequal.difference.reason))
    }

    /// A run that shows what differs: the one that failed, or the first that is named, from what decides to what informs.
    pub fn exemplar(&self) -> Option<RunName> {
        let findings = self.findings.iter().filter_map(|finding| finding.exemplar.as_ref());
        let differences = self.differences.iter().filter_map(|difference| difference.exemplar);
        let relations = self.relations.iter().flat_map(|relations| &relations.one_sided);
        let orders = self.interleavings.iter().flat_map(|orders| &orders.one_sided);
        let habits = self.habits.iter().flat_map(|habits| &habits.differing);
        let ended = self.ended.iter().map(|ended| ended.run);
        ended
            .chain(findings.map(|exemplar| exemplar.run))
            .chain(differences)
            .chain(relations.map(|relation| relation.exemplar.run))
            .chain(orders.map(|order| order.order.exemplar))
            .chain(habits.map(|habit| habit.exemplar))
            .next()
    }
}
