//! The report as a table for eyes.

use std::fmt::Display;
use std::time::Duration;

use comfy_table::{Attribute, Cell, CellAlignment, Color, ContentArrangement, Table, presets};
use shared::Pattern;

use crate::bar::bar;
use crate::behaviour::Verdict;
use crate::output::Medium;
use crate::pairs;
use crate::report::{PairReport, Report, StopwatchReport};
use crate::text::{self, Styles, duration, median, median_and_spread, wrap};
use crate::timing::{Ratio, Regime, Winner};

/// How much of a measurement fits into a line.
#[derive(Debug, Clone, Copy)]
struct Layout {
    /// How many places a half of a bar has.
    half: usize,
    /// Whether each median is told with the least and the greatest.
    spread: bool,
}

impl Layout {
    /// How many places a half of a bar has: at least, and at most.
    const HALF: (usize, usize) = (3, 12);
    /// The columns that a table needs besides its bars.
    const NARROW: usize = 73;
    /// The same with the spreads.
    const WIDE: usize = 114;

    fn of(medium: Medium) -> Self {
        let (least, most) = Self::HALF;
        let width = medium.width.unwrap_or(usize::MAX);
        let spread = width >= Self::WIDE + 2 * least;
        let needed = if spread { Self::WIDE } else { Self::NARROW };
        Self { half: (width.saturating_sub(needed) / 2).clamp(least, most), spread }
    }
}

/// The report for eyes.
pub fn table(report: &Report, medium: Medium) -> String {
    let styles = Styles::of(medium);
    let layout = Layout::of(medium);
    let width = medium.width.unwrap_or(usize::MAX);
    let mut text = String::new();
    wrap(&heading(report), width, &mut text);
    wrap(&styles.faint(&machine(report)), width, &mut text);
    text.push('\n');
    for line in grid(report, layout, medium.colour).lines() {
        text.push_str(line.trim_end());
        text.push('\n');
    }
    let paragraphs = [
        wrong(report, &styles),
        differences(report, &styles),
        stopwatches(report, &styles),
        legend(report, layout, &styles),
    ];
    for paragraph in paragraphs.into_iter().filter(|paragraph| !paragraph.is_empty()) {
        text.push('\n');
        for line in paragraph {
            wrap(&line, width, &mut text);
        }
    }
    text
}

fn grid(report: &Report, layout: Layout, colour: bool) -> Table {
    let mut table = plain_table(colour);
    table.set_header(["", "regime", "threads", "tasks", "ratio", "", "faster"].map(bold));
    let mut section = None;
    for pair in &report.pairs {
        if section != Some(pair.section) {
            section = Some(pair.section);
            table.add_row([bold(pair.section)]);
        }
        table.add_rows(rows(pair, layout));
    }
    for number in [2, 3, 4] {
        if let Some(column) = table.column_mut(number) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}

/// A table without lines, as wide as its content.
pub(crate) fn plain_table(colour: bool) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    if colour {
        table.enforce_styling()
    } else {
        table.force_no_tty()
    };
    table
}

/// A cell that stands out.
pub(crate) fn bold(content: impl Display) -> Cell {
    Cell::new(content).add_attribute(Attribute::Bold)
}

/// How many of the patterns that were asked for are not built; nothing, if all are.
pub fn not_built(patterns: &[Pattern]) -> String {
    match patterns.iter().filter(|pattern| pairs::pair(**pattern).is_none()).count() {
        0 => String::new(),
        1 => "\n1 pattern is not built yet; see `compare list`\n".into(),
        missing => format!("\n{missing} patterns are not built yet; see `compare list`\n"),
    }
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

/// The two rows of a pair: its name beside the first regime, its verdict beside the second.
fn rows(pair: &PairReport, layout: Layout) -> [Vec<Cell>; 2] {
    let verdict = pair.behaviour.verdict;
    let name = Cell::new(format!("  {}", pair.pattern));
    let sign = Cell::new(format!("    {} {}", verdict.sign(), verdict.word())).fg(colour(verdict));
    let mut timed = timed_regimes(pair).map(|timed| measured(&timed, layout));
    let first = timed.next().unwrap_or_else(|| vec![Cell::new("not timed")]);
    let second = timed.next().unwrap_or_default();
    [[vec![name], first].concat(), [vec![sign], second].concat()]
}

fn measured(timed: &Timed<'_>, layout: Layout) -> Vec<Cell> {
    let Timed { regime, threads, tasks, ratio } = timed;
    let Ratio { low, high, .. } = ratio;
    let (mut told, mut spread) = (format!("{:.2}", ratio.ratio), median as fn(&[Duration]) -> String);
    if layout.spread {
        told = format!("{told} ({low:.2}–{high:.2})");
        spread = median_and_spread;
    }
    let colour = match ratio.verdict {
        Winner::Threads => Color::Magenta,
        Winner::Tasks => Color::Cyan,
        Winner::Nobody | Winner::Timer => Color::DarkGrey,
    };
    vec![
        Cell::new(regime.word()),
        Cell::new(spread(threads)),
        Cell::new(spread(tasks)),
        Cell::new(told),
        Cell::new(bar(ratio.ratio, layout.half)).fg(colour),
        Cell::new(ratio.verdict.word()).fg(colour),
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

fn legend(report: &Report, layout: Layout, styles: &Styles) -> Vec<String> {
    if report.pairs.iter().all(|pair| pair.timing.is_none()) {
        return Vec::new();
    }
    let rounds = report.settings.runs;
    let spread =
        if layout.spread { "the least and the greatest" } else { "a wider terminal shows their spread" };
    let legend = format!(
        "times: medians of {rounds} ({spread}); ratio: threads' time over tasks' time, a bar to the right means that \
         tasks are faster; faster: the same side in all rounds, at least 5, and by 5 % in the middle; timer: tokio's \
         timer, which rounds up to milliseconds, explains the difference"
    );
    vec![styles.faint(&legend)]
}
