//! The events of a run as text, a line each: when, how long after the one before, on which thread, who, what, and where in
//! the source.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use super::Medium;
use super::text::{Styles, wrap};
use super::timeline::View;
use crate::archive::{ShownEvent, ShownWhat};
use crate::report::Shown;

/// The events of this run that are in view.
pub fn events(run: &Shown, view: &View, medium: Medium) -> String {
    let styles = Styles::of(medium);
    let own = commonest_file(run);
    let is_shown = |event: &&ShownEvent| view.shows_event(event);
    let mut shown: Vec<&ShownEvent> = run.events.iter().filter(is_shown).collect();
    // They are in the order in which they were counted, and a clock is read a moment before.
    shown.sort_by_key(|event| event.at_ns);
    let names = shown.iter().map(|event| event.name().chars().count()).max().unwrap_or(0);
    let mut text = String::new();
    if let Some(own) = own {
        let line = styles.faint(&format!("# a line without a file is of {own}"));
        wrap(&line, medium.width.unwrap_or(usize::MAX), &mut text);
    }
    let places: Vec<String> = shown
        .iter()
        .map(|event| event.source.as_deref().map_or_else(String::new, |source| place(source, own)))
        .collect();
    let longest = places.iter().map(|place| place.chars().count()).max().unwrap_or(0).max(5);
    let heads = format!("{:>10} {:>9}  on {:<names$} {:<longest$} what", "at µs", "after µs", "who", "where");
    let _ = writeln!(text, "{}", styles.faint(&heads));
    let mut before = None;
    for (event, place) in shown.into_iter().zip(places) {
        let after = before
            .replace(event.at_ns)
            .map_or_else(String::new, |before| format!("+{}", micros(event.at_ns.saturating_sub(before))));
        let (at, thread, name) = (micros(event.at_ns), event.thread, event.name());
        let head = format!("{at:>10} {after:>9} {thread:>3} {name:<names$} {place:<longest$} ");
        let room = medium.width.map_or(usize::MAX, |width| width.saturating_sub(head.chars().count()));
        let _ = writeln!(text, "{head}{}", cut(&what(&event.what), room));
    }
    text
}

fn micros(nanos: u64) -> String {
    format!("{}.{}", nanos / 1_000, nanos / 100 % 10)
}

/// What happened, with its values.
fn what(what: &ShownWhat) -> String {
    let time = |nanos: &u64| format!("{:?}", Duration::from_nanos(*nanos));
    match what {
        ShownWhat::Began => "began".into(),
        ShownWhat::Said { step, values } => {
            let values = values.iter().map(|(name, value)| format!(" {name}={value}"));
            format!("{step}{}", values.collect::<String>())
        }
        ShownWhat::Paused { notebook_ns } => format!("pauses {}", time(notebook_ns)),
        ShownWhat::Waits { notebook_ns } => format!("waits at most {}", time(notebook_ns)),
        ShownWhat::Ended { end, message } => {
            message.as_ref().map_or_else(|| end.clone(), |message| format!("{end}: {message}"))
        }
    }
}

/// The file in which most of it happens: the pattern's own.
fn commonest_file(run: &Shown) -> Option<&str> {
    let files = run.events.iter().filter_map(|event| Some(event.source.as_deref()?.rsplit_once(':')?.0));
    let mut counts = BTreeMap::new();
    files.for_each(|file| *counts.entry(file).or_insert(0) += 1);
    counts.into_iter().max_by_key(|(_, count)| *count).map(|(file, _)| file)
}

/// A place in the source, shortly.
fn place(source: &str, own: Option<&str>) -> String {
    match source.rsplit_once(':') {
        Some((file, line)) if Some(file) == own => format!(":{line}"),
        Some((file, line)) => format!("{}:{line}", file.rsplit('/').next().unwrap_or(file)),
        None => source.into(),
    }
}

/// As much of a text as there is room for.
fn cut(text: &str, room: usize) -> String {
    if text.chars().count() <= room {
        return text.into();
    }
    text.chars().take(room.saturating_sub(1)).chain(['…']).collect()
}
