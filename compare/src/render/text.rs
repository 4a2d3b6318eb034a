//! What the tables are made of besides cells: times, differences, and words that stand out.

use std::fmt::{Display, Write as _};
use std::time::Duration;

use anstyle::{AnsiColor, Style};
use comfy_table::{Attribute, Cell, ContentArrangement, Table, presets};
use shared::{Difference, Occurs, Pattern};

use super::Medium;
use crate::behaviour::Verdict;
use crate::timing::median_time;

/// A time in three digits and a unit.
pub(crate) fn duration(time: Duration) -> String {
    let unit = Unit::of(time);
    format!("{} {}", unit.number(time), unit.name)
}

/// A time of so many nanoseconds.
pub(crate) fn nanos(nanos: f64) -> Duration {
    Duration::from_secs_f64(nanos.max(0.0) / 1e9)
}

/// So many bytes in three digits and a unit.
pub(crate) fn size(bytes: f64) -> String {
    let bytes = bytes.max(0.0);
    match bytes {
        small if small < 1_000.0 => format!("{small:.0} B"),
        some if some < 10_000.0 => format!("{:.1} kB", some / 1e3),
        many => format!("{:.0} kB", many / 1e3),
    }
}

/// The median of these times.
pub(crate) fn median(times: &[Duration]) -> String {
    median_time(times).map_or_else(String::new, duration)
}

/// A unit of time.
struct Unit {
    nanoseconds: f64,
    name: &'static str,
}

impl Unit {
    const ALL: [Self; 4] = [
        Self { nanoseconds: 1e9, name: "s" },
        Self { nanoseconds: 1e6, name: "ms" },
        Self { nanoseconds: 1e3, name: "µs" },
        Self { nanoseconds: 1.0, name: "ns" },
    ];

    /// The unit in which a time is shown: the greatest that is not greater than the time.
    fn of(time: Duration) -> Self {
        let [.., nanosecond] = Self::ALL;
        // 999.5 would be shown as 1000 of the smaller unit.
        let fits = |unit: &Self| nanoseconds(time) >= unit.nanoseconds * 0.9995;
        Self::ALL.into_iter().find(fits).unwrap_or(nanosecond)
    }

    fn number(&self, time: Duration) -> String {
        let number = nanoseconds(time) / self.nanoseconds;
        let digits = if number < 9.995 { 2 } else { usize::from(number < 99.95) };
        format!("{number:.digits$}")
    }
}

#[expect(clippy::cast_precision_loss, reason = "three digits are shown")]
fn nanoseconds(time: Duration) -> f64 {
    time.as_nanos() as f64
}

/// Breaks a line between words, so that it fits into the width; what follows is indented by two more than the line.
pub(crate) fn wrap(line: &str, width: usize, text: &mut String) {
    let words = line.trim_start_matches(' ');
    let indent = line.len() - words.len();
    text.push_str(&line[..indent]);
    let mut column = indent;
    for (place, word) in words.split(' ').enumerate() {
        let length = anstream::adapter::strip_str(word).to_string().chars().count();
        if place > 0 && column + 1 + length > width {
            let _ = write!(text, "\n{:1$}", "", indent + 2);
            column = indent + 2;
        } else if place > 0 {
            text.push(' ');
            column += 1;
        }
        if length <= width.saturating_sub(indent + 2) || length < word.chars().count() {
            text.push_str(word);
            column += length;
            continue;
        }
        // It has no room in any line: it is broken where each ends.
        for letter in word.chars() {
            if column >= width {
                let _ = write!(text, "\n{:1$}", "", indent + 2);
                column = indent + 2;
            }
            text.push(letter);
            column += 1;
        }
    }
    text.push('\n');
}

