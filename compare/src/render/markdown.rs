//! The report as a table of Markdown.

use std::fmt::Write as _;

use super::summary::{Timed, differences, few, heading, machine, stopwatches, timed_regimes, wrong};
use super::text::{Styles, median_and_spread};
use crate::report::Report;
use crate::timing::Ratio;

/// The report as Markdown: one row for a pair and a regime.
pub fn markdown(report: &Report) -> String {
    let mut text = format!("{}. {}\n\n", heading(report), machine(report));
    let [first, second] = report.arms();
    let _ =
        writeln!(text, "| pattern | verdict | regime | {first} | {second} | ratio | low – high | faster |");
    text.push_str("|---|---|---|--:|--:|--:|--:|---|\n");
    for pair in &report.pairs {
        let verdict = pair.behaviour.verdict;
        let start = format!("| {} | {} {} |", pair.pattern, verdict.sign(), verdict.word());
        let mut timed = false;
        for Timed { regime, threads, tasks, ratio } in timed_regimes(pair) {
            timed = true;
            let (threads, tasks) = (median_and_spread(threads), median_and_spread(tasks));
            let Ratio { ratio, low, high, verdict, .. } = ratio;
            let winner = verdict.words(report.arms());
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
    for paragraph in
        [wrong(report, &styles), few(report), differences(report, &styles), stopwatches(report, &styles)]
    {
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
