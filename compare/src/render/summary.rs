//! What is said of a report around its table, on a terminal and in Markdown alike.

use std::time::Duration;

use super::text::{self, Styles, duration};
use crate::behaviour::{Behaviour, Verdict};
use crate::lab::{NOISY, Settings};
use crate::report::{PairReport, Report, StopwatchReport};
use crate::timing::{Ratio, Regime};

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
    let Settings { pace, runs, seed, runtime, workers, .. } = report.settings;
    let (cores, workers) = (plural(report.environment.cores, "core"), plural(workers.get(), "worker"));
    let runs = plural(runs as usize, "run");
    format!(
        "{cores}, tokio {runtime} with {workers}; pace {pace}, {runs} of each side in each regime, seed {seed}"
    )
}

pub(crate) fn plural(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// The times of a pair in one regime.
pub(crate) struct Timed<'a> {
    pub(crate) regime: Regime,
    pub(crate) threads: &'a [Duration],
    pub(crate) tasks: &'a [Duration],
    pub(crate) ratio: Ratio,
}

pub(crate) fn timed_regimes(pair: &PairReport) -> impl Iterator<Item = Timed<'_>> {
    let (threads, tasks) = (&pair.threaded.samples_ns, &pair.asynchronous.samples_ns);
    let ratios = pair.timing.as_ref();
    let paced = (Regime::Paced, &threads.paced, &tasks.paced, ratios.and_then(|ratios| ratios.paced));
    let coordination = (
        Regime::Coordination,
        &threads.coordination,
        &tasks.coordination,
        ratios.and_then(|ratios| ratios.coordination),
    );
    [paced, coordination].into_iter().filter_map(|(regime, threads, tasks, ratio)| {
        Some(Timed { regime, threads: threads.as_ref()?, tasks: tasks.as_ref()?, ratio: ratio? })
    })
}

/// What is wrong with the pairs that don't agree, and why others were not timed.
pub(crate) fn wrong(report: &Report, styles: &Styles) -> Vec<String> {
    let mut lines = Vec::new();
    for pair in &report.pairs {
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
pub(crate) fn few(report: &Report) -> Vec<String> {
    let few = report.pairs.iter().filter_map(|pair| {
        let noisy = pair.behaviour.runs.judged.iter().map(|judged| judged.noisy).min()?;
        // Older documents don't say how many there were; and where something was found, that were enough.
        let few = pair.behaviour.verdict.agrees() && (1..NOISY.0 as usize).contains(&noisy);
        few.then(|| format!("{} {noisy}", pair.pattern))
    });
    let few: Vec<String> = few.collect();
    if few.is_empty() || report.interrupted {
        return Vec::new();
    }
    vec![format!(
        "judged by fewer than {} runs of each side with noise, which take long: {}",
        NOISY.0,
        few.join(", ")
    )]
}

/// The documented differences that showed.
pub(crate) fn differences(report: &Report, styles: &Styles) -> Vec<String> {
    let shown = report.pairs.iter().flat_map(|pair| {
        let occurred = pair.behaviour.differences.iter().filter(|difference| difference.occurred);
        occurred.map(|shown| (pair.pattern, &shown.difference))
    });
    text::differences(shown, styles)
}

/// The times that the notebook's cells print.
pub(crate) fn stopwatches(report: &Report, styles: &Styles) -> Vec<String> {
    let line = |pair: &PairReport| {
        let times = pair.stopwatches.iter().map(|StopwatchReport { label, threaded_ns, asynchronous_ns }| {
            let [threads, tasks] =
                [threaded_ns, asynchronous_ns].map(|ns| duration(Duration::from_nanos_u128(*ns)));
            format!("{label} {threads} | {tasks}")
        });
        format!(
            "{} {}",
            styles.faint(&format!("{} prints", pair.pattern)),
            times.collect::<Vec<_>>().join("; ")
        )
    };
    report.pairs.iter().filter(|pair| !pair.stopwatches.is_empty()).map(line).collect()
}
