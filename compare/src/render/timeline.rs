//! A timeline: what each actor of a run does, on a clock that begins with the main line. A lane is an actor and a column a
//! while, the same one for all runs that are shown.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::iter;
use std::time::Duration;

use anstyle::Style;
use shared::Side;

use super::ink::{Ink, LETTER, Letters};
use super::scale::{LATE, Scale};
use super::text::{duration, painted, wrap_list};
use super::{Medium, NARROWEST};
use crate::archive::{ShownEvent, ShownWhat};
use crate::behaviour::with;
use crate::report::{Lane, Shown, State, Stretch, Wake, name_of};

/// How many actors of a run are drawn.
const MOST: usize = 40;

/// How wide it is where nobody says.
const WIDTH: usize = 80;

/// How many columns a run has at least where two stand side by side.
const LEAST: usize = 70;

/// What the lane of an OS thread is called.
const THREAD: &str = "  thread ";

/// What of the runs is shown, and how.
#[derive(Debug, Clone, Default)]
pub struct View {
    /// Whether to write ASCII alone.
    pub ascii: bool,
    /// Only these actors: a role, or one of it; all, if none is named.
    pub actors: Vec<(String, Option<usize>)>,
    /// Only what is later than this.
    pub from: Option<Duration>,
    /// Only what is earlier than this.
    pub to: Option<Duration>,
}

impl View {
    /// Whether this actor is shown.
    pub fn shows(&self, role: &str, number: usize) -> bool {
        self.actors.is_empty()
            || self.actors.iter().any(|(its, only)| its == role && only.is_none_or(|only| only == number))
    }

    /// Whether anything of this run is in view: what an actor says, or does meanwhile.
    pub fn shows_any_of(&self, run: &Shown) -> bool {
        let (from, to) = (self.from.unwrap_or_default(), self.to.unwrap_or(Duration::MAX));
        let does_something = |lane: &Lane| {
            let first = &run.events[lane.events[0]];
            self.shows(&first.role, first.number) && lane.during(from, to).next().is_some()
        };
        run.events.iter().any(|event| self.shows_event(event)) || run.lanes().iter().any(does_something)
    }

    /// Whether this event is in view.
    pub(super) fn shows_event(&self, event: &ShownEvent) -> bool {
        let at = Duration::from_nanos(event.at_ns);
        let is_within = self.from.is_none_or(|from| at >= from) && self.to.is_none_or(|to| at <= to);
        is_within && self.shows(&event.role, event.number)
    }

    /// From when until when these runs are shown.
    fn window(&self, runs: &[Shown]) -> (Duration, Duration) {
        let from = self.from.unwrap_or_default();
        let end = runs.iter().map(Shown::end).max().unwrap_or_default();
        (from, self.to.unwrap_or(end).max(from + Duration::from_nanos(1)))
    }
}

/// These runs on one clock, side by side where that fits, otherwise one below the other.
pub fn timeline(runs: &[Shown], view: &View, medium: Medium) -> String {
    let width = medium.width.unwrap_or(WIDTH).max(NARROWEST);
    let ink = Ink { ascii: view.ascii, colour: medium.colour };
    let letters = Letters::of(runs);
    let gap = 3;
    let beside = runs.len() == 2 && width >= 2 * LEAST + gap;
    let own = if beside { (width - gap) / 2 } else { width };
    let window = view.window(runs);
    let pictures: Vec<Vec<Line>> =
        runs.iter().map(|run| picture(run, &letters, view, &ink, window, own)).collect();
    let mut text = String::new();
    match pictures.as_slice() {
        [one, other] if beside => {
            for place in 0..one.len().max(other.len()) {
                let left = one.get(place).cloned().unwrap_or_default();
                let right = other.get(place).cloned().unwrap_or_default();
                let blanks = own + gap - left.width.min(own);
                let line = if right.text.is_empty() {
                    left.text
                } else {
                    format!("{}{:blanks$}{}", left.text, "", right.text)
                };
                let _ = writeln!(text, "{line}");
            }
            text.push('\n');
        }
        _ => {
            for picture in &pictures {
                for line in picture {
                    let _ = writeln!(text, "{}", line.text);
                }
                text.push('\n');
            }
        }
    }
    wrap_list("", &letters.legend(&ink), width, &mut text);
    wrap_list("", &ink.legend(), width, &mut text);
    text
}

/// A line and how many columns it takes.
#[derive(Debug, Clone, Default)]
struct Line {
    text: String,
    width: usize,
}

impl Line {
    fn plain(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { width: text.chars().count(), text }
    }
}

