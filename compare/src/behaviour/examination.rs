//! An examination: what one run showed, in a form that can be held against that of other runs, whatever the pattern.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::{self, Display};
use std::time::Duration;

use serde::Serialize;
use serde_json::Value;
use shared::trace::What;
use shared::{Aligned, Breach, Kind as _, Level, Member, Outcome as _, Role, Side, Step, Trace, Workload};

use super::quote::{Exemplar, Quote, RunName};

/// What one run showed.
#[derive(Debug, Clone)]
pub struct Examination {
    pub(super) circumstances: Circumstances,
    /// The fixed part of its outcome, by field, as JSON.
    pub(super) fixed: BTreeMap<String, String>,
    /// What the actors of each role did together, where the workload fixes it, in words.
    pub(super) work: BTreeMap<String, String>,
    /// Where it breaks what the workload asks for.
    pub(super) findings: Vec<Finding>,
    /// What the actors of each role did at least once, as `role: Step`, and how they ended, as `role: returned`.
    pub(super) seen: BTreeSet<String>,
    /// Where each point was seen first and last; only of a sequenced run.
    pub(super) sights: BTreeMap<Point, Sight>,
    /// The order of the first dozen telling steps; only of a sequenced run.
    pub(super) order: Vec<Turn>,
    /// Whether there were more.
    pub(super) cut: bool,
}

impl Examination {
    /// Whose run it was.
    pub fn side(&self) -> Side {
        self.circumstances.run.side
    }

    /// Its number among the runs of that side.
    pub fn number(&self) -> u32 {
        self.circumstances.run.number
    }
}

/// How a run was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Circumstances {
    /// Which run it was.
    pub run: RunName,
    /// Whether the order among its actors is known, so that it can be held to the laws.
    pub sequenced: bool,
    /// Whether it had neither waits nor noise: only then its habits are its own.
    pub calm: bool,
}

/// Something that is wrong with a run, or with all of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The level at which it is wrong.
    pub level: Level,
    /// What is wrong.
    pub what: String,
    /// In how many runs; in none, if it is that something is never seen.
    pub runs: usize,
    /// The first of them.
    pub exemplar: Option<Exemplar>,
    /// What the actor at fault did, aligned with its role's language; nothing where that is not what is wrong.
    pub script: Vec<ScriptLine>,
}

impl Finding {
    /// The finding in a line.
    pub fn told(&self) -> String {
        match &self.exemplar {
            Some(exemplar) if self.runs > 1 => format!("{} ({} runs; {exemplar})", self.what, self.runs),
            Some(exemplar) => format!("{} ({exemplar})", self.what),
            None => self.what.clone(),
        }
    }
}

/// One place of an actor's steps, aligned with its role's language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ScriptLine {
    /// Whether the step is right here.
    pub fits: Fit,
    /// The step.
    pub step: String,
    /// The place of the event in the trace; none for a step that is missing.
    pub event: Option<usize>,
}

/// Whether a step is right at its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Fit {
    /// It is.
    Kept,
    /// The language has no such step here.
    Extra,
    /// The language asks for this step here.
    Missing,
}

/// A point of a run: a step of a role, whichever actor says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Point {
    /// The role.
    pub role: &'static str,
    /// The name of the step.
    pub step: &'static str,
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

/// A telling step: who said what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub(super) struct Turn {
    pub(super) member: Member,
    pub(super) step: &'static str,
}

/// How many telling steps of a run make its order.
const DOZEN: usize = 12;

/// What a run shows of its side.
pub fn examine<W: Workload>(
    workload: &W,
    circumstances: Circumstances,
    outcome: &W::Outcome,
    trace: &Trace<W::Step>,
) -> Examination {
    let fixed = match outcome.fixed() {
        Value::Object(fields) => {
            fields.into_iter().map(|(field, value)| (field, value.to_string())).collect()
        }
        whole => BTreeMap::from([("outcome".into(), whole.to_string())]),
    };
    let work = workload.roles().iter().filter_map(|role| fixed_work(role, trace)).collect();
    let findings = findings(workload, circumstances, outcome, trace);
    let points = points(trace);
    let seen = seen(trace, &points);
    let (sights, mut order) = if circumstances.sequenced {
        (sights(trace, points), order(trace, &workload.telling()))
    } else {
        Default::default()
    };
    let cut = order.len() > DOZEN;
    order.truncate(DOZEN);
    Examination { circumstances, fixed, work, findings, seen, sights, order, cut }
}