/// Breaks a list between its items, which are not broken, so that it fits into the width.
pub(crate) fn wrap_list(head: &str, items: &[String], width: usize, text: &mut String) {
    const WHOLE: &str = "\u{a0}";
    let items: Vec<String> = items.iter().map(|item| item.replace(' ', WHOLE)).collect();
    let mut list = String::new();
    wrap(&format!("{head}{}", items.join(", ")), width, &mut list);
    text.push_str(&list.replace(WHOLE, " "));
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

/// Writes a table, without blanks at the ends of its lines.
pub(crate) fn push_table(table: &Table, text: &mut String) {
    for line in table.lines() {
        text.push_str(&without_end(&line));
        text.push('\n');
    }
}

/// A line without blanks at its end, before and after what ends its style.
fn without_end(line: &str) -> String {
    let line = line.trim_end();
    let style = line.rfind('\u{1b}').filter(|at| line[*at..].find('m') == Some(line.len() - at - 1));
    style.map_or_else(|| line.into(), |at| without_end(&line[..at]) + &line[at..])
}

/// A cell that stands out.
pub(crate) fn bold(content: impl Display) -> Cell {
    Cell::new(content).add_attribute(Attribute::Bold)
}

/// Documented differences, a line for each pattern and reason.
pub(crate) fn differences<'a>(
    differences: impl IntoIterator<Item = (Pattern, &'a Difference)>,
    styles: &Styles,
) -> Vec<String> {
    let mut lines: Vec<(Pattern, &str, Vec<String>)> = Vec::new();
    for (pattern, difference) in differences {
        let often = if difference.occurs == Occurs::Sometimes { ", sometimes" } else { "" };
        let subject = format!("{}{often}", difference.subject);
        match lines.last_mut() {
            Some((same, reason, subjects)) if (*same, *reason) == (pattern, &*difference.reason) => {
                subjects.push(subject);
            }
            _ => lines.push((pattern, &difference.reason, vec![subject])),
        }
    }
    let sign = styles.warn(&Verdict::Documented.sign().to_string());
    let line = |(pattern, reason, subjects): (Pattern, &str, Vec<String>)| {
        format!("{sign} {pattern} ({}): {reason}", subjects.join("; "))
    };
    lines.into_iter().map(line).collect()
}

/// How words stand out, where there is colour.
pub(crate) struct Styles {
    bold: Style,
    faint: Style,
    good: Style,
    warn: Style,
    bad: Style,
}

impl Styles {
    pub(crate) const PLAIN: Self = Self {
        bold: Style::new(),
        faint: Style::new(),
        good: Style::new(),
        warn: Style::new(),
        bad: Style::new(),
    };

    pub(crate) fn of(medium: Medium) -> Self {
        if !medium.colour {
            return Self::PLAIN;
        }
        Self {
            bold: Style::new().bold(),
            faint: Style::new().dimmed(),
            good: AnsiColor::Green.on_default(),
            warn: AnsiColor::Yellow.on_default(),
            bad: AnsiColor::Red.on_default(),
        }
    }

    pub(crate) fn bold(&self, text: &str) -> String {
        paint(self.bold, text)
    }

    pub(crate) fn good(&self, text: &str) -> String {
        paint(self.good, text)
    }

    pub(crate) fn faint(&self, text: &str) -> String {
        paint(self.faint, text)
    }

    pub(crate) fn warn(&self, text: &str) -> String {
        paint(self.warn, text)
    }

    pub(crate) fn bad(&self, text: &str) -> String {
        paint(self.bad, text)
    }
}

pub(crate) fn paint(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

/// These letters, each in its style, where there is colour.
pub(crate) fn painted(letters: &[(char, Style)], colour: bool) -> String {
    let runs = letters.chunk_by(|one, next| one.1 == next.1).map(|run| {
        let text: String = run.iter().map(|(letter, _)| *letter).collect();
        if colour { paint(run[0].1, &text) } else { text }
    });
    runs.collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{duration, without_end, wrap};

    #[test]
    fn no_line_of_a_table_ends_with_blanks() {
        let lines = [("a  b  ", "a  b"), ("\u{1b}[1ma  \u{1b}[0m  ", "\u{1b}[1ma\u{1b}[0m"), ("  ", "")];
        for (line, due) in lines {
            assert_eq!(without_end(line), due);
        }
    }

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
        text.clear();
        wrap("  one  two", 9, &mut text);
        assert_eq!(text, "  one \n    two\n");
        text.clear();
        wrap("a overlongword", 9, &mut text);
        assert_eq!(text, "a\n  overlon\n  gword\n");
    }
}
