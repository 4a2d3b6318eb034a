//! What is said of a report around its table, on a terminal and in Markdown alike.

use std::time::Duration;

use super::text::{self, Styles, duration};
use crate::behaviour::{Behaviour, Verdict};
use crate::lab::{Arm, NOISY, Settings};
use crate::report::{PairReport, Report, StopwatchReport, Timing};
use crate::timing::{Ratio, Winner, median_time};

/// Of how many pairs something is told, before the others are counted.
const MOST_TOLD: usize = 4;

/// The ends of an interval that differ by more than so many times are told.
const WIDE: f64 = 3.0;

/// How many pairs came to which verdict.
pub(crate) fn heading(report: &Report) -> String {
    if report.pairs.is_empty() {
        return "interrupted before anything was compared".into();
    }
    let counts = Verdict::ALL.map(|verdict| (report.count(verdict), verdict)).into_iter();
    let counts = counts.filter(|(count, _)| *count > 0);
    let counts: Vec<String> =
        counts.map(|(count, verdict)| format!("{count} {} {}", verdict.sign(), verdict.word())).collect();
    let all = plural(report.pairs.len(), "pair");
    let of = if report.interrupted {
        format!("interrupted, {all} of {}", report.selected)
    } else if report.pairs.len() < report.selected {
        format!("ended early, {all} of {}", report.selected)
    } else {
        all
    };
    format!("{of}: {}", counts.join(", "))
}

/// Where and how it was measured.
pub(crate) fn machine(report: &Report) -> String {
    let Settings { pace, seed, .. } = report.settings;
    let arms: Vec<String> = report.arms.iter().map(Arm::to_string).collect();
    let cores = plural(report.environment.cores, "core");
    format!("{} on {cores}; pace {pace}, seed {seed}", arms.join(", "))
}

pub(crate) fn plural(count: usize, noun: &str) -> String {
    let ending = match noun {
        _ if count == 1 => "",
        _ if noun.ends_with('s') => "es",
        _ => "s",
    };
    format!("{count} {noun}{ending}")
}

/// The first few of these things, in a line with this begin; no line without any.
fn few_of(begin: &str, things: impl Iterator<Item = String>) -> Option<String> {
    let things: Vec<String> = things.collect();
    let (told, more) = things.split_at(things.len().min(MOST_TOLD));
    let more = if more.is_empty() { String::new() } else { format!(", and {} more", more.len()) };
    (!told.is_empty()).then(|| format!("{begin}: {}{more}", told.join(", ")))
}

/// A ratio or its reciprocal, whichever is greater than 1.
fn factor(ratio: f64) -> f64 {
    ratio.max(1.0 / ratio)
}

/// So many [times](factor) as fast.
pub(crate) fn times(ratio: f64) -> String {
    let times = factor(ratio);
    let digits = if times < 1.995 { 2 } else { usize::from(times < 9.95) };
    format!("{times:.digits$}×")
}

/// What these pairs of a report come to, in which these arms are compared.
fn conclusion(report: &Report, arms: [Arm; 2], pairs: &[PairReport]) -> Vec<String> {
    let timed: Vec<(&PairReport, &Timing)> =
        pairs.iter().filter_map(|pair| Some((pair, pair.timing.as_ref()?))).collect();
    if timed.is_empty() {
        return Vec::new();
    }
    let of = |winner| timed.iter().filter(move |(_, timing)| timing.ratio.winner == winner);
    let all = plural(timed.len(), "pair");
    let ahead = [Winner::First, Winner::Second].map(|winner| {
        let ratios: Vec<f64> = of(winner).map(|(_, timing)| factor(timing.ratio.ratio)).collect();
        let size = match (ratios.iter().copied().reduce(f64::min), ratios.iter().copied().reduce(f64::max)) {
            (Some(least), Some(most)) if ratios.len() > 1 => {
                format!(" ({} to {})", times(least), times(most))
            }
            (Some(least), _) => format!(" ({})", times(least)),
            _ => String::new(),
        };
        format!("{} in {}{size}", winner.words(arms), ratios.len())
    });
    // A share of 0.07 is not quite that.
    let share = (1e4 * report.effort.min_effect).round() / 100.0;
    let mut lines = vec![format!(
        "without waits, of {all}: {}; equal, within {share}\u{a0}%, {}; open {}",
        ahead.join(", "),
        of(Winner::Nobody).count(),
        of(Winner::Open).count()
    )];
    let open = of(Winner::Open).map(|(pair, timing)| {
        let needed = match timing.needed {
            Some(needed) => format!("some {needed} of them"),
            None => "no number of them".into(),
        };
        let ratio = times(timing.ratio.ratio);
        format!("{} ({ratio} after {}, {needed})", pair.pattern, plural(timing.processes.len(), "process"))
    });
    lines.extend(few_of("open, and how many processes like these would decide (--runs or --budget)", open));
    let wide = timed.iter().filter_map(|(pair, Timing { ratio: Ratio { low, high, .. }, .. })| {
        let high = high.filter(|high| *high > WIDE * low)?;
        Some(format!("{} ({low:.2} to {high:.2})", pair.pattern))
    });
    lines.extend(few_of("ratios that differ much from process to process", wide));
    let unlike = pairs.iter().filter(|pair| pair.waits_unlike()).map(|pair| pair.pattern.to_string());
    lines.extend(few_of("≠ with waits, one side takes far longer, which its pauses don't explain", unlike));
    let late = [0, 1].map(|place| {
        let waits = pairs.iter().filter_map(|pair| pair.waits.as_ref());
        let late: Vec<Duration> =
            waits.filter_map(|waits| waits.late_ns[place]).map(Duration::from_nanos).collect();
        median_time(&late)
    });
    if let [Some(first), Some(second)] = late.map(|late| late.map(duration)) {
        let [one, other] = arms;
        lines
            .push(format!("a pause lasts longer than asked by {first} on {one}, and by {second} on {other}"));
    }
    lines
}

