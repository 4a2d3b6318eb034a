//! The report as a table of Markdown.

use std::fmt::Write as _;

use super::summary::{conclusion, differences, few, heading, machine, stopwatches, wrong};
use super::text::{Styles, duration, median};
use crate::report::{PairReport, Report, Timing};
use crate::timing::Ratio;

/// The report as Markdown: one row for a pair.
pub fn markdown(report: &Report) -> String {
    let mut text = format!("{}. {}\n\n", heading(report), machine(report));
    let [first, second] = report.arms();
    let _ = writeln!(
        text,
        "| pattern | behaviour | {first} | {second} | ratio | low – high | faster | {first}, waiting | {second}, waiting |"
    );
    text.push_str("|---|---|--:|--:|--:|--:|---|--:|--:|\n");
    for pair in &report.pairs {
        let verdict = pair.behaviour.verdict;
        let waits = pair.waits.as_ref();
        let waiting = [0, 1].map(|place| waits.map_or_else(String::new, |waits| median(&waits.took(place))));
        let sign = if pair.waits_unlike() { " ≠" } else { "" };
        let _ = writeln!(
            text,
            "| {} | {} {} | {} | {}{sign} |",
            pair.pattern,
            verdict.sign(),
            verdict.word(),
            timed(pair),
            waiting.join(" | ")
        );
    }
    let styles = Styles::PLAIN;
    for paragraph in [
        wrong(report, &styles),
        few(report),
        differences(report, &styles),
        stopwatches(report, &styles),
        conclusion(report),
    ] {
        if !paragraph.is_empty() {
            text.push('\n');
            for line in paragraph {
                let item = line.trim_start();
                let _ = writeln!(text, "{}- {item}", &line[..line.len() - item.len()]);
            }
        }
    }
    text
}

/// Five cells: both times, their ratio, its interval, and who is faster.
fn timed(pair: &PairReport) -> String {
    let Some(timing @ Timing { ratio: Ratio { ratio, low, high, winner }, .. }) = &pair.timing else {
        return " | | | | not timed".into();
    };
    let [first, second] = [0, 1].map(|place| duration(timing.took(place)));
    let interval = high.map_or_else(String::new, |high| format!("{low:.2} – {high:.2}"));
    format!("{first} | {second} | {ratio:.2} | {interval} | {}", winner.words(pair.behaviour.arms))
}
