//! Level 4, relations: which steps always precede, are always followed by, or are never followed by which others, over
//! all runs of a side; and which of that holds on one side only.
//!
//! Nobody declared these: they are mined. The names are Synoptic's (Ivan Beschastnikh and others, "Leveraging Existing
//! Instrumentation to Automatically Infer Invariant-Constrained Models", ESEC/FSE 2011), which counts how often one
//! event stands before and after another. Over whole runs no counting is needed: where the first and the last event of
//! each kind stand decides all three, so a run is read once, whatever the number of relations.
//!
//! They are mined from all runs, because noise only shows more of what is possible. Whether chance explains that
//! something shows on one side only is asked of the runs without waits and without noise alone: noise holds up threads
//! and tasks each in its own way. What shows only in other runs is listed, and no probability is told.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Display};

use serde::{Deserialize, Serialize};

use super::examination::{Examination, Point, Sight};
use super::quote::{Circumstances, Exemplar, Quote};
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

impl Relations {
    /// Those on one side, first those that stand for themselves, then those that follow from two others there: what
    /// precedes one step precedes what that precedes, and what is followed by one is followed by what follows that.
    pub fn folded(&self) -> [Vec<&OneSided>; 2] {
        let mut known: BTreeMap<Arm, BTreeSet<&Relation>> = BTreeMap::new();
        for found in &self.one_sided {
            known.entry(found.on).or_insert_with(|| self.both.iter().collect()).insert(&found.relation);
        }
        let follows = |found: &&OneSided| found.relation.follows(&known[&found.on]);
        let (follow, stand) = self.one_sided.iter().partition(follows);
        [stand, follow]
    }
}

impl Relation {
    /// Whether it follows from two of these.
    fn follows(&self, known: &BTreeSet<&Self>) -> bool {
        let Self { first, bond, second } = self;
        let is_known = |first: &Point| {
            known.contains(&Self { first: first.clone(), bond: *bond, second: second.clone() })
        };
        let middles = known.iter().filter(|known| (&known.first, known.bond) == (first, *bond));
        let middles = middles.map(|known| &known.second).filter(|middle| ![first, second].contains(middle));
        *bond != Bond::NeverFollowedBy && middles.into_iter().any(is_known)
    }
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
    /// What the runs without waits and noise say: in how many it is broken.
    pub calm: Calm,
    /// The probability of so great a difference by chance in those (Fisher), for all relations and steps that were
    /// looked at together (Holm); 1e-6 is that or less. None where those runs can't tell.
    pub p: Option<f64>,
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
    /// What the runs without waits and noise say: in how many it was seen.
    pub calm: Calm,
    /// The probability of so great a difference by chance in those (Fisher), for all relations and steps that were
    /// looked at together (Holm); 1e-6 is that or less. None where those runs can't tell.
    pub p: Option<f64>,
    /// The first of them.
    pub exemplar: Exemplar,
}

/// In how many runs without waits and noise something shows that only one side shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Calm {
    /// In so many, on the side that shows it.
    pub shown: u64,
    /// Of so many.
    pub of: u64,
    /// In none of so many on the other side.
    pub others: u64,
}