/// One run, drawn.
fn picture(
    run: &Shown,
    letters: &Letters<'_>,
    view: &View,
    ink: &Ink,
    window: (Duration, Duration),
    width: usize,
) -> Vec<Line> {
    let all = run.lanes();
    let is_shown = |lane: &&Lane| {
        let event = &run.events[lane.events[0]];
        view.shows(&event.role, event.number)
    };
    let shown = all.iter().filter(is_shown).map(|lane| lane.within(window.0, window.1));
    let shown: Vec<Lane> = shown.collect();
    let drawn = &shown[..shown.len().min(MOST)];
    let signs = signs(&all);
    let label =
        drawn.iter().map(|lane| lane.name.chars().count() + 2).max().unwrap_or(0).max(THREAD.len() + 3);
    let scale = Scale::of(window, width.saturating_sub(label + 2).max(10));
    let mut lines = vec![Line::plain(title(run))];
    lines.push(Line::plain(format!("{:label$} {}", "", scale.axis(ink))));
    for lane in drawn {
        let sign = signs[&lane.actor];
        let (cells, columns) = cells(lane, run, letters, &scale, ink);
        let name = format!("{sign} {:<1$}", lane.name, label - 2);
        lines.push(Line { text: format!("{name} {cells}"), width: label + 1 + columns });
    }
    if shown.len() > drawn.len() {
        lines.push(Line::plain(format!("{} of {} actors are drawn", drawn.len(), shown.len())));
    }
    lines.extend(threads(run, drawn, &signs, &scale, label));
    lines.push(Line::default());
    lines.extend(times(run, drawn, &signs, label, width));
    let actors: BTreeSet<usize> = drawn.iter().map(|lane| lane.actor).collect();
    let woken: Vec<Wake> =
        run.wakes().into_iter().filter(|wake| (window.0..=window.1).contains(&wake.at)).collect();
    lines.extend(wakes(&woken, &all, &actors, width, ink.ascii));
    lines
}

/// Which run it is, with which plan if with another than the pair's, and how long its main line took.
fn title(run: &Shown) -> String {
    let took =
        run.events.iter().find(|event| event.actor == 0 && matches!(event.what, ShownWhat::Ended { .. }));
    let took = took.map_or_else(|| "not over".into(), |end| duration(Duration::from_nanos(end.at_ns)));
    format!("{}, run {}{}: {took}", run.arm, run.number, with(&run.plan))
}

/// A sign for each actor, which it has in the lanes of the OS threads.
fn signs(lanes: &[Lane]) -> BTreeMap<usize, char> {
    let signs = ('0'..='9').chain('a'..='z').chain(iter::repeat('?'));
    lanes.iter().map(|lane| lane.actor).zip(signs).collect()
}

/// A lane: in each column what its actor does for the longest part of it, and letters where it says something.
fn cells(lane: &Lane, run: &Shown, letters: &Letters<'_>, scale: &Scale, ink: &Ink) -> (String, usize) {
    let mut cells: Vec<(char, Style)> = (0..scale.columns)
        .map(|column| {
            longest(lane, scale.starts(column), scale.starts(column + 1))
                .map_or((' ', Style::new()), |stretch| ink.stretch(stretch))
        })
        .collect();
    let mut last: Option<usize> = None;
    for &event in &lane.events {
        let event = &run.events[event];
        let Some(letter) = letters.letter(&event.what) else { continue };
        let Some(column) = scale.column(Duration::from_nanos(event.at_ns)) else { continue };
        let free = last.map_or(column, |last| column.max(last + 1));
        if free <= column + LATE && free < scale.columns {
            cells[free] = (letter, LETTER);
            last = Some(free);
        } else if let Some(last) = last {
            // There is no room for it: more than one thing happened here.
            cells[last] = ('+', LETTER);
        }
    }
    let columns = cells.iter().rposition(|(cell, _)| *cell != ' ').map_or(0, |last| last + 1);
    (painted(&cells[..columns], ink.colour), columns)
}

/// The stretch of an actor that is the longest part of this while.
fn longest(lane: &Lane, from: Duration, to: Duration) -> Option<&Stretch> {
    let part = |stretch: &Stretch| stretch.to.min(to).saturating_sub(stretch.from.max(from));
    lane.during(from, to).max_by_key(|stretch| part(stretch))
}

