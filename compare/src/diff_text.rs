//! A diff for eyes: the verdict, a line for each level, and then only what differs.

use serde_json::Value;
use shared::{Level, Side};

use crate::behaviour::habits::Share;
use crate::behaviour::interleavings::{OneSidedOrder, Order};
use crate::behaviour::relations::{OneSided, Stranger};
use crate::behaviour::{
    Behaviour, Finding, Fit, Habit, Interleavings, LevelReport, Quote, Relations, Spread, unseen,
};
use crate::diff::{Diff, Rounds};
use crate::lanes;
use crate::output::Medium;
use crate::text::{self, Styles, wrap};

/// How many relations, orders or habits are told of a kind; the JSON has all.
const MOST: usize = 8;

/// How many steps around a difference are told of a script.
const AROUND: usize = 2;

/// The diff for eyes.
pub(crate) fn text(diff: &Diff, medium: Medium) -> String {
    let styles = Styles::of(medium);
    let width = medium.width.unwrap_or(usize::MAX);
    let Behaviour { verdict, reason, levels, relations, interleavings, habits, .. } = &diff.behaviour;
    let mut lines = vec![
        styles.bold(&format!("{}: {} {}", diff.pattern, verdict.sign(), verdict.word())),
        styles.faint(&made(diff)),
        styles.faint(&plan(diff)),
        String::new(),
    ];
    lines.extend(levels.iter().map(|report| level(report, &styles)));
    let known: Vec<String> = differences(diff, &styles);
    let paragraphs = [
        known,
        match (diff.behaviour.findings.as_slice(), reason) {
            ([], Some(reason)) => vec![styles.bad(&format!("{} {reason}", verdict.sign()))],
            (findings, _) => findings.iter().flat_map(|finding| wrong(finding, &styles)).collect(),
        },
        relations.as_ref().map(of_relations).unwrap_or_default(),
        interleavings.as_ref().map(of_interleavings).unwrap_or_default(),
        habits.as_ref().map(|habits| of_habits(&habits.differing)).unwrap_or_default(),
    ];
    for paragraph in paragraphs.into_iter().filter(|paragraph| !paragraph.is_empty()) {
        lines.push(String::new());
        lines.extend(paragraph);
    }
    let mut text = String::new();
    for line in lines {
        wrap(&line, width, &mut text);
    }
    if !diff.lanes.is_empty() {
        text.push('\n');
        text.push_str(&lanes::lanes(&diff.lanes, medium.width));
    }
    if let Some(folder) = &diff.traces {
        text.push_str(&styles.faint(&format!("\ntraces: {}\n", folder.display())));
    }
    text
}

/// How the runs were made.
fn made(diff: &Diff) -> String {
    let Rounds { all, noisy, calm } = diff.rounds;
    let interrupted = if diff.interrupted { "interrupted after " } else { "" };
    let setting = |key: &str| diff.settings.get(key).map(plainly).unwrap_or_default();
    format!(
        "{interrupted}{all} runs of each side: {noisy} with noise, {calm} with neither noise nor waits; pace {}, seed {}, tokio \
         {} with {} workers",
        setting("pace"),
        setting("seed"),
        setting("runtime"),
        setting("workers")
    )
}

fn plan(diff: &Diff) -> String {
    let fields = diff.plan.iter().map(|(key, value)| format!("{key} {}", plainly(value)));
    format!("plan: {}", fields.collect::<Vec<_>>().join(", "))
}

/// A value without the marks of JSON.
fn plainly(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Object(_) => serde_json::from_value(value.clone())
            .map_or_else(|_| value.to_string(), |time| humantime::format_duration(time).to_string()),
        _ => value.to_string(),
    }
}

fn level(LevelReport { level, agrees, detail }: &LevelReport, styles: &Styles) -> String {
    let sign = match (agrees, level.decides()) {
        (Some(true), _) => styles.good("="),
        (Some(false), true) => styles.bad("✗"),
        (Some(false), false) => styles.warn("≠"),
        (None, _) => styles.faint("·"),
    };
    // What is wrong is told below, event by event.
    let detail = if *agrees == Some(false) && level.decides() { "see below" } else { detail };
    format!("  {sign} {:<15}{detail}", level.word())
}

/// The documented differences that showed, each with a run that shows it.
fn differences(diff: &Diff, styles: &Styles) -> Vec<String> {
    let shown = diff.behaviour.differences.iter().filter(|report| report.occurred);
    let shown = shown.flat_map(|report| {
        let line = text::differences([(diff.pattern, &report.difference)], styles);
        line.into_iter().map(|line| match report.exemplar {
            Some(run) => format!("{line} ({run})"),
            None => line,
        })
    });
    shown.collect()
}

/// What is wrong, with the events that show it.
fn wrong(finding: &Finding, styles: &Styles) -> Vec<String> {
    let often = if finding.runs > 1 { format!("{} runs; ", finding.runs) } else { String::new() };
    let run = finding.exemplar.as_ref().map(|exemplar| format!(" ({often}{})", exemplar.run));
    let run = run.unwrap_or_default();
    let mut lines = vec![format!("{} {}: {}{run}", styles.bad("✗"), finding.level.word(), finding.what)];
    if finding.script.is_empty() {
        lines.extend(finding.exemplar.iter().flat_map(|exemplar| quotes(&exemplar.events)));
    } else {
        lines.extend(script(finding, styles));
    }
    lines
}

