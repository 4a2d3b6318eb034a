//! The report as a table for eyes: a line a pair, and what it comes to.

use std::iter;
use std::time::Duration;

use comfy_table::{Cell, CellAlignment, Color, Table};

use super::Medium;
use super::summary::{heading, machine, paragraphs, times};
use super::text::{Styles, bold, duration, median, plain_table, push_table, wrap};
use crate::behaviour::Verdict;
use crate::lab::Arm;
use crate::report::{PairReport, Report, Timing};
use crate::timing::{Waits, Winner};

/// From this width on, there is room for the interval of each ratio.
const WIDE: usize = 110;

/// The report for eyes.
pub fn table(report: &Report, medium: Medium, verbose: bool) -> String {
    let styles = Styles::of(medium);
    let width = medium.width.unwrap_or(usize::MAX);
    let mut text = String::new();
    wrap(&heading(report), width, &mut text);
    wrap(&styles.faint(&machine(report)), width, &mut text);
    for (arms, pairs) in report.comparisons() {
        text.push('\n');
        push_table(&grid(arms, pairs, more(width, verbose), medium.colour), &mut text);
        for paragraph in paragraphs(report, arms, pairs, &styles, verbose) {
            text.push('\n');
            for line in paragraph {
                wrap(&line, width, &mut text);
            }
        }
    }
    text
}

/// How many of the columns are shown that tell what a ratio rests on: its interval, and how many processes.
fn more(width: usize, verbose: bool) -> usize {
    if width >= WIDE { 2 } else { usize::from(verbose) }
}

fn grid(arms: [Arm; 2], pairs: &[PairReport], more: usize, colour: bool) -> Table {
    let mut table = plain_table(colour);
    let [first, second] = arms.map(|arm| arm.to_string());
    let interval = ["interval", "processes"].into_iter().take(more).map(str::to_owned);
    let waiting = [&first, &second].map(|arm| format!("{arm}\nwaiting"));
    let titles = [String::new(), first, second, "faster".into()].into_iter().chain(interval).chain(waiting);
    let titles: Vec<Cell> = titles.map(bold).collect();
    let columns = titles.len();
    table.set_header(titles);
    table.add_rows(pairs.iter().map(|pair| row(pair, more)));
    for number in [1, 2, columns - 2, columns - 1] {
        if let Some(column) = table.column_mut(number) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}

fn row(pair: &PairReport, more: usize) -> Vec<Cell> {
    let verdict = pair.behaviour.verdict;
    let name = Cell::new(format!("{} {}", verdict.sign(), pair.pattern)).fg(colour(verdict));
    let timed = match &pair.timing {
        Some(timing) => timed(pair, timing, more),
        None => ["", "", "not timed"].into_iter().chain(iter::repeat_n("", more)).map(Cell::new).collect(),
    };
    let waits = pair.waits.iter().flat_map(|waits| waiting(waits, pair.waits_unlike()));
    [name].into_iter().chain(timed).chain(waits).collect()
}

fn timed(pair: &PairReport, timing: &Timing, more: usize) -> Vec<Cell> {
    let ratio = &timing.ratio;
    let arms = pair.behaviour.arms;
    let colour = match ratio.winner {
        Winner::First => Color::Magenta,
        Winner::Second => Color::Cyan,
        Winner::Nobody | Winner::Open => Color::DarkGrey,
    };
    let faster = match ratio.winner {
        Winner::First | Winner::Second => format!("{} {}", ratio.winner.words(arms), times(ratio.ratio)),
        Winner::Nobody | Winner::Open => ratio.winner.words(arms),
    };
    let faster = faster + if pair.compares.is_some() { " †" } else { "" };
    let interval = match ratio.high {
        Some(high) => format!("{:.2}–{high:.2}", ratio.low),
        None => String::new(),
    };
    let took = [0, 1].map(|place| Cell::new(duration(timing.took(place))));
    let rests_on = [interval, timing.processes.len().to_string()].into_iter().take(more);
    took.into_iter().chain([Cell::new(faster).fg(colour)]).chain(rests_on.map(Cell::new)).collect()
}

/// How long each arm took with waits; with a sign where that is not alike.
fn waiting(waits: &Waits, unlike: bool) -> [Cell; 2] {
    let cell = |place, sign: &str| {
        let cell = Cell::new(format!("{}{sign}", median(&waits.took(place) as &[Duration])));
        if unlike { cell.fg(Color::Red) } else { cell }
    };
    [cell(0, ""), cell(1, if unlike { " ≠" } else { "" })]
}

fn colour(verdict: Verdict) -> Color {
    match verdict {
        Verdict::Same => Color::Green,
        Verdict::Documented => Color::Yellow,
        Verdict::Differs | Verdict::Incomplete | Verdict::Failed => Color::Red,
    }
}
