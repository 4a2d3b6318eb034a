//! What decides: levels 1 to 3, outcomes, scripts and laws.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write as _;

use serde_json::Value;
use shared::{Difference, Level, Occurs};

use super::examination::Examination;
use super::finding::Finding;
use super::level::{DifferenceReport, LevelReport, MOST_REPORTED};
use super::quote::{Exemplar, RunName};
use super::throughout;
use super::verdict::Verdict;
use crate::lab::Arm;

pub(super) struct Decision {
    pub(super) verdict: Verdict,
    pub(super) levels: Vec<LevelReport>,
    pub(super) differences: Vec<DifferenceReport>,
    pub(super) findings: Vec<Finding>,
}

pub(super) fn decide(arms: [Arm; 2], runs: &[Examination], declared: &[Difference]) -> Decision {
    let plans = by_plan(runs);
    // What is documented is so of the plan that the pair is compared with.
    let ordinary: Vec<&Examination> =
        runs.iter().filter(|run| run.round().is_none_or(|round| round.plan.is_empty())).collect();
    let differing = differing_fields(arms, &ordinary, |run| &run.fixed);
    let differences: Vec<DifferenceReport> = declared
        .iter()
        .map(|difference| {
            let exemplar = match difference.level {
                Level::Outcome => {
                    differing.get(&difference.subject).and_then(|field| match difference.occurs {
                        Occurs::Always => field.always.then_some(field.exemplar.run),
                        Occurs::Sometimes => Some(field.exemplar.run),
                    })
                }
                _ => on_one_side_only(&watched(&ordinary), difference),
            };
            DifferenceReport { difference: difference.clone(), occurred: exemplar.is_some(), exemplar }
        })
        .collect();

    let mut wrong = of_runs(runs);
    let mut found = |finding: Finding| wrong.entry(finding.level).or_default().push(finding);
    for runs in plans.values() {
        let outcomes = differing_fields(arms, runs, |run| &run.fixed);
        let works = differing_fields(arms, &watched(runs), |run| &run.work);
        for (level, differing) in [(Level::Outcome, outcomes), (Level::Scripts, works)] {
            for (field, Differing { text, exemplar, runs, .. }) in differing {
                if !declared.iter().any(|known| known.level == level && known.subject == field) {
                    let what = format!("{field}: {text}");
                    found(Finding { level, what, runs, exemplar: Some(exemplar), script: Vec::new() });
                }
            }
        }
    }
    for arm in arms {
        throughout::findings(arm, runs).into_iter().for_each(&mut found);
    }
    for DifferenceReport { difference, occurred, .. } in &differences {
        if difference.occurs == Occurs::Always && !occurred {
            let [one, other] = arms.map(|arm| format!("on {arm}{}", near(&ordinary, arm)));
            let subject = &difference.subject;
            let what =
                format!("stale: `{subject}` is alike, though documented to differ always, {one} and {other}");
            let level = difference.level;
            found(Finding { level, what, runs: 0, exemplar: None, script: Vec::new() });
        }
    }

    let verdict = match (wrong.is_empty(), differences.iter().any(|difference| difference.occurred)) {
        (true, false) => Verdict::Same,
        (true, true) => Verdict::Documented,
        (false, _) => Verdict::Differs,
    };
    let deciding = Level::ALL.into_iter().filter(|level| level.decides());
    let levels = deciding.map(|level| level_report(arms, level, &wrong, runs)).collect();
    let findings = wrong.into_values().flatten().collect();
    Decision { verdict, levels, differences, findings }
}

/// The runs of each plan, by its text: only what had the same plan can be held against each other.
fn by_plan(runs: &[Examination]) -> BTreeMap<String, Vec<&Examination>> {
    let mut plans: BTreeMap<String, Vec<&Examination>> = BTreeMap::new();
    for run in runs {
        plans.entry(Value::from(run.circumstances.plan()).to_string()).or_default().push(run);
    }
    plans
}

/// Those of which it is known what their actors did.
fn watched<'a>(runs: &[&'a Examination]) -> Vec<&'a Examination> {
    runs.iter().copied().filter(|run| run.circumstances.is_watched()).collect()
}

