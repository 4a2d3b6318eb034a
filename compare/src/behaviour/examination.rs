//! An examination: what one run showed, in a form that can be held against that of other runs, whatever the pattern.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::{self, Display};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use shared::{Await, Member, Role, Shape, Trace, What};

use super::finding::{Finding, findings};
use super::possible::{self, Unseen};
use super::quote::{Circumstances, Quote};
use super::stalls;
use crate::lab::{Arm, Round};
use crate::pair::{Problem, Yielded};

/// What one run showed.
#[derive(Debug, Clone)]
pub struct Examination {
    pub(super) circumstances: Circumstances,
    /// The fixed part of its outcome, by field, as JSON.
    pub(super) fixed: BTreeMap<String, String>,
    /// What the actors of each role did together, where the workload fixes it, in words; only of a watched run.
    pub(super) work: BTreeMap<String, String>,
    /// The last thing that it did whose place in the source is known, of its main line if possible.
    pub(super) last_known: Option<Quote>,
    /// Where it breaks what the workload asks for.
    pub(super) findings: Vec<Finding>,
    /// What must be possible at once, in words.
    pub(super) overlaps: Vec<String>,
    /// Of each of these, and then of all else that must be possible, what is missing; only of a watched run.
    pub(super) unseen: Vec<Option<Unseen>>,
    /// Whether something in it is declared to be a computation.
    pub(super) computes: bool,
    /// Where actors held up their threads, or asked again and again. What a task does to its thread is known only where all
    /// share one.
    pub(super) stalls: BTreeMap<stalls::Place, Vec<Quote>>,
    /// What the actors of each role did at least once, as `role: Step`, and how they ended, as `role: returned`.
    pub(super) seen: BTreeSet<String>,
    /// Where each point was seen first and last; only of a watched run.
    pub(super) sights: BTreeMap<Point, Sight>,
    /// The order of the first dozen key steps; only of a watched run.
    pub(super) order: Vec<Turn>,
    /// Whether there were more.
    pub(super) cut: bool,
}

impl Examination {
    /// Whose run it was.
    pub fn arm(&self) -> Arm {
        self.circumstances.run.arm
    }

    /// Whether its order is known and its plan was the pair's, so that it can be held against others.
    pub(super) fn is_ordinary(&self) -> bool {
        self.circumstances.is_ordinary()
    }

    /// In which round it was made, if it was judged.
    pub(super) fn round(&self) -> Option<&Round> {
        self.circumstances.round.as_ref()
    }

    /// Its number among the runs of that arm.
    pub fn number(&self) -> u32 {
        self.circumstances.run.number
    }
}

/// A point of a run: a step of a role, whichever actor says it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Point {
    /// The role.
    pub role: Cow<'static, str>,
    /// The name of the step.
    pub step: Cow<'static, str>,
}

impl Point {
    /// The point of this name.
    pub fn new(role: &'static str, step: &'static str) -> Self {
        Self { role: Cow::Borrowed(role), step: Cow::Borrowed(step) }
    }
}

impl Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.role, self.step)
    }
}

/// Where a point was seen in a run.
#[derive(Debug, Clone)]
pub(super) struct Sight {
    pub(super) first: Quote,
    pub(super) last: Quote,
}

/// A key step: who said what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Turn {
    pub(super) member: Member,
    pub(super) step: &'static str,
}

/// How many key steps of a run make its order.
const DOZEN: usize = 12;

