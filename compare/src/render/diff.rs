//! A diff for eyes: the verdict, a line for each level, and then only what differs.

use std::iter;

use serde_json::Value;
use shared::{Level, Pace};

use super::Medium;
use super::summary::{plural, waits};
use super::text::{self, Styles, wrap};
use super::timeline::{View, timeline};
use crate::behaviour::habits::Share;
use crate::behaviour::interleavings::{OneSidedOrder, Order};
use crate::behaviour::relations::{Calm, OneSided, OneSidedStep};
use crate::behaviour::{
    AtOnce, Behaviour, CONFIDENCE, Finding, Fit, Habit, Interleavings, Judged, LEAST, LevelReport, Quote,
    Relations, SURE, Seen, Spread, unseen,
};
use crate::lab::{Arm, Round};
use crate::report::{Against, Diff};

/// How many relations, orders or habits are shown of a kind; the JSON has all.
const MOST: usize = 8;

/// How many findings are shown of a level.
const MOST_WRONG: usize = 3;

/// How many steps around a difference are shown of a script.
const AROUND: usize = 2;

/// The diff for eyes.
pub fn diff(diff: &Diff, medium: Medium) -> String {
    let styles = Styles::of(medium);
    let width = medium.width.unwrap_or(usize::MAX);
    let &Behaviour { arms, .. } = &diff.behaviour;
    let Behaviour { verdict, reason, levels, relations, interleavings, habits, .. } = &diff.behaviour;
    let mut lines = vec![
        styles.bold(&format!("{}: {} {}", diff.pattern, verdict.sign(), verdict.word())),
        styles.faint(&made(diff)),
        styles.faint(&plan(diff)),
    ];
    lines.extend(against(diff).map(|line| styles.faint(&line)));
    lines.extend(bound(&diff.behaviour));
    lines.extend(untried(&diff.behaviour));
    lines.push(String::new());
    lines.extend(levels.iter().map(|report| level(report, &styles)));
    lines
        .push(styles.faint(
            "  = alike, ≠ not alike, ✗ wrong, · undecided: nothing to compare, or chance explains it",
        ));
    let known: Vec<String> = differences(diff, &styles);
    let paragraphs = [
        of_overlaps(&diff.behaviour.at_once),
        known,
        match (diff.behaviour.findings.as_slice(), reason) {
            ([], Some(reason)) => {
                let reason = styles.bad(&format!("{} {reason}", verdict.sign()));
                iter::once(reason).chain(waits(&diff.behaviour)).collect()
            }
            (findings, _) => wrongs(findings, &styles),
        },
        relations.as_ref().map(of_relations).unwrap_or_default(),
        interleavings.as_ref().map(|orders| of_interleavings(arms, orders)).unwrap_or_default(),
        habits.as_ref().map(|habits| of_habits(arms, &habits.differing)).unwrap_or_default(),
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
        text.push_str(&timeline(&diff.lanes, &View::default(), medium));
    }
    if let Some(folder) = diff.traces.as_ref().filter(|_| diff.against.is_none()) {
        text.push('\n');
        wrap(&styles.faint(&format!("traces: {}", folder.display())), width, &mut text);
    }
    text
}

/// How the runs were made.
fn made(diff: &Diff) -> String {
    let count = |is: fn(&Round) -> bool| diff.rounds.iter().filter(|round| is(round)).count();
    let (noisy, calm) = (count(|round| round.noise.is_some()), count(Round::is_calm));
    let waiting = diff.rounds.iter().filter(|round| round.is_paced());
    let waiting: Vec<Pace> = waiting.map(|round| round.pace).collect();
    let alike = waiting.chunk_by(|one, next| one == next);
    let paced: Vec<String> = alike.map(|alike| format!("{} at pace {}, ", alike.len(), alike[0])).collect();
    let paced = paced.concat();
    let special = [
        (count(|round| round.meeting.is_some()), "in which actors wait for each other"),
        (count(|round| round.noise.is_some() && !round.pace.is_zero()), "with short waits"),
        (count(|round| round.alone), "with all tasks on one thread"),
        (count(|round| !round.plan.is_empty()), "with another plan"),
    ];
    let special = special.into_iter().filter(|(count, _)| *count > 0);
    let special: Vec<String> = special.map(|(count, what)| format!("{count} {what}")).collect();
    let special = if special.is_empty() { String::new() } else { format!(" ({})", special.join(", ")) };
    format!(
        "{}{} of each side: {paced}{noisy} with noise{special}, {calm} with neither waits nor noise; seed {}",
        if diff.interrupted { "interrupted after " } else { "" },
        plural(diff.rounds.len(), "run"),
        diff.settings.seed
    )
}