/// What is wrong with the runs by themselves; the same of several runs of a side is reported once.
fn of_runs(runs: &[Examination]) -> BTreeMap<Level, Vec<Finding>> {
    let mut wrong: BTreeMap<Level, Vec<Finding>> = BTreeMap::new();
    let mut known: HashMap<(Level, Arm, &str), usize> = HashMap::new();
    for run in runs {
        for finding in &run.findings {
            let found = wrong.entry(finding.level).or_default();
            let place = *known.entry((finding.level, run.arm(), &finding.what)).or_insert(found.len());
            match found.get_mut(place) {
                Some(same) => same.seen_again(finding),
                None => found.push(finding.clone()),
            }
        }
    }
    wrong
}

fn level_report(
    arms: [Arm; 2],
    level: Level,
    wrong: &BTreeMap<Level, Vec<Finding>>,
    runs: &[Examination],
) -> LevelReport {
    let held = |run: &&Examination| level == Level::Outcome || run.circumstances.is_watched();
    let count = |arm| runs.iter().filter(held).filter(|run| run.arm() == arm).count();
    let Some(found) = wrong.get(&level) else {
        let [one, other] = arms;
        let detail = format!("{} runs of {one}, {} of {other}", count(one), count(other));
        return LevelReport { level, agrees: Some(true), detail };
    };
    let mut detail = found.iter().take(MOST_REPORTED).map(Finding::line).collect::<Vec<_>>().join("\n");
    if found.len() > MOST_REPORTED {
        let _ = write!(detail, "\nand {} more", found.len() - MOST_REPORTED);
    }
    LevelReport { level, agrees: Some(false), detail }
}

/// A field of the fixed outcome that is not one value over all runs.
struct Differing {
    /// No value of one side ever turns up on the other.
    always: bool,
    text: String,
    /// How many runs have another value than the first run of all.
    runs: usize,
    /// The first of them.
    exemplar: Exemplar,
}

fn differing_fields(
    arms: [Arm; 2],
    runs: &[&Examination],
    part: fn(&Examination) -> &BTreeMap<String, String>,
) -> BTreeMap<String, Differing> {
    let fields: BTreeSet<&String> = runs.iter().flat_map(|run| part(run).keys()).collect();
    let differing = fields.into_iter().filter_map(|field| {
        let value = |run: &Examination| part(run).get(field).map_or("nothing", String::as_str).to_owned();
        let first = value(runs.first()?);
        let mut others = runs.iter().filter(|run| value(run) != first);
        let Examination { circumstances, last_known, .. } = others.next()?;
        let events = Vec::from_iter(last_known.clone());
        let exemplar = Exemplar { run: circumstances.run, plan: circumstances.plan(), events };
        let values = arms.map(|arm| {
            let of_arm = runs.iter().filter(|run| run.arm() == arm);
            of_arm.map(|run| value(run)).collect::<BTreeSet<String>>()
        });
        let [ones, others_] = &values;
        let always = ones.is_disjoint(others_);
        // Which of the two is wrong it doesn't say, so it leads to both.
        let on = |(arm, values): (Arm, &BTreeSet<String>)| {
            let values = values.iter().cloned().collect::<Vec<_>>().join(" or ");
            format!("{values} on {arm}{}", near(runs, arm))
        };
        let text = arms.into_iter().zip(&values).map(on).collect::<Vec<_>>().join(", ");
        Some((field.clone(), Differing { always, text, runs: 1 + others.count(), exemplar }))
    });
    differing.collect()
}

/// Where in the source a run of this arm was last: near it, it made its outcome. Nothing where no run knows.
fn near(runs: &[&Examination], arm: Arm) -> String {
    let first = runs.iter().find(|run| run.arm() == arm);
    let source = first.and_then(|run| run.last_known.as_ref()?.source.as_ref());
    source.map_or_else(String::new, |source| format!(" (near {source})"))
}

/// The first run in which something is done on its side, always or sometimes, that is never done on the other.
fn on_one_side_only(runs: &[&Examination], difference: &Difference) -> Option<RunName> {
    let shown = |run: &Examination| run.seen.contains(&difference.subject);
    let (here, there): (Vec<_>, Vec<_>) =
        runs.iter().copied().partition(|run| difference.on == Some(run.arm().side()));
    if there.iter().any(|run| shown(run)) {
        return None;
    }
    let enough = match difference.occurs {
        Occurs::Always => here.iter().all(|run| shown(run)),
        Occurs::Sometimes => true,
    };
    let first = here.iter().find(|run| shown(run)).filter(|_| enough)?;
    Some(first.circumstances.run)
}
