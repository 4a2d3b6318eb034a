//! `compare trace`: one run of each arm, in time or event by event.

use std::fmt::Write as _;

use anyhow::bail;
use shared::{Role, Stopwatch};

use super::args::{TraceArgs, TraceFormat};
use super::look::{Seen, look};
use super::names::pattern;
use super::place::Place;
use crate::lab::{Progress, When};
use crate::pair::{Pair, Pairs};
use crate::render::{self, Medium, View, duration, wrap};
use crate::report::{Exit, OutcomeReport, Shown};

/// Runs the arms of one pattern once and shows what their actors did.
pub(super) fn trace(args: &TraceArgs, pairs: Pairs) -> anyhow::Result<Exit> {
    let (arms, pattern) = (args.arms()?, pattern(&args.pattern)?);
    let mut pair = pairs(pattern);
    args.plan.apply(&mut pair)?;
    let view = args.view()?;
    check_actors(&view, &pair.problem().roles())?;
    let output = args.output.open()?;
    let medium = output.medium().or_width(args.width);
    let mut place = Place::new(args.settings()?, Progress::new(When::Never, 0), args.lab.in_process)?;

    let Seen { runs, whole, exit } = look(&pair, &arms, &mut place);
    if !runs.is_empty() && !runs.iter().any(|run| view.shows_any_of(run)) {
        bail!("nothing is in view: there is no such actor, or not between --from and --to");
    }
    let text = match args.format {
        TraceFormat::Timeline => in_time(&runs, &pair, args, &view, medium),
        TraceFormat::Text => runs.iter().map(|run| by_event(run, &pair, args, &view, medium)).collect(),
        TraceFormat::Json => runs.iter().map(json).collect(),
        TraceFormat::Chrome => render::chrome(&runs),
    };
    if whole {
        output.write(&text)?;
    } else {
        output.write_in_part(&text)?;
    }
    Ok(exit)
}

/// A role that nobody has is a mistake, and no empty picture.
fn check_actors(view: &View, roles: &[Role]) -> anyhow::Result<()> {
    let known: Vec<&str> = roles.iter().map(|role| role.name).collect();
    match view.actors.iter().find(|(role, _)| !known.contains(&role.as_str())) {
        Some((role, _)) => bail!("nobody is {role:?} in this pattern: its roles are {}", known.join(", ")),
        None => Ok(()),
    }
}

fn in_time(runs: &[Shown], pair: &Pair, args: &TraceArgs, view: &View, medium: Medium) -> String {
    let mut text = render::timeline(runs, view, medium);
    for run in runs {
        text.push('\n');
        summarise(run, &format!("{}: ", run.arm), &pair.problem().stopwatches(), medium, &mut text);
    }
    let _ = writeln!(text, "pace {}: a notebook second lasts so many seconds", args.pace());
    if view.ascii { render::ascii(&text) } else { text }
}

fn by_event(run: &Shown, pair: &Pair, args: &TraceArgs, view: &View, medium: Medium) -> String {
    let mut text =
        format!("# {} of {}, pace {} (pauses are in notebook time)\n", run.arm, run.pattern, args.pace());
    text.push_str(&render::events(run, view, medium));
    summarise(run, "# ", &pair.problem().stopwatches(), medium, &mut text);
    text.push('\n');
    if view.ascii { render::ascii(&text) } else { text }
}

/// What the cell would print, and what the run yielded.
fn summarise(run: &Shown, head: &str, stopwatches: &[Stopwatch], medium: Medium, text: &mut String) {
    let mut line = |what: &str| wrap(&format!("{head}{what}"), medium.width.unwrap_or(usize::MAX), text);
    for (watch, time) in stopwatches.iter().filter_map(|watch| Some((watch, run.time(watch)?))) {
        line(&format!("{}: {}", watch.label, duration(time)));
    }
    if let Some(OutcomeReport { fixed, observed }) = &run.outcome {
        line(&format!("outcome: {fixed}"));
        if observed.as_object().is_some_and(|observed| !observed.is_empty()) {
            line(&format!("observed: {observed}"));
        }
    }
}

fn json(shown: &Shown) -> String {
    let line = |event| serde_json::to_string(event).expect("an event is plain data") + "\n";
    shown.events.iter().map(line).collect()
}
