//! The report as a table of Markdown.

use std::fmt::Write as _;

use super::summary::{heading, machine, paragraphs};
use super::text::{Styles, duration, median};
use crate::report::{PairReport, Report, Timing};
use crate::timing::Ratio;

/// The report as Markdown: one row for a pair.
pub fn markdown(report: &Report, verbose: bool) -> String {
    let mut text = format!("{}. {}\n", heading(report), machine(report));
    for (arms, pairs) in report.comparisons() {
        let [first, second] = arms;
        let _ = writeln!(
            text,
            "\n| pattern | behaviour | {first} | {second} | ratio | low – high | faster | {first}, waiting | {second}, waiting |"
        );
        text.push_str("|---|---|--:|--:|--:|--:|---|--:|--:|\n");
        for pair in pairs {
            let _ = writeln!(text, "| {} |", row(pair).join(" | "));
        }
        for paragraph in paragraphs(report, arms, pairs, &Styles::PLAIN, verbose) {
            text.push('\n');
            for line in paragraph {
                let item = line.trim_start();
                let _ = writeln!(text, "{}- {item}", &line[..line.len() - item.len()]);
            }
        }
    }
    text
}

fn row(pair: &PairReport) -> Vec<String> {
    let verdict = pair.behaviour.verdict;
    let waits = pair.waits.as_ref();
    let waiting = |place| waits.map_or_else(String::new, |waits| median(&waits.took(place)));
    let sign = if pair.waits_unlike() { " ≠" } else { "" };
    let begin = [pair.pattern.to_string(), format!("{} {}", verdict.sign(), verdict.word())];
    begin.into_iter().chain(timed(pair)).chain([waiting(0), waiting(1) + sign]).collect()
}

/// Both times, their ratio, its interval, and who is faster.
fn timed(pair: &PairReport) -> [String; 5] {
    let Some(timing @ Timing { ratio: Ratio { ratio, low, high, winner }, .. }) = &pair.timing else {
        return ["", "", "", "", "not timed"].map(str::to_owned);
    };
    let [first, second] = [0, 1].map(|place| duration(timing.took(place)));
    let interval = high.map_or_else(String::new, |high| format!("{low:.2} – {high:.2}"));
    let mark = if pair.compares.is_some() { " †" } else { "" };
    [first, second, format!("{ratio:.2}"), interval, winner.words(pair.behaviour.arms) + mark]
}
