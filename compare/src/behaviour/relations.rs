//! Level 4, relations: which steps always precede, are always followed by, or are never followed by which others, over
//! all runs of a side; and which of that holds on one side only.
//!
//! Nobody declared these: they are mined. The names are Synoptic's (Ivan Beschastnikh and others, "Leveraging Existing
//! Instrumentation to Automatically Infer Invariant-Constrained Models", ESEC/FSE 2011), which counts how often one
//! event stands before and after another. Over whole runs no counting is needed: where the first and the last event of
//! each kind stand decides all three, so a run is read once, whatever the number of relations.

use std::collections::BTreeSet;
use std::fmt::{self, Display};

use serde::{Deserialize, Serialize};

use super::examination::{Examination, Point, Sight};
use super::quote::{Exemplar, Quote, RunName};
use super::statistics::{correct, fisher};
use crate::lab::Arm;

/// How two steps are related.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bond {
    /// Every second has a first somewhere before it.
    AlwaysPrecedes,
    /// Every first has a second somewhere after it.
    AlwaysFollowedBy,
    /// No first has a second anywhere after it.
    NeverFollowedBy,
}

impl Bond {
    const ALL: [Self; 3] = [Self::AlwaysPrecedes, Self::AlwaysFollowedBy, Self::NeverFollowedBy];
}

/// Two steps, and how they are related.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Relation {
    /// The one.
    pub first: Point,
    /// How they are related.
    pub bond: Bond,
    /// The other.
    pub second: Point,
}

impl Display for Relation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { first, bond, second } = self;
        match bond {
            Bond::AlwaysPrecedes => write!(f, "`{first}` precedes every `{second}`"),
            Bond::AlwaysFollowedBy => write!(f, "every `{first}` is followed by `{second}`"),
            Bond::NeverFollowedBy => write!(f, "no `{first}` is followed by `{second}`"),
        }
    }
}

/// The relations that were mined.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Relations {
    /// Those that hold in every run of both sides.
    pub both: Vec<Relation>,
    /// Those that hold in every run of one side, and not on the other.
    pub one_sided: Vec<OneSided>,
    /// The steps that only one side knows: they are related to nothing on the other.
    #[serde(rename = "strangers")]
    pub one_sided_steps: Vec<OneSidedStep>,
}

/// A relation that holds on one side only.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OneSided {
    /// The relation.
    #[serde(flatten)]
    pub relation: Relation,
    /// Where it holds.
    pub on: Arm,
    /// In how many runs of that side it has a meaning, because they have such steps.
    pub holds: usize,
    /// In how many runs of the other side it is broken.
    pub broken: usize,
    /// Of how many in which it has a meaning.
    pub of: usize,
    /// The probability of so great a difference by chance (Fisher), for all such relations together (Holm).
    pub p: f64,
    /// The first run that breaks it, and the events that do.
    pub exemplar: Exemplar,
}

/// A step that only one side knows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OneSidedStep {
    /// The step.
    pub point: Point,
    /// Where it is known.
    pub on: Arm,
    /// In how many runs it was seen.
    pub runs: usize,
    /// Of how many.
    pub of: usize,
    /// The probability of so great a difference by chance (Fisher), for all such steps together (Holm).
    pub p: f64,
    /// The first of them.
    pub exemplar: Exemplar,
}

/// Mines the relations of both sides.
pub(super) fn relations(arms: [Arm; 2], runs: &[&Examination]) -> Relations {
    let [threads, tasks] = arms.map(|arm| of_arm(runs, arm));
    let points = |runs: &[&Examination]| -> BTreeSet<Point> {
        runs.iter().flat_map(|run| run.sights.keys().cloned()).collect()
    };
    let known = [&threads, &tasks].map(|runs| points(runs));
    let mut relations =
        Relations { one_sided_steps: one_sided_steps(arms, runs, &known), ..Relations::default() };
    let common: Vec<Point> = known[0].intersection(&known[1]).cloned().collect();
    let (threads, tasks) = (Mine::new(&threads, &common), Mine::new(&tasks, &common));
    for (first, a) in common.iter().zip(0..) {
        for (second, b) in common.iter().zip(0..).filter(|(_, b)| a != *b) {
            for bond in Bond::ALL {
                let relation = Relation { first: first.clone(), bond, second: second.clone() };
                let counts = [threads.count(a, bond, b), tasks.count(a, bond, b)];
                match counts.each_ref().map(Count::holds) {
                    [true, true] => relations.both.push(relation),
                    [true, false] => relations.one_sided.extend(one_sided(relation, arms[0], counts)),
                    [false, true] => {
                        let [threads, tasks] = counts;
                        relations.one_sided.extend(one_sided(relation, arms[1], [tasks, threads]));
                    }
                    [false, false] => {}
                }
            }
        }
    }
    correct(&mut relations.one_sided, |found| &mut found.p);
    relations.one_sided.sort_by(|a, b| a.p.total_cmp(&b.p));
    relations
}