fn quotes(events: &[Quote]) -> Vec<String> {
    events.iter().map(|quote| format!("    {quote}")).collect()
}

/// What the actor did, aligned with what it should have done; of what is right, only what is near.
fn script(Finding { script, .. }: &Finding, styles: &Styles) -> Vec<String> {
    let differs = |place: usize| script.get(place).is_some_and(|line| line.fits != Fit::Kept);
    let near = |place: usize| (place.saturating_sub(AROUND)..=place + AROUND).any(differs);
    let mut lines = Vec::new();
    let mut skipped = 0;
    let skip = |skipped: &mut usize, lines: &mut Vec<String>| {
        if *skipped > 0 {
            lines.push(styles.faint(&format!("      … {skipped} as due")));
        }
        *skipped = 0;
    };
    for (place, line) in script.iter().enumerate() {
        if !near(place) {
            skipped += 1;
            continue;
        }
        skip(&mut skipped, &mut lines);
        let event = line.event.map(|event| format!("#{event} ")).unwrap_or_default();
        lines.push(match line.fits {
            Fit::Kept => format!("    = {event}{}", line.step),
            Fit::Extra => styles.bad(&format!("    + {event}{} (not due here)", line.step)),
            Fit::Missing => styles.bad(&format!("    - {} (due here, and missing)", line.step)),
        });
    }
    skip(&mut skipped, &mut lines);
    lines
}

/// The first few, and how many more there are.
fn few<T>(all: &[T], told: impl Fn(&T) -> Vec<String>) -> Vec<String> {
    let mut lines: Vec<String> = all.iter().take(MOST).flat_map(told).collect();
    if all.len() > MOST {
        lines.push(format!("  and {} more: --format json has all", all.len() - MOST));
    }
    lines
}

fn of_relations(relations: &Relations) -> Vec<String> {
    let mut lines = few(&relations.strangers, |Stranger { point, on, runs, exemplar }| {
        vec![format!(
            "≠ {}: only {} say `{point}`, in {runs} runs ({})",
            Level::Relations.word(),
            on.actors(),
            exemplar.run
        )]
    });
    lines.extend(few(&relations.one_sided, |OneSided { relation, on, holds, broken, of, exemplar }| {
        let mut lines = vec![format!(
            "≠ {}: only on {}, {relation}: in all {holds} runs, and broken in {broken} of {of} of the other side ({})",
            Level::Relations.word(),
            on.actors(),
            exemplar.run
        )];
        lines.extend(quotes(&exemplar.events));
        lines
    }));
    lines
}

fn of_interleavings(interleavings: &Interleavings) -> Vec<String> {
    let Interleavings { threaded, asynchronous, one_sided, .. } = interleavings;
    let side = |side: Side, spread: &Spread| {
        let Spread { runs, distinct, commonest, .. } = spread;
        let commonest = commonest.as_ref().map(|Order { order, runs, exemplar }| {
            format!("; the commonest, {runs} times: {order} ({exemplar})")
        });
        format!(
            "  orders on {}: {distinct} in {runs} runs, unseen {}{}",
            side.actors(),
            unseen(spread),
            commonest.unwrap_or_default()
        )
    };
    let mut lines = vec![side(Side::Threaded, threaded), side(Side::Asynchronous, asynchronous)];
    lines.extend(few(one_sided, |OneSidedOrder { order: Order { order, runs, exemplar }, on, of, p }| {
        vec![format!(
            "≠ {}: {runs} times on {}, never in {of} runs of the other side: {order} ({exemplar}; p {})",
            Level::Interleavings.word(),
            on.actors(),
            probability(*p)
        )]
    }));
    lines
}

fn of_habits(habits: &[Habit]) -> Vec<String> {
    few(habits, |Habit { first, second, threaded, asynchronous, p, exemplar }| {
        vec![
            format!(
                "≠ {}: `{first}` before `{second}`, the first of each (p {}; otherwise in {exemplar})",
                Level::Habits.word(),
                probability(*p)
            ),
            format!("    threads {}", share(threaded)),
            format!("    tasks   {}", share(asynchronous)),
        ]
    })
}

/// A share as a bar and in words; what was never seen with its bound.
fn share(Share { runs, of, at_most }: &Share) -> String {
    const PLACES: u64 = 20;
    let filled = if *of == 0 { 0 } else { (runs * PLACES + of / 2) / of };
    let bar: String = (0..PLACES).map(|place| if place < filled { '█' } else { '·' }).collect();
    match runs {
        0 => format!("{bar} 0 of {of}: less than {:.1} %", 100.0 * at_most),
        _ => format!("{bar} {runs} of {of}"),
    }
}

fn probability(p: f64) -> String {
    if p < 0.001 { format!("{p:.0e}") } else { format!("{p:.3}") }
}