/// Mines the relations of both sides.
pub(super) fn relations(arms: [Arm; 2], runs: &[&Examination]) -> Relations {
    let points: BTreeSet<&Point> = runs.iter().flat_map(|run| run.sights.keys()).collect();
    let points: Vec<&Point> = points.into_iter().collect();
    let sides = arms.map(|arm| Mine::new(arm, runs, &points));
    let mut steps: Vec<Looked> = (0..points.len()).map(|point| Looked::at_step(&sides, point)).collect();
    let mut pairs = look_at_pairs(&sides, &points);
    // One family: of all that this level looks at, not of what it found. To choose what differs most and to test only
    // that would make chance look like a difference.
    let looked = steps.iter_mut().chain(pairs.iter_mut().map(|pair| &mut pair.looked));
    correct(looked.filter_map(|looked| looked.p.as_mut()));

    // A step that only one side knows is related to nothing on the other.
    let known = |point: usize| steps[point].counts.iter().all(|count| count.shown > 0);
    pairs.retain(|pair| known(pair.first) && known(pair.second));
    let both = pairs.iter().filter(|pair| pair.looked.counts.iter().all(Count::never));
    let both = both.map(|pair| pair.relation(&points)).collect();
    let one_sided = pairs.iter().filter_map(|pair| pair.looked.one_sided(arms, || pair.relation(&points)));
    let mut one_sided: Vec<OneSided> = one_sided.collect();
    one_sided.sort_by(|a, b| a.p.unwrap_or(f64::INFINITY).total_cmp(&b.p.unwrap_or(f64::INFINITY)));
    let steps = points.iter().zip(&steps);
    let one_sided_steps = steps.filter_map(|(point, looked)| looked.one_sided_step(arms, point)).collect();
    Relations { both, one_sided, one_sided_steps }
}

/// Two points by their numbers, how they may be related, and in how many runs they are not.
struct Pair {
    first: usize,
    bond: Bond,
    second: usize,
    looked: Looked,
}

impl Pair {
    fn relation(&self, points: &[&Point]) -> Relation {
        let [first, second] = [self.first, self.second].map(|point| points[point].clone());
        Relation { first, bond: self.bond, second }
    }
}

fn look_at_pairs(sides: &[Mine<'_>; 2], points: &[&Point]) -> Vec<Pair> {
    let mut pairs = Vec::new();
    for first in 0..points.len() {
        for second in (0..points.len()).filter(|second| *second != first) {
            for bond in Bond::ALL {
                let looked = Looked::at(sides, |sights| broken(sights[first], bond, sights[second]));
                pairs.push(Pair { first, bond, second, looked });
            }
        }
    }
    pairs
}

/// Something that was looked at, a relation or a step: in how many runs of both sides the one was broken, or the other
/// was seen.
struct Looked {
    counts: [Count; 2],
    /// From the runs without waits and noise; none where it shows in all of them or in none, whatever their sides.
    p: Option<f64>,
}

impl Looked {
    fn at_step(sides: &[Mine<'_>; 2], point: usize) -> Self {
        Self::at(sides, |sights| match sights[point] {
            Some(sight) => Shows::By(vec![&sight.first]),
            None => Shows::Not,
        })
    }

    fn at<'a>(sides: &'a [Mine<'a>; 2], look: impl Fn(&[Option<&'a Sight>]) -> Shows<'a>) -> Self {
        let counts = sides.each_ref().map(|side| side.count(&look));
        let [one, other] = counts.each_ref().map(|count| count.calm);
        // Where one side alone has such runs, it is in the family all the same: that depends on whose the runs are, and
        // the size of the family must not, or chance would choose it.
        let may_differ = (0..2).all(|column| one[column] + other[column] > 0);
        Self { counts, p: may_differ.then(|| fisher([one, other])) }
    }

    /// The side that shows it and the one that could and doesn't, by their places.
    fn places(&self) -> Option<[usize; 2]> {
        let shows = |here: usize, there: usize| self.counts[here].shown > 0 && self.counts[there].never();
        [[0, 1], [1, 0]].into_iter().find(|&[here, there]| shows(here, there))
    }

    /// What the runs without waits and noise say of it; no probability where the side that doesn't show it has none.
    fn calm(&self, [here, there]: [usize; 2]) -> (Calm, Option<f64>) {
        let [[shown, not], others] = [here, there].map(|place| self.counts[place].calm);
        let others = others.iter().sum();
        (Calm { shown, of: shown + not, others }, self.p.filter(|_| others > 0))
    }

    /// A relation that holds on one side, and is broken on the other.
    fn one_sided(&self, arms: [Arm; 2], relation: impl FnOnce() -> Relation) -> Option<OneSided> {
        let places @ [here, there] = self.places()?;
        let (calm, p) = self.calm(places);
        let &Count { of, shown: broken, ref exemplar, .. } = &self.counts[here];
        let (on, holds, exemplar) = (arms[there], self.counts[there].of, exemplar.clone()?);
        Some(OneSided { relation: relation(), on, holds, broken, of, calm, p, exemplar })
    }

    /// A step that one side says, and the other doesn't.
    fn one_sided_step(&self, arms: [Arm; 2], point: &Point) -> Option<OneSidedStep> {
        let places @ [here, _] = self.places()?;
        let (calm, p) = self.calm(places);
        let &Count { of, shown: runs, ref exemplar, .. } = &self.counts[here];
        Some(OneSidedStep {
            point: point.clone(),
            on: arms[here],
            runs,
            of,
            calm,
            p,
            exemplar: exemplar.clone()?,
        })
    }
}

