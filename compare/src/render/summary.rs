//! What is said of a report around its table, on a terminal and in Markdown alike.

use std::time::Duration;

use super::text::{self, Styles, duration, nanos, size};
use crate::behaviour::{Behaviour, Verdict};
use crate::cost::{Figure, Units};
use crate::lab::{Arm, Log, NOISY, Settings};
use crate::report::{PairReport, Part, Report, StopwatchReport, Timing, What, Why, timed};
use crate::timing::{Ratio, Winner, median, median_time};

/// Of how many pairs something is told, before the others are counted.
const MOST_TOLD: usize = 3;

/// The ends of an interval that differ by more than so many times are told.
const WIDE: f64 = 4.0;

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

/// What these pairs come to, in which these arms are compared: who is ahead, chiefly why, and at what cost.
fn conclusion(report: &Report, arms: [Arm; 2], pairs: &[PairReport]) -> Vec<String> {
    let all = timed(pairs).count();
    if all == 0 {
        return Vec::new();
    }
    let count = |winner| timed(pairs).filter(|(_, timing)| timing.ratio.winner == winner).count();
    let ahead = [Winner::Second, Winner::First].map(|winner| {
        let won = timed(pairs).filter(|(_, timing)| timing.ratio.winner == winner);
        let ratios: Vec<f64> = won.map(|(_, timing)| factor(timing.ratio.ratio)).collect();
        let size = match (ratios.iter().copied().reduce(f64::min), ratios.iter().copied().reduce(f64::max)) {
            (Some(least), Some(most)) if ratios.len() > 1 => {
                format!(" ({} to {})", times(least), times(most))
            }
            (Some(least), _) => format!(" ({})", times(least)),
            _ => String::new(),
        };
        format!("{} ahead in {}{size}", winner.words(arms), ratios.len())
    });
    let (equal, open) = (count(Winner::Nobody), count(Winner::Open));
    let mut lines = vec![format!(
        "without waits, of {}: {}; equal {equal}, open {open}",
        plural(all, "pair"),
        ahead.join(", ")
    )];
    lines.extend(chiefly(report, arms, pairs));
    let memory = arms.map(|arm| {
        let memory = report.cost(arm)?.memory.as_ref()?;
        Some(size(memory.resident + memory.page_tables + memory.kernel_stack))
    });
    let memory = both(memory).map(|each| of_each("one that waits takes", each, arms));
    let late = [0, 1].map(|place| {
        let waits = pairs.iter().filter_map(|pair| pair.waits.as_ref());
        let late: Vec<Duration> =
            waits.filter_map(|waits| waits.late_ns[place]).map(Duration::from_nanos).collect();
        median_time(&late).map(duration)
    });
    let late = both(late).map(|each| of_each("a pause lasts longer than asked by", each, arms));
    let costs: Vec<String> = [memory, late].into_iter().flatten().collect();
    lines.extend((!costs.is_empty()).then(|| costs.join("; ")));
    lines
}

fn both<T>([first, second]: [Option<T>; 2]) -> Option<[T; 2]> {
    Some([first?, second?])
}

fn of_each(begin: &str, [first, second]: [String; 2], [one, other]: [Arm; 2]) -> String {
    format!("{begin} {first} on {one}, {second} on {other}")
}