/// Which runs are of which arm, where they are of two folders.
fn against(diff: &Diff) -> Option<String> {
    let (folder, Against { folder: other, settings, .. }) = (diff.traces.as_ref()?, diff.against.as_ref()?);
    let [one, twin] = diff.behaviour.arms;
    Some(format!(
        "{one}: {} (seed {}); {twin}: {} (seed {})",
        folder.display(),
        diff.settings.seed,
        other.display(),
        settings.seed
    ))
}

/// How often what must be possible at once was, by itself and because it was brought about.
fn of_overlaps(overlaps: &[AtOnce]) -> Vec<String> {
    let line = |AtOnce { what, seen }: &AtOnce| {
        let [one, other] = seen.each_ref().map(|Seen { arm, shown, of, at_most, .. }| {
            let share = 100.0 * at_most;
            format!("in {shown} of {} of {arm} (at most {share:.0}\u{a0}%)", plural(*of, "run"))
        });
        let brought_about = if seen.iter().all(|seen| seen.tries == 0) {
            String::new()
        } else {
            let [one, other] = seen
                .each_ref()
                .map(|Seen { brought_about, tries, .. }| format!("{brought_about} of {tries}"));
            format!("; brought about in {one} and {other}")
        };
        format!("  {what}: by itself {one}, {other}{brought_about}")
    };
    overlaps.iter().map(line).collect()
}

/// What the verdict rests on, where the sides agree.
fn bound(Behaviour { runs, missed_at_most, .. }: &Behaviour) -> Option<String> {
    let Judged { runs, noisy, .. } = runs.judged.iter().min_by_key(|judged| judged.runs)?;
    let share = 100.0 * (*missed_at_most)?;
    // A share that is not nought is not shown as nought.
    let digits = if share < 1.0 { 2 } else { 1 };
    Some(format!(
        "{} of each side with this plan ({noisy} with noise): what shows in more than {share:.digits$}\u{a0}% of such runs was seen, at \
         {:.0}\u{a0}% confidence; another plan, machine or noise may show more",
        plural(*runs, "run"),
        100.0 * CONFIDENCE
    ))
}

/// What the bound says nothing about, because it takes more runs to be looked for.
fn untried(Behaviour { untried, missed_at_most, .. }: &Behaviour) -> Option<String> {
    let said = missed_at_most.is_some() && !untried.is_empty();
    said.then(|| format!("not looked for, or in too few runs: {}", untried.join("; ")))
}

fn plan(diff: &Diff) -> String {
    let fields = diff.plan.iter().map(|(key, value)| format!("{key} {}", plainly(value)));
    format!("plan: {}", fields.collect::<Vec<_>>().join(", "))
}

