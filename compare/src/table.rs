//! The report as a table: for eyes, and as Markdown.

use std::fmt::Write as _;
use std::time::Duration;

use anstyle::{AnsiColor, Style};
use comfy_table::{
    Attribute, Cell, CellAlignment, Color, ColumnConstraint, ContentArrangement, Table, Width, presets,
};
use shared::{Occurs, Pattern};

use crate::bar::bar;
use crate::behaviour::Verdict;
use crate::output::Medium;
use crate::report::{PairReport, Report, StopwatchReport};
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
        rows(pair, half).into_iter().for_each(|row| {
            table.add_row(row);
        });
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
            paragraph.iter().for_each(|line| wrap(line, width, &mut text));
        }
    }
    text
}

/// The report as a table of Markdown, one row for a pair and a regime.
pub fn markdown(report: &Report) -> String {
    let mut text = format!("{}. {}\n\n", heading(report), machine(report));
    text.push_str("| pattern | verdict | regime | threads | tasks | ratio | low – high | faster |\n");
    text.push_str("|---|---|---|--:|--:|--:|--:|---|\n");
    for pair in &report.pairs {
        let verdict = pair.behaviour.verdict;
        let start = format!("| {} | {} {} |", pair.pattern, verdict.sign(), verdict.word());
        let mut timed = false;
        for Timed { regime, threads, tasks, ratio } in timed_regimes(pair) {
            timed = true;
            let (threads, tasks) = (duration(threads), duration(tasks));
            let Ratio { ratio, low, high, verdict, .. } = ratio;
            let winner = verdict.word();
            let _ = writeln!(
                text,
                "{start} {} | {threads} | {tasks} | {ratio:.2} | {low:.2} – {high:.2} | {winner} |",
                regime.word()
            );
        }
        if !timed {
            let _ = writeln!(text, "{start} not timed | | | | | |");
        }
    }
    let styles = Styles::PLAIN;
    for paragraph in [wrong(report, &styles), differences(report, &styles), stopwatches(report, &styles)] {
        if !paragraph.is_empty() {
            text.push('\n');
            for line in paragraph {
                let _ = writeln!(text, "- {line}");
            }
        }
    }
    text
}

fn heading(report: &Report) -> String {
    let counts = Verdict::ALL
        .into_iter()
        .map(|verdict| (report.count(verdict), verdict))
        .filter(|(count, _)| *count > 0);
    let counts: Vec<String> =
        counts.map(|(count, verdict)| format!("{count} {} {}", verdict.sign(), verdict.word())).collect();
    let pairs = if report.pairs.len() == 1 { "pair" } else { "pairs" };
    format!("{} {pairs}: {}", report.pairs.len(), counts.join(", "))
}

fn machine(report: &Report) -> String {
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

struct Timed {
    regime: Regime,
    threads: Duration,
    tasks: Duration,
    ratio: Ratio,
}

fn timed_regimes(pair: &PairReport) -> Vec<Timed> {
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
fn wrong(report: &Report, styles: &Styles) -> Vec<String> {
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

/// The documented differences that showed; one reason is told once.
fn differences(report: &Report, styles: &Styles) -> Vec<String> {
    let mut lines: Vec<(Pattern, &str, Vec<String>)> = Vec::new();
    for pair in &report.pairs {
        for shown in pair.behaviour.differences.iter().filter(|difference| difference.occurred) {
            let difference = &shown.difference;
            let often = if difference.occurs == Occurs::Sometimes { ", sometimes" } else { "" };
            let subject = format!("{}{often}", difference.subject);
            match lines
                .iter_mut()
                .find(|(pattern, reason, _)| (*pattern, *reason) == (pair.pattern, difference.reason))
            {
                Some((_, _, subjects)) => subjects.push(subject),
                None => lines.push((pair.pattern, difference.reason, vec![subject])),
            }
        }
    }
    let sign = styles.warn(&Verdict::Documented.sign().to_string());
    let line = |(pattern, reason, subjects): (Pattern, &str, Vec<String>)| {
        format!("{sign} {pattern} ({}): {reason}", subjects.join("; "))
    };
    lines.into_iter().map(line).collect()
}

/// The times that the notebook's cells print.
fn stopwatches(report: &Report, styles: &Styles) -> Vec<String> {
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

/// A time in three digits and a unit.
pub(crate) fn duration(time: Duration) -> String {
    let units = [(1e9, "s"), (1e6, "ms"), (1e3, "µs"), (1.0, "ns")];
    #[expect(clippy::cast_precision_loss, reason = "three digits are shown")]
    let nanoseconds = time.as_nanos() as f64;
    // 999.5 would be shown as 1000 of the smaller unit.
    let (unit, name) =
        units.into_iter().find(|(unit, _)| nanoseconds >= unit * 0.9995).unwrap_or((1.0, "ns"));
    let number = nanoseconds / unit;
    let digits = if number < 9.995 { 2 } else { usize::from(number < 99.95) };
    format!("{number:.digits$} {name}")
}

/// Breaks a line between words, so that it fits into the width; what follows is indented.
fn wrap(line: &str, width: usize, text: &mut String) {
    let mut column = 0;
    for word in line.split(' ') {
        let length = anstream::adapter::strip_str(word).to_string().chars().count();
        if column > 0 && column + 1 + length > width {
            text.push_str("\n  ");
            column = 2;
        } else if column > 0 {
            text.push(' ');
            column += 1;
        }
        text.push_str(word);
        column += length;
    }
    text.push('\n');
}

/// How words stand out, where there is colour.
struct Styles {
    faint: Style,
    warn: Style,
    bad: Style,
}

impl Styles {
    const PLAIN: Self = Self { faint: Style::new(), warn: Style::new(), bad: Style::new() };

    fn of(medium: Medium) -> Self {
        if !medium.colour {
            return Self::PLAIN;
        }
        Self {
            faint: Style::new().dimmed(),
            warn: AnsiColor::Yellow.on_default(),
            bad: AnsiColor::Red.on_default(),
        }
    }

    fn faint(&self, text: &str) -> String {
        paint(self.faint, text)
    }

    fn warn(&self, text: &str) -> String {
        paint(self.warn, text)
    }

    fn bad(&self, text: &str) -> String {
        paint(self.bad, text)
    }
}

fn paint(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{duration, wrap};

    #[test]
    fn a_time_has_three_digits() {
        let cases = [
            (0, "0.00 ns"),
            (999, "999 ns"),
            (1_000, "1.00 µs"),
            (9_994, "9.99 µs"),
            (9_996, "10.0 µs"),
            (999_499, "999 µs"),
            (999_600, "1.00 ms"),
            (56_100_000, "56.1 ms"),
            (1_500_000_000, "1.50 s"),
            (120_000_000_000, "120 s"),
        ];
        for (nanoseconds, text) in cases {
            assert_eq!(duration(Duration::from_nanos(nanoseconds)), text);
        }
    }

    #[test]
    fn a_line_is_broken_between_words() {
        let mut text = String::new();
        wrap("one two three four", 9, &mut text);
        assert_eq!(text, "one two\n  three\n  four\n");
    }
}
