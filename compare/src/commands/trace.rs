//! `compare trace`: one run of each side, event by event.

use std::fmt::Write as _;

use shared::Stopwatch;

use super::args::{TraceArgs, TraceFormat};
use super::complaint::complain;
use super::names::pattern;
use super::place::Place;
use crate::lab::{Failure, Progress, When};
use crate::pair::Pairs;
use crate::render::duration;
use crate::report::{Exit, OutcomeReport, Shown};

/// Runs both sides of one pattern once and shows what their actors did.
pub(super) fn trace(args: &TraceArgs, pairs: Pairs) -> anyhow::Result<Exit> {
    let (settings, arms) = (args.settings()?, args.lab.two_arms()?);
    let pattern = pattern(&args.pattern)?;
    let mut pair = pairs(pattern);
    args.plan.apply(&mut pair)?;
    let output = args.output.open()?;
    let written = (args.format == TraceFormat::Text).then(|| output.medium().colour);
    let mut place = Place::new(settings, Progress::new(When::Never, 0), args.lab.in_process, written)?;

    let (mut text, mut whole) = (String::new(), true);
    let mut exit = Exit::Agree;
    for arm in arms {
        let (written, shown) = place.show(&pair, arm, written);
        if args.format == TraceFormat::Text {
            let _ =
                writeln!(text, "# {arm} of {pattern}, pace {} (pauses are in notebook time)", args.pace());
            text.push_str(&written);
        }
        match shown {
            Ok(shown) => {
                match args.format {
                    TraceFormat::Text => summarise(&shown, &pair.problem().stopwatches(), &mut text),
                    TraceFormat::Json => text.push_str(&json(&shown)),
                }
                for finding in &shown.findings {
                    complain(&format!("{arm} of {pattern}: {}", finding.line()));
                    exit = exit.max(Exit::Differ);
                }
            }
            Err(failure) => {
                complain(&format!("{arm} of {pattern}: {failure}"));
                whole = false;
                exit = exit.max(match failure {
                    Failure::Deadline { .. } => Exit::Deadline,
                    Failure::Interrupted => Exit::Interrupted,
                    _ => Exit::Differ,
                });
            }
        }
        // What fails on one side is no reason not to look at the other, unless it may still run, or nobody wants it.
        if exit == Exit::Interrupted || exit == Exit::Deadline && args.lab.in_process {
            break;
        }
    }
    if whole {
        output.write(&text)?;
    } else {
        output.write_in_part(&text)?;
    }
    Ok(exit)
}

fn summarise(shown: &Shown, stopwatches: &[Stopwatch], text: &mut String) {
    for (watch, time) in stopwatches.iter().filter_map(|watch| Some((watch, shown.time(watch)?))) {
        let _ = writeln!(text, "# {}: {}", watch.label, duration(time));
    }
    if let Some(OutcomeReport { fixed, observed }) = &shown.outcome {
        let _ = writeln!(text, "# outcome: {fixed}");
        if observed.as_object().is_some_and(|observed| !observed.is_empty()) {
            let _ = writeln!(text, "# observed: {observed}");
        }
    }
    text.push('\n');
}

fn json(shown: &Shown) -> String {
    let line = |event| serde_json::to_string(event).expect("an event is plain data") + "\n";
    shown.events.iter().map(line).collect()
}
