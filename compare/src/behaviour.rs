//! Behaviour: holds the runs of both sides to the workload, and says whether the sides behave alike.
//!
//! No run is held to a run of the other side. Each is held to the workload; the sides are compared only in what the
//! workload fixes, and may differ there only as it documents.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::time::Duration;

use serde::Serialize;
use serde_json::{Map, Value, json};
use shared::trace::What;
use shared::{Breach, Difference, Kind as _, Level, Occurs, Outcome as _, Role, Side, Step, Trace, Workload};

use crate::lab::{Completed, Failure};

/// How much of a breach is told: the rest is more of the same.
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
    /// The levels, from what decides to what informs.
    pub levels: Vec<LevelReport>,
    /// The documented differences, and whether each showed.
    pub differences: Vec<DifferenceReport>,
    /// What is wrong; none where the sides agree.
    pub reason: Option<String>,
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
}

/// What one run showed.
#[derive(Debug, Clone)]
pub struct Examination {
    side: Side,
    /// Whether the order among its actors is known, so that it was held to the laws.
    sequenced: bool,
    /// The fixed part of its outcome, by field.
    fixed: BTreeMap<String, Value>,
    /// What the actors of each role did together, where the workload fixes it.
    work: BTreeMap<String, Value>,
    breaches: Vec<(Level, String)>,
    /// What the actors of each role did at least once, as `role: Step`, and how they ended, as `role: returned`.
    seen: BTreeSet<String>,
}

/// What one run shows of its side.
pub fn examine<W: Workload>(workload: &W, side: Side, sequenced: bool, run: &Completed<W>) -> Examination {
    let fixed = match run.outcome.fixed() {
        Value::Object(fields) => fields.into_iter().collect(),
        whole => BTreeMap::from([("outcome".into(), whole)]),
    };
    let work = workload.roles().iter().filter_map(|role| fixed_work(role, &run.trace)).collect();
    let breaches = breaches(workload, side, sequenced, run);
    Examination { side, sequenced, fixed, work, breaches, seen: seen(&run.trace) }
}

/// Holds one run to its workload; to the laws as well, if the order among its actors is recorded.
pub fn breaches<W: Workload>(
    workload: &W,
    side: Side,
    sequenced: bool,
    run: &Completed<W>,
) -> Vec<(Level, String)> {
    let Completed { outcome, trace, .. } = run;
    let outcome = workload.judge(outcome, trace).err().map(|breach| (Level::Outcome, breach));
    let scripts = trace.check_roles(&workload.roles()).into_iter().map(|breach| (Level::Scripts, breach));
    let laws = if sequenced { trace.check_laws(&workload.laws()) } else { Vec::new() };
    let laws = laws.into_iter().map(|breach| (Level::Laws, breach));
    let all = outcome.into_iter().chain(scripts).chain(laws);
    all.map(|(level, breach)| (level, tell(side, &breach, trace))).collect()
}

fn tell<S: Step>(side: Side, breach: &Breach, trace: &Trace<S>) -> String {
    let events: Vec<String> =
        breach.events.iter().take(MOST_TOLD).map(|&event| trace.show(event).to_string()).collect();
    if events.is_empty() {
        format!("{side}: {breach}")
    } else {
        format!("{side}: {breach} [{}]", events.join("; "))
    }
}

/// How many steps the actors of a role said and how often and how long they paused, where the workload fixes it.
fn fixed_work<S: Step>(role: &Role<S>, trace: &Trace<S>) -> Option<(String, Value)> {
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
        work.steps.fixed().map(|_| ("steps", json!(steps))),
        work.pauses.fixed().map(|_| ("pauses", json!(pauses))),
        // Of a range where the number of pauses is fixed, they are drawn: by the seed of the run, so alike on both sides.
        work.pauses.fixed().map(|_| ("paused_ns", json!(total.as_nanos().to_string()))),
    ];
    let done: Map<String, Value> =
        done.into_iter().flatten().map(|(name, value)| (name.into(), value)).collect();
    (!done.is_empty()).then(|| (format!("{}: work", role.name), Value::Object(done)))
}