/// A lane for each OS thread that tasks have: who runs there. Threads are each one of their own.
fn threads(
    run: &Shown,
    lanes: &[Lane],
    signs: &BTreeMap<usize, char>,
    scale: &Scale,
    label: usize,
) -> Vec<Line> {
    let mut on: BTreeMap<u32, BTreeSet<usize>> = BTreeMap::new();
    for lane in lanes {
        for thread in lane.stretches.iter().filter_map(|stretch| stretch.thread) {
            on.entry(thread).or_default().insert(lane.actor);
        }
    }
    if run.arm.side() == Side::Threaded && on.values().all(|actors| actors.len() == 1) {
        return vec![Line::plain("  each on an OS thread of its own")];
    }
    let row = |thread: u32| {
        let cell = |column| {
            let (from, to) = (scale.starts(column), scale.starts(column + 1));
            let there = lanes.iter().filter(|lane| {
                lane.during(from, to)
                    .any(|stretch| stretch.thread == Some(thread) && stretch.state == State::Running)
            });
            let there: Vec<char> = there.map(|lane| signs[&lane.actor]).take(2).collect();
            match there.as_slice() {
                [] => ' ',
                [one] => *one,
                _ => '+',
            }
        };
        let cells: String = (0..scale.columns).map(cell).collect();
        Line::plain(format!("{:<label$} {}", format!("{THREAD}{thread}"), cells).trim_end())
    };
    on.keys().map(|thread| row(*thread)).collect()
}

/// How long each actor was in which state.
fn times(
    run: &Shown,
    lanes: &[Lane],
    signs: &BTreeMap<usize, char>,
    label: usize,
    width: usize,
) -> Vec<Line> {
    const COLUMN: usize = 9;
    let columns = if label + 5 * COLUMN <= width { COLUMN } else { COLUMN - 1 };
    let heads = State::ALL.map(State::word).into_iter().chain(["inside"]);
    let row = |cells: &mut dyn Iterator<Item = String>| {
        cells.fold(String::new(), |row, cell| row + &format!("{cell:>columns$}"))
    };
    let heads = row(&mut heads.map(str::to_owned));
    let mut rows = vec![Line::plain(format!("{:label$}{heads}", ""))];
    for lane in lanes {
        let times = State::ALL.map(|state| {
            // Nobody tells when a thread could go on.
            let is_known = state != State::Ready || run.arm.side() == Side::Asynchronous;
            is_known.then(|| lane.time(state))
        });
        let times = times.into_iter().chain([Some(lane.inside())]);
        let cell = |time: Option<Duration>| match time {
            None => "?".into(),
            Some(Duration::ZERO) => "-".into(),
            Some(time) => duration(time),
        };
        let times = row(&mut times.map(cell));
        let name = format!("{} {}", signs[&lane.actor], lane.name);
        rows.push(Line::plain(format!("{name:<label$}{times}")));
    }
    rows
}

/// Who woke whom and how often, and how long it took until the woken one had its turn.
fn wakes(wakes: &[Wake], lanes: &[Lane], shown: &BTreeSet<usize>, width: usize, ascii: bool) -> Vec<Line> {
    let mut known: BTreeMap<(Option<usize>, usize), Vec<Duration>> = BTreeMap::new();
    for wake in wakes.iter().filter(|wake| shown.contains(&wake.whom)) {
        known.entry((wake.by, wake.whom)).or_default().push(wake.began.saturating_sub(wake.at));
    }
    if known.is_empty() {
        return Vec::new();
    }
    let name = |actor| name_of(lanes, actor).unwrap_or("somebody");
    let arrow = if ascii { "->" } else { "→" };
    let wake = |((by, whom), waits): (&(Option<usize>, usize), &Vec<Duration>)| {
        let by = by.map_or_else(String::new, |by| format!("{} {arrow} ", name(by)));
        let often = if waits.len() == 1 { String::new() } else { format!(" {}×", waits.len()) };
        let longest = waits.iter().max().copied().unwrap_or_default();
        format!("{by}{}{often} {}", name(*whom), duration(longest))
    };
    let (by_runtime, by_actors): (Vec<_>, Vec<_>) = known.iter().partition(|((by, _), _)| by.is_none());
    let heads = [
        "who woke whom, and ready for how long at most",
        "woken by the runtime (a timer, a socket, an end, a blocking thread, a turn given away)",
    ];
    let mut text = String::new();
    for (head, wakes) in heads.into_iter().zip([by_actors, by_runtime]) {
        if !wakes.is_empty() {
            let wakes: Vec<String> = wakes.into_iter().map(wake).collect();
            wrap_list(&format!("{head}: "), &wakes, width, &mut text);
        }
    }
    text.lines().map(Line::plain).collect()
}