/// What makes the most of the difference in most of these pairs, and how much such costs explain.
fn chiefly(report: &Report, arms: [Arm; 2], pairs: &[PairReport]) -> Option<String> {
    let whys: Vec<&Why> = timed(pairs)
        .filter(|(_, timing)| timing.ratio.winner.is_ahead())
        .filter_map(|(_, timing)| timing.why.as_ref())
        .collect();
    let chief: Vec<What> = whys.iter().filter_map(|why| why.chiefly()).collect();
    let often = |what: &What| chief.iter().filter(|chief| *chief == what).count();
    let what = What::ALL.into_iter().filter(|what| often(what) > 0).max_by_key(often)?;
    let explained = median(whys.iter().filter_map(|why| why.explained()).collect())?;
    let units = both(arms.map(|arm| report.cost(arm).map(|cost| &cost.units)))?;
    let (words, of): (_, fn(&Units) -> Option<Figure>) = match what {
        What::Starts => ("to start and join one takes", |units| units.spawn_alone),
        What::StartsMore => ("to start and join one more takes", |units| units.spawn_more),
        What::GivesWay => ("to give way takes", |units| units.give_way),
        What::Polls => ("to wake another and wait takes", |units| units.hand_over),
        // It costs the same on either arm, but is not done as often.
        What::Switches => {
            let each = duration(nanos(report.cost(Arm::THREADS)?.units.hand_over?.median_ns));
            let share = 100.0 * explained;
            return Some(format!(
                "chiefly because one has to wake threads more often, which takes {each}; such costs explain {share:.0}\u{a0}% of \
                 the difference in the median pair"
            ));
        }
    };
    let each = both(units.map(|units| of(units).map(|figure| duration(nanos(figure.median_ns)))))?;
    let share = 100.0 * explained;
    let words = of_each(words, each, arms);
    Some(format!(
        "chiefly because {words}; such costs explain {share:.0}\u{a0}% of the difference in the median pair"
    ))
}

/// What is unusual in these pairs, and what would decide those that are open.
fn notes(report: &Report, pairs: &[PairReport]) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some((others, disturbance)) = report.disturbance() {
        let told = match disturbance {
            Some(by) => format!(
                "who is ahead by no more than {} isn't told, nor who is equal; and by how much, holds beside \
                 them alone",
                times(by)
            ),
            None => "nobody is told to be ahead; run it again when they are done".into(),
        };
        lines.push(format!("others kept {others:.1} cores busy: {told}"));
    }
    if let Some(Log { filter, .. }) = &report.settings.log {
        lines.push(format!(
            "what the actors recorded was logged ({filter}), which takes its time, in each timed run too"
        ));
    }
    let open =
        timed(pairs).filter(|(_, timing)| timing.ratio.winner == Winner::Open).map(|(pair, timing)| {
            let needed = match timing.needed {
                Some(needed) => format!("some {needed} of them"),
                None if timing.terms.is_disturbed() => "beside others none would".into(),
                None => "more would not".into(),
            };
            let ratio = times(timing.ratio.ratio);
            format!(
                "{} ({ratio} after {}, {needed})",
                pair.pattern,
                plural(timing.processes.len(), "process")
            )
        });
    lines.extend(few_of("open, and how many processes like these would decide (--runs or --budget)", open));
    let wide = timed(pairs).filter_map(|(pair, Timing { ratio: Ratio { low, high, .. }, .. })| {
        let high = high.filter(|high| *high > WIDE * low)?;
        Some(format!("{} ({low:.2} to {high:.2})", pair.pattern))
    });
    lines.extend(few_of("ratios that differ much from process to process", wide));
    let unlike = pairs.iter().filter(|pair| pair.waits_unlike()).map(|pair| pair.pattern.to_string());
    lines.extend(few_of("≠ with waits, one side takes far longer, which its pauses don't explain", unlike));
    let beside = |pair: &PairReport| pair.timing.as_ref().and(pair.compares.clone());
    let mut compared: Vec<(String, Vec<String>)> = Vec::new();
    for (pair, beside) in pairs.iter().filter_map(|pair| Some((pair, beside(pair)?))) {
        match compared.iter_mut().find(|(known, _)| *known == beside) {
            Some((_, patterns)) => patterns.push(pair.pattern.to_string()),
            None => compared.push((beside, vec![pair.pattern.to_string()])),
        }
    }
    lines.extend(
        compared
            .into_iter()
            .map(|(beside, patterns)| format!("† also compared, in {}: {beside}", patterns.join(", "))),
    );
    lines
}