fn seen<S: Step>(trace: &Trace<S>) -> BTreeSet<String> {
    let what = trace.events.iter().filter_map(|event| {
        let what = match &event.what {
            What::Said(step) => step.kind().name().into(),
            What::Ended(end) => end.kind().to_string(),
            What::Began | What::Paused(_) => return None,
        };
        Some(format!("{}: {what}", trace.cast[event.actor].role))
    });
    what.collect()
}

/// What all runs of both sides come to, given the differences that the workload declares.
pub fn conclude(runs: &[Examination], declared: &[Difference]) -> Behaviour {
    let differing = differing_fields(runs, |run| &run.fixed);
    let differing_work = differing_fields(runs, |run| &run.work);
    let differences: Vec<DifferenceReport> = declared
        .iter()
        .map(|difference| {
            let occurred = match difference.level {
                Level::Outcome => {
                    differing.get(&difference.subject).is_some_and(|field| match difference.occurs {
                        Occurs::Always => field.always,
                        Occurs::Sometimes => true,
                    })
                }
                _ => on_one_side_only(runs, difference),
            };
            DifferenceReport { difference: difference.clone(), occurred }
        })
        .collect();

    let mut wrong: BTreeMap<Level, Vec<String>> = BTreeMap::new();
    for (level, told) in runs.iter().flat_map(|run| &run.breaches) {
        wrong.entry(*level).or_default().push(told.clone());
    }
    for (level, differing) in [(Level::Outcome, &differing), (Level::Scripts, &differing_work)] {
        for (field, Differing { told, .. }) in differing {
            if !declared.iter().any(|known| known.level == level && known.subject == *field) {
                wrong.entry(level).or_default().push(format!("{field}: {told}"));
            }
        }
    }
    for DifferenceReport { difference, occurred } in &differences {
        if difference.occurs == Occurs::Always && !occurred {
            let stale =
                format!("stale: `{}` is documented to differ always, and did not", difference.subject);
            wrong.entry(difference.level).or_default().push(stale);
        }
    }

    let verdict = match (wrong.is_empty(), differences.iter().any(|difference| difference.occurred)) {
        (true, false) => Verdict::Same,
        (true, true) => Verdict::Documented,
        (false, _) => Verdict::Differs,
    };
    let reason = wrong.values().flatten().next().cloned();
    let levels = [Level::Outcome, Level::Scripts, Level::Laws].map(|level| level_report(level, &wrong, runs));
    Behaviour { verdict, levels: levels.into(), differences, reason }
}

fn level_report(level: Level, wrong: &BTreeMap<Level, Vec<String>>, runs: &[Examination]) -> LevelReport {
    // What has no recorded order was not held to the laws.
    let held = |run: &&Examination| level != Level::Laws || run.sequenced;
    let count = |side| runs.iter().filter(held).filter(|run| run.side == side).count();
    let (threads, tasks) = (count(Side::Threaded), count(Side::Asynchronous));
    let Some(told) = wrong.get(&level) else {
        return LevelReport {
            level,
            agrees: Some(true),
            detail: format!("{threads} runs of threads, {tasks} of tasks"),
        };
    };
    let mut detail = told.iter().take(MOST_TOLD).map(String::as_str).collect::<Vec<_>>().join("\n");
    if told.len() > MOST_TOLD {
        let _ = write!(detail, "\nand {} more", told.len() - MOST_TOLD);
    }
    LevelReport { level, agrees: Some(false), detail }
}

/// A field of the fixed outcome that is not one value over all runs.
struct Differing {
    /// No value of one side ever turns up on the other.
    always: bool,
    told: String,
}

fn differing_fields(
    runs: &[Examination],
    part: fn(&Examination) -> &BTreeMap<String, Value>,
) -> BTreeMap<String, Differing> {
    let fields: BTreeSet<&String> = runs.iter().flat_map(|run| part(run).keys()).collect();
    let values = |side, field: &String| -> BTreeSet<String> {
        let of_side = runs.iter().filter(|run| run.side == side);
        of_side.map(|run| part(run).get(field).unwrap_or(&Value::Null).to_string()).collect()
    };
    let differing = fields.into_iter().filter_map(|field| {
        let [threads, tasks] = Side::BOTH.map(|side| values(side, field));
        if threads.len() == 1 && threads == tasks {
            return None;
        }
        let list = |values: &BTreeSet<String>| values.iter().cloned().collect::<Vec<_>>().join(" or ");
        let told = format!("{} on threads, {} on tasks", list(&threads), list(&tasks));
        Some((field.clone(), Differing { always: threads.is_disjoint(&tasks), told }))
    });
    differing.collect()
}