/// Holds one run to the workload; to the laws as well, if the order among its actors is recorded.
pub fn findings<W: Workload>(
    workload: &W,
    Circumstances { run, sequenced, .. }: Circumstances,
    outcome: &W::Outcome,
    trace: &Trace<W::Step>,
) -> Vec<Finding> {
    let roles = workload.roles();
    let outcome = workload.judge(outcome, trace).err().map(|breach| (Level::Outcome, breach));
    let scripts = trace.check_roles(&roles).into_iter().map(|breach| (Level::Scripts, breach));
    let laws = if sequenced { trace.check_laws(&workload.laws()) } else { Vec::new() };
    let laws = laws.into_iter().map(|breach| (Level::Laws, breach));
    let mut findings = Vec::new();
    for (level, Breach { what, events }) in outcome.into_iter().chain(scripts).chain(laws) {
        // One alignment for a run is enough to see what goes wrong, and each takes its time.
        let first = findings.iter().all(|finding: &Finding| finding.level != level);
        let script = match events.first() {
            Some(&event) if level == Level::Scripts && first => script(trace, &roles, event),
            _ => Vec::new(),
        };
        let events = events.into_iter().map(|event| Quote::of(trace, event)).collect();
        findings.push(Finding { level, what, runs: 1, exemplar: Some(Exemplar { run, events }), script });
    }
    findings
}

/// What the actor of this event did, aligned with its role's language; nothing if that is not what is wrong.
fn script<S: Step>(trace: &Trace<S>, roles: &[Role<S>], event: usize) -> Vec<ScriptLine> {
    let Some((events, aligned)) = trace.align(trace.events[event].actor, roles) else { return Vec::new() };
    let told = |fits, place: usize| ScriptLine {
        fits,
        step: trace.events[events[place]].what.to_string(),
        event: Some(events[place]),
    };
    let line = |place| match place {
        Aligned::Kept(place) => told(Fit::Kept, place),
        Aligned::Extra(place) => told(Fit::Extra, place),
        Aligned::Missing(step) => ScriptLine { fits: Fit::Missing, step, event: None },
    };
    let lines: Vec<ScriptLine> = aligned.into_iter().map(line).collect();
    if lines.iter().all(|line| line.fits == Fit::Kept) { Vec::new() } else { lines }
}

/// How many steps the actors of a role said and how often and how long they paused, where the workload fixes it.
fn fixed_work<S: Step>(role: &Role<S>, trace: &Trace<S>) -> Option<(String, String)> {
    let of_role = trace.events.iter().filter(|event| trace.cast[event.actor].role == role.name);
    let (mut steps, mut pauses, mut total) = (0_u64, 0_u64, Duration::ZERO);
    for event in of_role {
        match event.what {
            What::Said(_) => steps += 1,
            What::Paused(duration) => {
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

fn seen<S: Step>(trace: &Trace<S>, points: &Points) -> BTreeSet<String> {
    let points = points.keys().map(ToString::to_string);
    let ends = trace.events.iter().filter_map(|event| match &event.what {
        What::Ended(end) => Some((trace.cast[event.actor].role, end.kind())),
        _ => None,
    });
    let ends: BTreeSet<_> = ends.collect();
    points.chain(ends.into_iter().map(|(role, end)| format!("{role}: {end}"))).collect()
}

fn sights<S: Step>(trace: &Trace<S>, points: Points) -> BTreeMap<Point, Sight> {
    let sight = |(first, last)| Sight { first: Quote::of(trace, first), last: Quote::of(trace, last) };
    points.into_iter().map(|(point, events)| (point, sight(events))).collect()
}

/// The first and the last event of each point.
type Points = BTreeMap<Point, (usize, usize)>;

fn points<S: Step>(trace: &Trace<S>) -> Points {
    // Actors, not roles: a number is faster to look up than a word, and there may be a million events.
    let mut events: HashMap<(usize, S::Kind), (usize, usize)> = HashMap::new();
    for (index, event, step) in trace.said() {
        events.entry((event.actor, step.kind())).or_insert((index, index)).1 = index;
    }
    let mut points = Points::new();
    for ((actor, kind), (first, last)) in events {
        let span =
            points.entry(Point { role: trace.cast[actor].role, step: kind.name() }).or_insert((first, last));
        *span = (span.0.min(first), span.1.max(last));
    }
    points
}

/// The order of the telling steps, up to one more than a dozen.
fn order<S: Step>(trace: &Trace<S>, telling: &[S::Kind]) -> Vec<Turn> {
    let told = trace.said().filter(|(_, _, step)| telling.contains(&step.kind()));
    let turn = |actor: usize, step: &S| Turn { member: trace.cast[actor], step: step.kind().name() };
    told.take(DOZEN + 1).map(|(_, event, step)| turn(event.actor, step)).collect()
}