/// Why each of these pairs takes its times.
fn whys(pairs: &[PairReport], styles: &Styles) -> Vec<String> {
    let explained = timed(pairs).filter_map(|(pair, timing)| Some((pair, timing.why.as_ref()?)));
    explained.flat_map(|(pair, why)| why_lines(pair, why, styles)).collect()
}

fn why_lines(pair: &PairReport, why: &Why, styles: &Styles) -> Vec<String> {
    let arms = pair.behaviour.arms;
    let slower = usize::from(why.measured_ns < 0.0);
    let apart = duration(nanos(why.measured_ns.abs()));
    let explained = why.explained().map_or_else(
        || "what is known explains nothing of that".to_owned(),
        |share| format!("of which these explain {:.0}\u{a0}%", 100.0 * share),
    );
    let line = |place: usize| {
        let parts = why.parts[place].iter().map(|Part { what, count, each_ns }| {
            let digits = usize::from(count.fract() > 0.05 && *count < 100.0);
            format!("{count:.digits$} {} ({})", what.words(), duration(nanos(*each_ns)))
        });
        let parts: Vec<String> = parts.collect();
        let threads = pair.sides[place].counts.map_or(0, |counts| counts.threads);
        let on = if arms[place].runtime().is_some() {
            format!(" on {}", plural(threads, "thread"))
        } else {
            String::new()
        };
        format!(
            "  {}{on}: {}",
            arms[place],
            if parts.is_empty() { "nothing of these".into() } else { parts.join(", ") }
        )
    };
    let begin = styles.faint(&format!("why {}", pair.pattern));
    vec![format!("{begin}: {} take longer by {apart}, {explained}", arms[slower]), line(0), line(1)]
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

/// Who panicked where a run had no end in time, and who was not over.
pub(crate) fn waits(behaviour: &Behaviour) -> impl Iterator<Item = String> {
    behaviour.ended.iter().flat_map(|ended| &ended.waits).map(|wait| format!("  {wait}"))
}

/// The pairs that were judged by fewer noisy runs than they should be, because their runs take long.
fn few(pairs: &[PairReport]) -> Vec<String> {
    let few = pairs.iter().filter_map(|pair| {
        let noisy = pair.behaviour.runs.judged.iter().map(|judged| judged.noisy).min()?;
        // Where something was found, that were enough; and where nothing was compared, there are none.
        let few = pair.behaviour.verdict.agrees() && (1..NOISY.0 as usize).contains(&noisy);
        few.then(|| format!("{} {noisy}", pair.pattern))
    });
    let few: Vec<String> = few.collect();
    if few.is_empty() {
        return Vec::new();
    }
    vec![format!("judged by fewer than {} runs with noise, which take long: {}", NOISY.0, few.join(", "))]
}

/// Which pairs showed documented differences, in a line.
fn documented(pairs: &[PairReport], styles: &Styles) -> Vec<String> {
    let showed = |pair: &&PairReport| pair.behaviour.differences.iter().any(|difference| difference.occurred);
    let sign = styles.warn(&Verdict::Documented.sign().to_string());
    let patterns: Vec<String> = pairs.iter().filter(showed).map(|pair| pair.pattern.to_string()).collect();
    let line = || format!("{sign} documented in what and why (--verbose): {}", patterns.join(", "));
    (!patterns.is_empty()).then(line).into_iter().collect()
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
    verbose: bool,
) -> impl Iterator<Item = Vec<String>> {
    let few = if report.interrupted { Vec::new() } else { few(pairs) };
    let (differences, whys) = if verbose || pairs.len() == 1 {
        (differences(pairs, styles), whys(pairs, styles))
    } else {
        (documented(pairs, styles), Vec::new())
    };
    let paragraphs = [
        wrong(pairs, styles),
        [few, notes(report, pairs), differences].concat(),
        stopwatches(pairs, styles),
        whys,
        conclusion(report, arms, pairs),
    ];
    paragraphs.into_iter().filter(|paragraph| !paragraph.is_empty())
}