fn of_arm<'a>(runs: &[&'a Examination], arm: Arm) -> Vec<&'a Examination> {
    runs.iter().copied().filter(|run| run.arm() == arm).collect()
}

fn one_sided_steps(
    arms: [Arm; 2],
    runs: &[&Examination],
    [threads, tasks]: &[BTreeSet<Point>; 2],
) -> Vec<OneSidedStep> {
    let step_on = |point: &Point, on| {
        let (here, there): (Vec<&Examination>, Vec<_>) = runs.iter().partition(|run| run.arm() == on);
        let mut seen = here.iter().filter(|run| run.sights.contains_key(point));
        let first = seen.next()?;
        let exemplar =
            Exemplar { run: first.circumstances.run, events: vec![first.sights[point].first.clone()] };
        let (runs, of) = (1 + seen.count(), here.len());
        let p = fisher([[runs as u64, (of - runs) as u64], [0, there.len() as u64]]);
        Some(OneSidedStep { point: point.clone(), on, runs, of, p, exemplar })
    };
    let on_threads = threads.difference(tasks).filter_map(|point| step_on(point, arms[0]));
    let on_tasks = tasks.difference(threads).filter_map(|point| step_on(point, arms[1]));
    let mut steps: Vec<OneSidedStep> = on_threads.chain(on_tasks).collect();
    correct(&mut steps, |step| &mut step.p);
    steps
}

/// A relation that holds on this side and not on the other; nothing where it has no meaning there.
fn one_sided(relation: Relation, on: Arm, [here, there]: [Count; 2]) -> Option<OneSided> {
    let exemplar = there.exemplar?;
    let count = |count: usize| count as u64;
    let p = fisher([[count(here.meant), 0], [count(there.meant - there.broken), count(there.broken)]]);
    Some(OneSided { relation, on, holds: here.meant, broken: there.broken, of: there.meant, p, exemplar })
}

/// In how many runs of a side a relation has a meaning, and in how many it is broken.
struct Count {
    meant: usize,
    broken: usize,
    exemplar: Option<Exemplar>,
}

impl Count {
    fn holds(&self) -> bool {
        self.meant > 0 && self.broken == 0
    }
}

/// The runs of one side, with the points by their numbers.
struct Mine<'a> {
    runs: Vec<(RunName, Vec<Option<&'a Sight>>)>,
}

impl<'a> Mine<'a> {
    fn new(runs: &[&'a Examination], points: &[Point]) -> Self {
        let sights = |run: &&'a Examination| {
            (run.circumstances.run, points.iter().map(|point| run.sights.get(point)).collect())
        };
        Self { runs: runs.iter().map(sights).collect() }
    }

    fn count(&self, a: usize, bond: Bond, b: usize) -> Count {
        let mut count = Count { meant: 0, broken: 0, exemplar: None };
        for (run, sights) in &self.runs {
            match verdict(sights[a], bond, sights[b]) {
                Verdict::Meaningless => {}
                Verdict::Holds => count.meant += 1,
                Verdict::Broken(events) => {
                    count.meant += 1;
                    count.broken += 1;
                    let exemplar = || Exemplar { run: *run, events: events.into_iter().cloned().collect() };
                    count.exemplar.get_or_insert_with(exemplar);
                }
            }
        }
        count
    }
}

/// What a run says of a relation.
enum Verdict<'a> {
    Meaningless,
    Holds,
    /// By these events.
    Broken(Vec<&'a Quote>),
}

fn verdict<'a>(first: Option<&'a Sight>, bond: Bond, second: Option<&'a Sight>) -> Verdict<'a> {
    let (holds, events) = match (bond, first, second) {
        (Bond::AlwaysPrecedes | Bond::NeverFollowedBy, _, None)
        | (Bond::AlwaysFollowedBy | Bond::NeverFollowedBy, None, _) => return Verdict::Meaningless,
        (Bond::AlwaysPrecedes, first, Some(second)) => {
            (first.is_some_and(|first| first.first.event < second.first.event), vec![&second.first])
        }
        (Bond::AlwaysFollowedBy, Some(first), second) => {
            (second.is_some_and(|second| second.last.event > first.last.event), vec![&first.last])
        }
        (Bond::NeverFollowedBy, Some(first), Some(second)) => {
            (first.first.event > second.last.event, vec![&first.first, &second.last])
        }
    };
    if holds { Verdict::Holds } else { Verdict::Broken(events) }
}
