//! The report as a table for eyes.

use std::time::Duration;

use comfy_table::{
    Attribute, Cell, CellAlignment, Color, ColumnConstraint, ContentArrangement, Table, Width, presets,
};

use crate::bar::bar;
use crate::behaviour::Verdict;
use crate::output::Medium;
use crate::report::{PairReport, Report, StopwatchReport};
use crate::text::{self, Styles, duration, wrap};
use crate::timing::{Ratio, Regime, Winner, median_time};

/// What the table needs without its bars, in columns; each half of a bar takes one column more.
const WITHOUT_BARS: usize = 73;

/// How many places a half of a bar has: at least, and at most.
const HALF_BAR: (usize, usize) = (3, 12);

/// The report for eyes.
pub fn table(report: &Report, medium: Medium) -> String {
    let styles = Styles::of(medium);
    let half = medium.width.map_or(HALF_BAR.1, |width| width.saturating_sub(WITHOUT_BARS) / 2);
    let half = half.clamp(HALF_BAR.0, HALF_BAR.1);
    let mut text = format!("{}\n{}\n\n", heading(report), styles.faint(&machine(report)));
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    if medium.colour {
        table.enforce_styling();
    } else {
        table.force_no_tty();
    }
    table.set_header(
        ["", "regime", "threads", "tasks", "ratio", "", "faster"]
            .map(|title| Cell::new(title).add_attribute(Attribute::Bold)),
    );
    let mut section = None;
    for pair in &report.pairs {
        if section != Some(pair.section) {
            section = Some(pair.section);
            table.add_row([Cell::new(pair.section).add_attribute(Attribute::Bold)]);
        }
        table.add_rows(rows(pair, half));
    }
    for number in [2, 3, 4] {
        if let Some(column) = table.column_mut(number) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    if let Some(column) = table.column_mut(5) {
        // A bar's middle must stay where it is, so its cell is never trimmed or aligned.
        column.set_constraint(ColumnConstraint::Absolute(Width::Fixed(
            u16::try_from(2 * half + 3).unwrap_or(u16::MAX),
        )));
    }
    for line in table.lines() {
        text.push_str(line.trim_end());
        text.push('\n');
    }
    let width = medium.width.unwrap_or(usize::MAX);
    for paragraph in [
        wrong(report, &styles),
        differences(report, &styles),
        stopwatches(report, &styles),
        legend(report, &styles),
    ] {
        if !paragraph.is_empty() {
            text.push('\n');
            for line in paragraph {
                wrap(&line, width, &mut text);
            }
        }
    }
    text
}

pub(crate) fn heading(report: &Report) -> String {
    let counts = Verdict::ALL
        .into_iter()
        .map(|verdict| (report.count(verdict), verdict))
        .filter(|(count, _)| *count > 0);
    let counts: Vec<String> =
        counts.map(|(count, verdict)| format!("{count} {} {}", verdict.sign(), verdict.word())).collect();
    let pairs = if report.pairs.len() == 1 { "pair" } else { "pairs" };
    format!("{} {pairs}: {}", report.pairs.len(), counts.join(", "))
}

pub(crate) fn machine(report: &Report) -> String {
    let (settings, cores) = (&report.settings, report.environment.cores);
    let plural = |count: usize| if count == 1 { "" } else { "s" };
    let workers = settings.workers.get();
    format!(
        "{cores} core{}, tokio {} with {workers} worker{}; pace {}, {} runs of each side in each regime, seed {}",
        plural(cores),
        settings.runtime,
        plural(workers),
        settings.pace,
        settings.runs,
        settings.seed
    )
}

/// The times of a pair in one regime.
pub(crate) struct Timed {
    pub(crate) regime: Regime,
    pub(crate) threads: Duration,
    pub(crate) tasks: Duration,
    pub(crate) ratio: Ratio,
}

pub(crate) fn timed_regimes(pair: &PairReport) -> Vec<Timed> {
    let Some(timing) = &pair.timing else { return Vec::new() };
    let regimes = [
        (Regime::Paced, timing.paced, &pair.threaded.samples_ns.paced, &pair.asynchronous.samples_ns.paced),
        (
            Regime::Coordination,
            timing.coordination,
            &pair.threaded.samples_ns.coordination,
            &pair.asynchronous.samples_ns.coordination,
        ),
    ];
    let timed = regimes.into_iter().filter_map(|(regime, ratio, threads, tasks)| {
        let (threads, tasks) = (median_time(threads.as_ref()?)?, median_time(tasks.as_ref()?)?);
        Some(Timed { regime, threads, tasks, ratio: ratio? })
    });
    timed.collect()
}

/// The two rows of a pair: its name beside the first regime, its verdict beside the second.
fn rows(pair: &PairReport, half: usize) -> [Vec<Cell>; 2] {
    let verdict = pair.behaviour.verdict;
    let name = Cell::new(format!("  {}", pair.pattern));
    let sign = Cell::new(format!("    {} {}", verdict.sign(), verdict.word())).fg(colour(verdict));
    let mut timed = timed_regimes(pair).into_iter().map(|timed| measured(&timed, half));
    let first = timed.next().unwrap_or_else(|| vec![Cell::new("not timed")]);
    let second = timed.next().unwrap_or_default();
    [[vec![name], first].concat(), [vec![sign], second].concat()]
}

fn measured(timed: &Timed, half: usize) -> Vec<Cell> {
    let Timed { regime, threads, tasks, ratio } = timed;
    let shown = Cell::new(bar(ratio.ratio, half));
    let winner = Cell::new(ratio.verdict.word());
    let (shown, winner) = match ratio.verdict {
        Winner::Threads => (shown.fg(Color::Magenta), winner.fg(Color::Magenta)),
        Winner::Tasks => (shown.fg(Color::Cyan), winner.fg(Color::Cyan)),
        Winner::Nobody | Winner::Timer => (shown.fg(Color::DarkGrey), winner.fg(Color::DarkGrey)),
    };
    vec![
        Cell::new(regime.word()),
        Cell::new(duration(*threads)),
        Cell::new(duration(*tasks)),
        Cell::new(format!("{:.2}", ratio.ratio)),
        shown,
        winner,
    ]
}

fn colour(verdict: Verdict) -> Color {
    match verdict {
        Verdict::Same => Color::Green,
        Verdict::Documented => Color::Yellow,
        Verdict::Differs | Verdict::Incomplete | Verdict::Failed => Color::Red,
    }
}

/// What is wrong with the pairs that don't agree, and why others were not timed.
pub(crate) fn wrong(report: &Report, styles: &Styles) -> Vec<String> {
    let mut lines = Vec::new();
    for pair in &report.pairs {
        let (name, verdict) = (pair.pattern, pair.behaviour.verdict);
        if let Some(reason) = &pair.behaviour.reason {
            lines.push(format!("{} {name}: {reason}", styles.bad(&verdict.sign().to_string())));
        } else if let Some(reason) = &pair.untimed {
            lines.push(format!("{name} was not timed: {reason}"));
        }
    }
    lines
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

fn legend(report: &Report, styles: &Styles) -> Vec<String> {
    if report.pairs.iter().all(|pair| pair.timing.is_none()) {
        return Vec::new();
    }
    let rounds = report.settings.runs;
    let legend = format!(
        "times: medians of {rounds}; ratio: threads' time over tasks' time, a bar to the right means that tasks are faster; \
         faster: the same side in all {rounds} rounds, and by 5 % in the middle; timer: tokio's timer, which rounds up to \
         milliseconds, explains the difference"
    );
    vec![styles.faint(&legend)]
}