/// Whether something is done on its side, always or sometimes, and never on the other.
fn on_one_side_only(runs: &[Examination], difference: &Difference) -> bool {
    let [threads, tasks] = Side::BOTH.map(|side| {
        let of_side: Vec<_> = runs.iter().filter(|run| run.side == side).collect();
        (of_side.iter().filter(|run| run.seen.contains(&difference.subject)).count(), of_side.len())
    });
    let shown = |(seen, runs): (usize, usize)| match difference.occurs {
        Occurs::Always => seen == runs,
        Occurs::Sometimes => seen > 0,
    };
    match difference.on {
        Some(Side::Threaded) => shown(threads) && tasks.0 == 0,
        Some(Side::Asynchronous) => shown(tasks) && threads.0 == 0,
        None => false,
    }
}

impl Behaviour {
    /// The behaviour of a pair of which a run failed, so that there is nothing to compare.
    pub fn failed(side: Side, failure: &Failure) -> Self {
        let verdict =
            if matches!(failure, Failure::Incomplete(_)) { Verdict::Incomplete } else { Verdict::Failed };
        let unknown = |level| LevelReport { level, agrees: None, detail: "not compared".into() };
        Self {
            verdict,
            levels: [Level::Outcome, Level::Scripts, Level::Laws].map(unknown).into(),
            differences: Vec::new(),
            reason: Some(format!("{side}: {failure}")),
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
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::slice;

    use serde_json::{Value, json};
    use shared::{Difference, Level, Side};

    use super::{Behaviour, Examination, Verdict, conclude};

    fn run(side: Side, sum: &Value, seen: &[&str]) -> Examination {
        Examination {
            side,
            sequenced: true,
            work: BTreeMap::new(),
            fixed: BTreeMap::from([("sum".into(), sum.clone())]),
            breaches: Vec::new(),
            seen: seen.iter().map(ToString::to_string).collect::<BTreeSet<_>>(),
        }
    }

    fn threads(sum: &Value, seen: &[&str]) -> Examination {
        run(Side::Threaded, sum, seen)
    }

    fn tasks(sum: &Value, seen: &[&str]) -> Examination {
        run(Side::Asynchronous, sum, seen)
    }

    fn agrees(behaviour: &Behaviour, level: Level) -> Option<bool> {
        behaviour.levels.iter().find(|report| report.level == level).and_then(|report| report.agrees)
    }

    #[test]
    fn equal_runs_are_the_same() {
        let behaviour = conclude(&[threads(&json!(45), &[]), tasks(&json!(45), &[])], &[]);
        assert_eq!((behaviour.verdict, behaviour.reason), (Verdict::Same, None));
    }

    #[test]
    fn a_field_that_differs_and_is_not_documented_decides() {
        let behaviour = conclude(&[threads(&json!(45), &[]), tasks(&json!(44), &[])], &[]);
        assert_eq!(behaviour.verdict, Verdict::Differs);
        assert_eq!(behaviour.reason.as_deref(), Some("sum: 45 on threads, 44 on tasks"));
        assert_eq!(agrees(&behaviour, Level::Outcome), Some(false));
        assert_eq!(agrees(&behaviour, Level::Laws), Some(true));
    }

    #[test]
    fn a_field_that_varies_on_one_side_is_not_fixed() {
        let runs = [threads(&json!(1), &[]), threads(&json!(2), &[]), tasks(&json!(1), &[])];
        assert_eq!(conclude(&runs, &[]).verdict, Verdict::Differs);
        let known = [Difference::in_outcome("sum", "by luck").sometimes()];
        assert_eq!(conclude(&runs, &known).verdict, Verdict::Documented);
        let always = [Difference::in_outcome("sum", "by nature")];
        assert_eq!(conclude(&runs, &always).verdict, Verdict::Differs, "it is not always so");
    }

    #[test]
    fn a_documented_difference_that_shows_is_agreement() {
        let runs = [threads(&json!(false), &["main: BeforeStart"]), tasks(&Value::Null, &[])];
        let known = [
            Difference::in_outcome("sum", "none"),
            Difference::in_scripts(Side::Threaded, "main", "BeforeStart", "none"),
        ];
        let behaviour = conclude(&runs, &known);
        assert_eq!(behaviour.verdict, Verdict::Documented);
        assert!(behaviour.differences.iter().all(|difference| difference.occurred));
        assert_eq!(behaviour.forbids_timing(), None);
    }

    #[test]
    fn a_documented_difference_that_never_shows_is_stale() {
        let runs = [threads(&json!(1), &["main: Asked"]), tasks(&json!(1), &["main: Asked"])];
        for known in [
            Difference::in_outcome("sum", "none"),
            Difference::in_scripts(Side::Threaded, "main", "Asked", "none"),
        ] {
            let behaviour = conclude(&runs, slice::from_ref(&known));
            assert_eq!(behaviour.verdict, Verdict::Differs);
            assert!(behaviour.reason.is_some_and(|reason| reason.starts_with("stale")));
            assert_eq!(
                conclude(&runs, &[known.sometimes()]).verdict,
                Verdict::Same,
                "sometimes is not always"
            );
        }
    }

    #[test]
    fn a_documented_difference_on_the_wrong_side_is_stale() {
        let runs = [threads(&json!(1), &[]), tasks(&json!(1), &["main: Asked"])];
        let known = [Difference::in_scripts(Side::Threaded, "main", "Asked", "only threads ask")];
        assert_eq!(conclude(&runs, &known).verdict, Verdict::Differs);
    }

    #[test]
    fn fixed_work_that_differs_decides() {
        let worked = |side, steps: u64| Examination {
            work: BTreeMap::from([("worker: work".into(), json!({ "steps": steps }))]),
            ..run(side, &json!(1), &[])
        };
        let behaviour = conclude(&[worked(Side::Threaded, 3), worked(Side::Asynchronous, 4)], &[]);
        assert_eq!(agrees(&behaviour, Level::Scripts), Some(false));
        let reason = "worker: work: {\"steps\":3} on threads, {\"steps\":4} on tasks";
        assert_eq!(behaviour.reason.as_deref(), Some(reason));
    }

    #[test]
    fn only_sequenced_runs_are_held_to_the_laws() {
        let timed = Examination { sequenced: false, ..threads(&json!(1), &[]) };
        let behaviour = conclude(&[timed, threads(&json!(1), &[]), tasks(&json!(1), &[])], &[]);
        let details: Vec<&str> = behaviour.levels.iter().map(|level| level.detail.as_str()).collect();
        let (all, sequenced) = ("2 runs of threads, 1 of tasks", "1 runs of threads, 1 of tasks");
        assert_eq!(details, [all, all, sequenced]);
    }

    #[test]
    fn unequal_work_is_not_timed() {
        let runs = [threads(&json!(1), &["main: Asked"]), tasks(&json!(1), &[])];
        let known = [Difference::in_scripts(Side::Threaded, "main", "Asked", "only threads ask").of_work()];
        let behaviour = conclude(&runs, &known);
        assert_eq!(behaviour.verdict, Verdict::Documented);
        assert_eq!(
            behaviour.forbids_timing().as_deref(),
            Some("the sides do unequal work: only threads ask")
        );
    }

    #[test]
    fn a_breach_decides() {
        let mut broken = threads(&json!(1), &[]);
        broken.breaches.push((Level::Laws, "threaded: two inside".into()));
        let behaviour = conclude(&[broken, tasks(&json!(1), &[])], &[]);
        assert_eq!(behaviour.verdict, Verdict::Differs);
        assert_eq!(agrees(&behaviour, Level::Laws), Some(false));
        assert_eq!(behaviour.forbids_timing().as_deref(), Some("the sides don't behave alike"));
    }
}