/// What a run shows of its side.
pub fn examine(
    problem: &dyn Problem,
    circumstances: Circumstances,
    yielded: &Yielded,
    trace: &Trace,
) -> Examination {
    let fixed = match &yielded.fixed {
        Value::Object(fields) => {
            fields.iter().map(|(field, value)| (field.clone(), value.to_string())).collect()
        }
        whole => BTreeMap::from([("outcome".into(), whole.to_string())]),
    };
    let findings = findings(problem, &circumstances, yielded, trace);
    let points = points(trace);
    let seen = seen(trace, &points);
    let (work, unseen, sights, mut order) = if circumstances.is_watched() {
        let work = problem.roles().iter().filter_map(|role| fixed_work(role, trace)).collect();
        let unseen = possible::unseen(problem, &circumstances, trace);
        (work, unseen, sights(trace, points), order(trace, &problem.key_steps()))
    } else {
        Default::default()
    };
    let cut = order.len() > DOZEN;
    order.truncate(DOZEN);
    let overlaps = problem.overlaps().iter().map(ToString::to_string).collect();
    let awaits = problem.awaits();
    let computes = awaits.iter().any(Await::computes);
    let stalls = stalls::stalls(trace, &awaits);
    let last_known = trace.last_known().map(|event| Quote::of(trace, event));
    Examination {
        circumstances,
        fixed,
        work,
        last_known,
        findings,
        overlaps,
        unseen,
        computes,
        stalls,
        seen,
        sights,
        order,
        cut,
    }
}

/// How many steps the actors of a role said and how often and how long they paused, where the workload fixes it.
fn fixed_work(role: &Role, trace: &Trace) -> Option<(String, String)> {
    let of_role = trace.events.iter().filter(|event| trace.cast[event.actor].role == role.name);
    let (mut steps, mut pauses, mut total) = (0_u64, 0_u64, Duration::ZERO);
    for event in of_role {
        match event.what {
            What::Said(_) => steps += 1,
            What::Paused(duration) | What::Waits(duration) => {
                pauses += 1;
                total = total.saturating_add(duration);
            }
            What::Began | What::Ended(_) => {}
        }
    }
    let work = role.work();
    let done = [
        work.steps.fixed().map(|_| format!("{steps} steps")),
        // Of a range where the number of pauses is fixed, they are drawn: by the seed of the run, so alike on both
        // sides.
        work.pauses.fixed().map(|_| format!("{pauses} pauses of {total:?} in all")),
    ];
    let done: Vec<String> = done.into_iter().flatten().collect();
    (!done.is_empty()).then(|| (format!("{}: work", role.name), done.join(" and ")))
}

fn seen(trace: &Trace, points: &Points) -> BTreeSet<String> {
    let points = points.keys().map(ToString::to_string);
    let ends = trace.events.iter().filter_map(|event| match &event.what {
        What::Ended(end) => Some((trace.cast[event.actor].role, end.kind())),
        _ => None,
    });
    let ends: BTreeSet<_> = ends.collect();
    points.chain(ends.into_iter().map(|(role, end)| format!("{role}: {end}"))).collect()
}

fn sights(trace: &Trace, points: Points) -> BTreeMap<Point, Sight> {
    let sight = |(first, last)| Sight { first: Quote::of(trace, first), last: Quote::of(trace, last) };
    points.into_iter().map(|(point, events)| (point, sight(events))).collect()
}

/// The first and the last of some events.
type Span = (usize, usize);

/// The first and the last event of each point.
type Points = BTreeMap<Point, Span>;

fn points(trace: &Trace) -> Points {
    // Actors, not roles: a number is faster to look up than a word, and there may be a million events.
    let mut events: HashMap<(usize, u8), (&'static str, Span)> = HashMap::new();
    for (index, event, said) in trace.said() {
        let place = (event.actor, said.shape.index);
        events.entry(place).or_insert((said.shape.name, (index, index))).1.1 = index;
    }
    let mut points = Points::new();
    for ((actor, _), (step, (first, last))) in events {
        let span = points.entry(Point::new(trace.cast[actor].role, step)).or_insert((first, last));
        *span = (span.0.min(first), span.1.max(last));
    }
    points
}

/// The order of the key steps, up to one more than a dozen.
fn order(trace: &Trace, key_steps: &[&Shape]) -> Vec<Turn> {
    let found = trace.said().filter(|(_, _, said)| key_steps.iter().any(|shape| said.is(shape)));
    let turns = found.map(|(_, event, said)| Turn { member: trace.cast[event.actor], step: said.shape.name });
    turns.take(DOZEN + 1).collect()
}
