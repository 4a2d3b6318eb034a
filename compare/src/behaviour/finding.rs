//! Findings: what is wrong with one run, or with all of them.

use serde::{Deserialize, Serialize};
use shared::{Aligned, Breach, Level, Role, Trace, align, check_conduct, check_laws, check_roles};

use super::quote::{Circumstances, Exemplar, Quote};
use super::whereabouts::check_whereabouts;
use crate::pair::{Problem, Yielded};

/// Something that is wrong with a run, or with all of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
    /// The same was found again: what shows with the pair's own plan is told so.
    pub(super) fn seen_again(&mut self, again: &Self) {
        self.runs += 1;
        let has_own_plan =
            |finding: &Self| finding.exemplar.as_ref().is_some_and(|shown| shown.plan.is_empty());
        if has_own_plan(again) && !has_own_plan(self) {
            (self.exemplar, self.script) = (again.exemplar.clone(), again.script.clone());
        }
    }

    /// The finding in a line.
    pub fn line(&self) -> String {
        match &self.exemplar {
            Some(exemplar) if self.runs > 1 => format!("{} ({} runs; {exemplar})", self.what, self.runs),
            Some(exemplar) => format!("{} ({exemplar})", self.what),
            None => self.what.clone(),
        }
    }
}

/// One place of an actor's steps, aligned with its role's language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScriptLine {
    /// Whether the step is right here.
    pub fits: Fit,
    /// The step.
    pub step: String,
    /// The place of the event in the trace; none for a step that is missing.
    pub event: Option<usize>,
}

/// Whether a step is right at its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Fit {
    /// It is.
    Kept,
    /// The language has no such step here.
    Extra,
    /// The language asks for this step here.
    Missing,
}

/// Holds one run to the workload, and to what every run must keep; where it is not known what its actors did, its outcome
/// alone.
pub fn findings(
    problem: &dyn Problem,
    circumstances: &Circumstances,
    yielded: &Yielded,
    trace: &Trace,
) -> Vec<Finding> {
    let (roles, run) = (problem.roles(), circumstances.run);
    let watched = circumstances.is_watched().then_some(trace);
    let outcome = problem.judge(yielded, watched).err().map(|breach| (Level::Outcome, breach));
    let scripts = watched.map_or_else(Vec::new, |trace| check_roles(trace, &roles));
    let scripts = scripts.into_iter().map(|breach| (Level::Scripts, breach));
    let laws = watched.map_or_else(Vec::new, |trace| {
        let whereabouts = check_whereabouts(problem, run.arm, trace);
        [check_laws(trace, &problem.laws()), check_conduct(trace), whereabouts].concat()
    });
    let laws = laws.into_iter().map(|breach| (Level::Laws, breach));
    let mut findings = Vec::new();
    for (level, Breach { what, events }) in outcome.into_iter().chain(scripts).chain(laws) {
        // One alignment for a run is enough to see what goes wrong, and each takes its time.
        let first = findings.iter().all(|finding: &Finding| finding.level != level);
        let script = match events.first() {
            Some(&event) if level == Level::Scripts && first => script(trace, &roles, event),
            _ => Vec::new(),
        };
        // What has no event of its own is found where the main line ends.
        let events = if events.is_empty() { Vec::from_iter(trace.last_known()) } else { events };
        let events = events.into_iter().map(|event| Quote::of(trace, event)).collect();
        let exemplar = Some(Exemplar { run, plan: circumstances.plan(), events });
        findings.push(Finding { level, what, runs: 1, exemplar, script });
    }
    findings
}

/// What the actor of this event did, aligned with its role's language; nothing if that is not what is wrong.
fn script(trace: &Trace, roles: &[Role], event: usize) -> Vec<ScriptLine> {
    let Some((events, aligned)) = align(trace, trace.events[event].actor, roles) else { return Vec::new() };
    let line_of = |fits, place: usize| ScriptLine {
        fits,
        step: trace.events[events[place]].what.to_string(),
        event: Some(events[place]),
    };
    let line = |place| match place {
        Aligned::Kept(place) => line_of(Fit::Kept, place),
        Aligned::Extra(place) => line_of(Fit::Extra, place),
        Aligned::Missing(step) => ScriptLine { fits: Fit::Missing, step, event: None },
    };
    let lines: Vec<ScriptLine> = aligned.into_iter().map(line).collect();
    if lines.iter().all(|line| line.fits == Fit::Kept) { Vec::new() } else { lines }
}
