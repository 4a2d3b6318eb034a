//! The report as a table for eyes.

use std::time::Duration;

use comfy_table::{Cell, CellAlignment, Color, Table};

use super::Medium;
use super::bar::bar;
use super::summary::{Timed, differences, few, heading, machine, stopwatches, timed_regimes, wrong};
use super::text::{Styles, bold, median, median_and_spread, plain_table, wrap};
use crate::behaviour::Verdict;
use crate::lab::Arm;
use crate::report::{PairReport, Report};
use crate::timing::{Ratio, Winner};

/// How much of a measurement fits into a line.
#[derive(Debug, Clone, Copy)]
struct Layout {
    /// How many places a half of a bar has; none where there is no room for bars.
    half: Option<usize>,
    /// Whether each median is shown with the least and the greatest.
    spread: bool,
}

impl Layout {
    /// How many places a half of a bar has: at least, and at most.
    const HALF: (usize, usize) = (2, 12);
    /// The columns that a table needs besides the name of its pattern and its bars.
    const NARROW: usize = 46;
    /// The same with the spreads.
    const WIDE: usize = 98;
    /// What a bar needs besides its two halves.
    const BAR: usize = 3;

    fn of(report: &Report, medium: Medium) -> Self {
        let (least, most) = Self::HALF;
        let names = report.pairs.iter().map(|pair| pair.pattern.card().slug.len());
        // A verdict stands below the name of its pattern.
        let name = names.chain(["  ≈ documented".chars().count()]).max().unwrap_or(0) + Self::BAR;
        let room = medium.width.unwrap_or(usize::MAX).saturating_sub(name);
        let spread = room >= Self::WIDE + Self::BAR + 2 * least;
        let needed = if spread { Self::WIDE } else { Self::NARROW } + Self::BAR;
        let half = room.saturating_sub(needed) / 2;
        Self { half: (half >= least).then_some(half.min(most)), spread }
    }
}

/// The report for eyes.
pub fn table(report: &Report, medium: Medium) -> String {
    let styles = Styles::of(medium);
    let layout = Layout::of(report, medium);
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
        few(report),
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
    let [first, second] = report.arms().map(|arm| arm.to_string());
    let titles = ["", "regime", &first, &second, "ratio"].into_iter();
    table.set_header(titles.chain(layout.half.map(|_| "")).chain(["faster"]).map(bold).collect::<Vec<_>>());
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

/// The two rows of a pair: its name beside the first regime, its verdict beside the second.
fn rows(pair: &PairReport, layout: Layout) -> [Vec<Cell>; 2] {
    let verdict = pair.behaviour.verdict;
    let name = Cell::new(format!("  {}", pair.pattern));
    let sign = Cell::new(format!("    {} {}", verdict.sign(), verdict.word())).fg(colour(verdict));
    let mut timed = timed_regimes(pair).map(|timed| measured(&timed, pair.behaviour.arms, layout));
    let first = timed.next().unwrap_or_else(|| vec![Cell::new("not timed")]);
    let second = timed.next().unwrap_or_default();
    [[vec![name], first].concat(), [vec![sign], second].concat()]
}

fn measured(timed: &Timed<'_>, arms: [Arm; 2], layout: Layout) -> Vec<Cell> {
    let Timed { regime, threads, tasks, ratio } = timed;
    let Ratio { low, high, .. } = ratio;
    let (mut text, mut spread) = (format!("{:.2}", ratio.ratio), median as fn(&[Duration]) -> String);
    if layout.spread {
        text = format!("{text} ({low:.2}–{high:.2})");
        spread = median_and_spread;
    }
    let colour = match ratio.verdict {
        Winner::First => Color::Magenta,
        Winner::Second => Color::Cyan,
        Winner::Nobody | Winner::Timer => Color::DarkGrey,
    };
    let regime = if layout.spread { regime.word() } else { regime.short() };
    let figures = [regime.into(), spread(threads), spread(tasks), text].map(Cell::new).into_iter();
    let shown = layout.half.map(|half| bar(ratio.ratio, half)).into_iter().chain([ratio.verdict.words(arms)]);
    figures.chain(shown.map(|cell| Cell::new(cell).fg(colour))).collect()
}

fn colour(verdict: Verdict) -> Color {
    match verdict {
        Verdict::Same => Color::Green,
        Verdict::Documented => Color::Yellow,
        Verdict::Differs | Verdict::Incomplete | Verdict::Failed => Color::Red,
    }
}

fn legend(report: &Report, layout: Layout, styles: &Styles) -> Vec<String> {
    if report.pairs.iter().all(|pair| pair.timing.is_none()) {
        return Vec::new();
    }
    let spread =
        if layout.spread { "the least and the greatest" } else { "a wider terminal shows their spread" };
    // Who interrupts has fewer of some.
    let most = if report.interrupted { "up to " } else { "" };
    let legend = format!(
        "times: medians of {most}{} ({spread}); ratio: the median of the rounds' ratios, threads over tasks; its bar grows \
         to the right where tasks are faster, up to 8 times; faster: sure to 90 % and by 5 % (it takes 5 rounds); \
         timer: tokio's timer, which rounds up to milliseconds, explains that tasks are slower",
        report.settings.runs
    );
    vec![styles.faint(&legend)]
}