/// In how many runs of a side something could show, and in how many it did.
#[derive(Default)]
struct Count {
    of: usize,
    shown: usize,
    /// In how many runs without waits and noise it did, and in how many it didn't.
    calm: [u64; 2],
    exemplar: Option<Exemplar>,
}

impl Count {
    /// Whether it never showed, and could.
    fn never(&self) -> bool {
        self.of > 0 && self.shown == 0
    }
}

/// The runs of one side, with the points by their numbers.
struct Mine<'a> {
    runs: Vec<(&'a Circumstances, Vec<Option<&'a Sight>>)>,
}

impl<'a> Mine<'a> {
    fn new(arm: Arm, runs: &[&'a Examination], points: &[&Point]) -> Self {
        let sights = |run: &&'a Examination| {
            (&run.circumstances, points.iter().map(|point| run.sights.get(*point)).collect())
        };
        Self { runs: runs.iter().filter(|run| run.arm() == arm).map(sights).collect() }
    }

    fn count(&self, look: impl Fn(&[Option<&'a Sight>]) -> Shows<'a>) -> Count {
        let mut count = Count::default();
        for (circumstances, sights) in &self.runs {
            let shown = match look(sights) {
                Shows::Meaningless => continue,
                Shows::Not => false,
                Shows::By(events) => {
                    let exemplar = || Exemplar::of(circumstances.run, events.into_iter().cloned().collect());
                    count.exemplar.get_or_insert_with(exemplar);
                    true
                }
            };
            count.of += 1;
            count.shown += usize::from(shown);
            count.calm[usize::from(!shown)] += u64::from(circumstances.is_calm());
        }
        count
    }
}

/// Whether something shows in a run.
enum Shows<'a> {
    Meaningless,
    Not,
    /// By these events.
    By(Vec<&'a Quote>),
}

/// Whether a run breaks a relation.
fn broken<'a>(first: Option<&'a Sight>, bond: Bond, second: Option<&'a Sight>) -> Shows<'a> {
    let (holds, events) = match (bond, first, second) {
        (Bond::AlwaysPrecedes | Bond::NeverFollowedBy, _, None)
        | (Bond::AlwaysFollowedBy | Bond::NeverFollowedBy, None, _) => return Shows::Meaningless,
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
    if holds { Shows::Not } else { Shows::By(events) }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::Bond::{AlwaysFollowedBy, AlwaysPrecedes, NeverFollowedBy};
    use super::Relation;
    use crate::behaviour::examination::Point;

    #[test]
    fn what_follows_from_two_others_is_known() {
        let relation = |first, bond, second| Relation {
            first: Point::new("worker", first),
            bond,
            second: Point::new("worker", second),
        };
        for bond in [AlwaysPrecedes, AlwaysFollowedBy, NeverFollowedBy] {
            let all = [relation("A", bond, "B"), relation("B", bond, "C"), relation("A", bond, "C")];
            let known: BTreeSet<&Relation> = all.iter().collect();
            let follow = all.each_ref().map(|relation| relation.follows(&known));
            assert_eq!(follow, [false, false, bond != NeverFollowedBy], "{bond:?}");
        }
        let mixed = [relation("A", AlwaysPrecedes, "B"), relation("B", AlwaysFollowedBy, "C")];
        assert!(!relation("A", AlwaysPrecedes, "C").follows(&mixed.iter().collect()));
    }
}