/// A value of a plan, as it is set.
fn plainly(value: &Value) -> String {
    match value {
        Value::String(text) => format!("{text:?}"),
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
    // What is wrong is shown below, event by event.
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

/// What is wrong: of each level the first few.
fn wrongs(findings: &[Finding], styles: &Styles) -> Vec<String> {
    let levels = findings.chunk_by(|one, next| one.level == next.level);
    levels.flat_map(|findings| few(findings, MOST_WRONG, |finding| wrong(finding, styles))).collect()
}

/// What is wrong, with the events that show it.
fn wrong(finding: &Finding, styles: &Styles) -> Vec<String> {
    let often = if finding.runs > 1 { format!("{} runs; ", finding.runs) } else { String::new() };
    let run = finding.exemplar.as_ref().map(|exemplar| format!(" ({often}{})", exemplar.head()));
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
fn few<T>(all: &[T], most: usize, lines_of: impl Fn(&T) -> Vec<String>) -> Vec<String> {
    let mut lines: Vec<String> = all.iter().take(most).flat_map(lines_of).collect();
    if all.len() > most {
        lines.push(format!("  and {} more: --format json has all", all.len() - most));
    }
    lines
}

fn of_relations(relations: &Relations) -> Vec<String> {
    let level = Level::Relations.word();
    let mut lines =
        few(&relations.one_sided_steps, MOST, |OneSidedStep { point, on, runs, of, calm, p, exemplar }| {
            let (sign, run, chance) = (sign(*p), exemplar.run, chance(calm, *p));
            vec![format!(
                "{sign} {level}: `{point}` on {on} only, in {runs} of {} ({run}; {chance})",
                plural(*of, "run")
            )]
        });
    let [stand, follow] = relations.folded();
    lines.extend(few(&stand, MOST, |found| {
        let OneSided { relation, on, holds, broken, of, calm, p, exemplar } = found;
        let (sign, run, chance) = (sign(*p), exemplar.run, chance(calm, *p));
        let mut lines = vec![format!(
            "{sign} {level}: {relation}: on {on} in {holds} of {holds}, on the other broken in {broken} of {} ({run}; \
             {chance})",
            plural(*of, "run")
        )];
        lines.extend(quotes(&exemplar.events));
        lines
    }));
    if !follow.is_empty() {
        lines
            .push(format!("  and {} that follow from these and from what holds on both sides", follow.len()));
    }
    lines
}

/// Whether a difference is one, or may be chance: the signs of the levels.
fn sign(p: Option<f64>) -> char {
    if p.is_some_and(|p| p < SURE) { '≠' } else { '·' }
}

/// What the runs without waits and noise say, which alone are tested.
fn chance(Calm { shown, of, others }: &Calm, p: Option<f64>) -> String {
    let p = p.map_or_else(|| "cannot be told".into(), probability);
    format!("without noise in {shown} of {of} against 0 of {others}: p {p}")
}

fn of_interleavings(arms: [Arm; 2], interleavings: &Interleavings) -> Vec<String> {
    let Interleavings { spreads, one_sided, .. } = interleavings;
    let side = |arm: Arm, spread: &Spread| {
        let Spread { runs, distinct, commonest, .. } = spread;
        let commonest = commonest.as_ref().map(|Order { order, runs, exemplar }| {
            format!("; the commonest, {}: {order} ({exemplar})", plural(*runs, "time"))
        });
        format!(
            "  {} on {} in {}, unseen {}{}",
            plural(*distinct, "order"),
            arm,
            plural(*runs, "run"),
            unseen(spread),
            commonest.unwrap_or_default()
        )
    };
    let mut lines: Vec<String> =
        arms.into_iter().zip(spreads).map(|(arm, spread)| side(arm, spread)).collect();
    lines.extend(few(one_sided, MOST, |found| {
        let OneSidedOrder { order: Order { order, exemplar, .. }, on, calm, of, others, at_most, p } = found;
        vec![format!(
            "≠ {}: on {} in {calm} of {of} without noise, on the other in 0 of {others} (at most {:.1}\u{a0}%): {order} \
             ({exemplar}; p {})",
            Level::Interleavings.word(),
            on,
            100.0 * at_most,
            probability(*p)
        )]
    }));
    lines
}

fn of_habits(arms: [Arm; 2], habits: &[Habit]) -> Vec<String> {
    let width = arms.map(|arm| arm.to_string().len()).into_iter().max().unwrap_or(0);
    few(habits, MOST, |Habit { first, second, shares, p, exemplar }| {
        let habit = format!(
            "≠ {}: {first} before {second} (p {}; the rarer order in {exemplar})",
            Level::Habits.word(),
            probability(*p)
        );
        let shares = arms.into_iter().zip(shares).map(|(arm, of)| format!("    {arm:<width$} {}", share(of)));
        iter::once(habit).chain(shares).collect()
    })
}

/// A share as a bar and in words; what was never seen with its bound.
fn share(Share { runs, of, at_most }: &Share) -> String {
    const PLACES: u64 = 20;
    let filled = if *of == 0 { 0 } else { (runs * PLACES + of / 2) / of };
    let bar: String = (0..PLACES).map(|place| if place < filled { '█' } else { '·' }).collect();
    match runs {
        0 => format!("{bar} 0 of {of} runs: at most {:.1}\u{a0}%", 100.0 * at_most),
        _ => format!("{bar} {runs} of {of} runs"),
    }
}

/// A probability; one that is less than is measured is shown as what it is below.
fn probability(p: f64) -> String {
    match p {
        p if p <= LEAST => format!("< {LEAST:e}"),
        p if p < 0.001 => format!("{p:.0e}"),
        p => format!("{p:.3}"),
    }
}