/// What is wrong with the pairs that don't agree, and why others were not timed.
fn wrong(pairs: &[PairReport], styles: &Styles) -> Vec<String> {
    let mut lines = Vec::new();
    for pair in pairs {
        let (name, verdict) = (pair.pattern, pair.behaviour.verdict);
        if let Some(reason) = &pair.behaviour.reason {
            lines.push(format!("{} {name}: {reason}", styles.bad(&verdict.sign().to_string())));
            lines.extend(waits(&pair.behaviour));
        } else if let Some(reason) = &pair.untimed {
            lines.push(format!("{name} was not timed: {reason}"));
        }
    }
    lines
}

/// Who was not over where a run had no end in time.
pub(crate) fn waits(behaviour: &Behaviour) -> impl Iterator<Item = String> {
    behaviour.ended.iter().flat_map(|ended| &ended.waits).map(|wait| format!("  {wait}"))
}

/// The pairs that were judged by fewer noisy runs than they should be, because their runs take long.
fn few(pairs: &[PairReport]) -> Vec<String> {
    let few = pairs.iter().filter_map(|pair| {
        let noisy = pair.behaviour.runs.judged.iter().map(|judged| judged.noisy).min()?;
        // Older documents don't say how many there were; and where something was found, that were enough.
        let few = pair.behaviour.verdict.agrees() && (1..NOISY.0 as usize).contains(&noisy);
        few.then(|| format!("{} {noisy}", pair.pattern))
    });
    let few: Vec<String> = few.collect();
    if few.is_empty() {
        return Vec::new();
    }
    vec![format!(
        "judged by fewer than {} runs of each side with noise, which take long: {}",
        NOISY.0,
        few.join(", ")
    )]
}

/// The documented differences that showed.
fn differences(pairs: &[PairReport], styles: &Styles) -> Vec<String> {
    let shown = pairs.iter().flat_map(|pair| {
        let occurred = pair.behaviour.differences.iter().filter(|difference| difference.occurred);
        occurred.map(|shown| (pair.pattern, &shown.difference))
    });
    text::differences(shown, styles)
}

/// The times that the notebook's cells print.
fn stopwatches(pairs: &[PairReport], styles: &Styles) -> Vec<String> {
    let line = |pair: &PairReport| {
        let times = pair.stopwatches.iter().map(|StopwatchReport { label, times_ns }| {
            let [first, second] = times_ns.map(|ns| duration(Duration::from_nanos_u128(ns)));
            format!("{label} {first} | {second}")
        });
        format!(
            "{} {}",
            styles.faint(&format!("{} prints", pair.pattern)),
            times.collect::<Vec<_>>().join("; ")
        )
    };
    // Of many pairs, they would be as long as the table.
    let [pair] = pairs else { return Vec::new() };
    [pair].into_iter().filter(|pair| !pair.stopwatches.is_empty()).map(line).collect()
}

/// All that is said of these pairs of a report around their table.
pub(crate) fn paragraphs(
    report: &Report,
    arms: [Arm; 2],
    pairs: &[PairReport],
    styles: &Styles,
) -> impl Iterator<Item = Vec<String>> {
    let few = if report.interrupted { Vec::new() } else { few(pairs) };
    let paragraphs = [
        wrong(pairs, styles),
        few,
        differences(pairs, styles),
        stopwatches(pairs, styles),
        conclusion(report, arms, pairs),
    ];
    paragraphs.into_iter().filter(|paragraph| !paragraph.is_empty())
}
