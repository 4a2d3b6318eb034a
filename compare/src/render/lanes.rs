//! Lanes: one run of each side as a picture. A lane is an actor, a column an event, and a letter what the actor did;
//! below the lanes stands how many are inside.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::text::wrap;
use crate::archive::{ShownEvent, ShownWhat};
use crate::behaviour::with;
use crate::report::{Region, Shown};

/// How many events and how many actors of a run are drawn.
const MOST: (usize, usize) = (400, 40);

/// How wide a picture is where nobody says.
const WIDTH: usize = 100;

/// The pictures of these runs, side by side where that fits, otherwise one below the other.
pub(crate) fn lanes(runs: &[Shown], width: Option<usize>) -> String {
    let width = width.unwrap_or(WIDTH);
    let letters = Letters::of(runs);
    let pictures: Vec<Picture> = runs.iter().map(|run| Picture::of(run, &letters)).collect();
    let together = pictures.iter().map(Picture::width).sum::<usize>() + 3 * pictures.len().saturating_sub(1);
    let mut text = String::new();
    for left_out in pictures.iter().filter_map(|picture| picture.left_out.as_ref()) {
        wrap(left_out, width, &mut text);
    }
    if together <= width {
        beside(&pictures, &mut text);
    } else {
        for picture in &pictures {
            picture.folded(width, &mut text);
        }
    }
    wrap(&letters.legend(), width, &mut text);
    text
}

/// A letter for each kind of step.
struct Letters<'a>(BTreeMap<&'a str, char>);

impl<'a> Letters<'a> {
    /// Each step gets the first letter of its name that is free, in the order in which the steps come.
    fn of(runs: &'a [Shown]) -> Self {
        let mut letters: BTreeMap<&str, char> = BTreeMap::new();
        for event in runs.iter().flat_map(|run| &run.events) {
            if let ShownWhat::Said { step, .. } = &event.what
                && !letters.contains_key(step.as_ref())
            {
                let free = |letter: &char| !letters.values().any(|taken| taken == letter);
                let upper = step.chars().map(|letter| letter.to_ascii_uppercase());
                let own = upper.chain(step.chars()).chain('0'..='9').chain('a'..='z');
                let letter = own.filter(char::is_ascii_alphanumeric).find(free).unwrap_or('?');
                letters.insert(step.as_ref(), letter);
            }
        }
        Self(letters)
    }

    fn letter(&self, what: &ShownWhat) -> char {
        match what {
            ShownWhat::Began => '(',
            ShownWhat::Said { step, .. } => self.0.get(step.as_ref()).copied().unwrap_or('?'),
            ShownWhat::Paused { .. } | ShownWhat::Waits { .. } => '~',
            ShownWhat::Ended { end, .. } if end == "returned" => ')',
            ShownWhat::Ended { end, .. } if end == "cancelled" => 'x',
            ShownWhat::Ended { .. } => '!',
        }
    }

    fn legend(&self) -> String {
        let steps = self.0.iter().map(|(step, letter)| format!("{letter} {step}"));
        let signs =
            ["~ pauses", "( begins", ") returns", "x cancelled", "! panics", "# inside", "+ more than nine"];
        steps.chain(signs.map(str::to_owned)).collect::<Vec<_>>().join(", ")
    }
}

/// One run, drawn.
struct Picture {
    title: String,
    /// The name of each lane, and its places.
    rows: Vec<(String, Vec<char>)>,
    /// What is not drawn, if anything.
    left_out: Option<String>,
}

impl Picture {
    fn of(run: &Shown, letters: &Letters<'_>) -> Self {
        let (most_events, most_actors) = MOST;
        let events = &run.events[..run.events.len().min(most_events)];
        let mut names: BTreeMap<usize, String> = BTreeMap::new();
        for ShownEvent { actor, role, number, .. } in &run.events {
            let name = || if role == "main" { "main".into() } else { format!("{role} {number}") };
            names.entry(*actor).or_insert_with(name);
        }
        let mut rows: Vec<(String, Vec<char>)> = Vec::new();
        for (actor, name) in names.iter().take(most_actors) {
            rows.push((name.clone(), lane(*actor, events, &run.regions, letters)));
        }
        rows.extend(run.regions.iter().map(|region| inside(region, events)));
        let left_out = (run.events.len() > events.len() || names.len() > most_actors).then(|| {
            format!(
                "{}: {} of {} events and {} of {} actors are drawn",
                run.arm,
                events.len(),
                run.events.len(),
                names.len().min(most_actors),
                names.len()
            )
        });
        Self { title: title(run), rows, left_out }
    }

    fn label(&self) -> usize {
        self.rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0)
    }

    fn events(&self) -> usize {
        self.rows.iter().map(|(_, lane)| lane.len()).max().unwrap_or(0)
    }

    fn width(&self) -> usize {
        (self.label() + 1 + self.events()).max(self.title.chars().count())
    }

    /// Folds the lanes into pieces that fit into the width.
    fn folded(&self, width: usize, text: &mut String) {
        let label = self.label();
        let piece = width.saturating_sub(label + 1).max(10);
        for start in (0..self.events()).step_by(piece) {
            let end = (start + piece).min(self.events());
            let _ = writeln!(text, "{}, events {start} to {}", self.title, end - 1);
            for (name, lane) in &self.rows {
                let places: String = lane[start..end].iter().collect();
                // Who has not begun yet, or is over, has no place in this piece.
                if !places.trim().is_empty() {
                    let _ = writeln!(text, "{name:label$} {}", places.trim_end());
                }
            }
            text.push('\n');
        }
    }
}

/// Which run it is, and with which plan, if with another than the pair's.
fn title(run: &Shown) -> String {
    format!("{}, run {}{}", run.arm, run.number, with(&run.plan))
}

/// What one actor does: a letter at its own events, and between them whether it is there, and inside.
fn lane(actor: usize, events: &[ShownEvent], regions: &[Region], letters: &Letters<'_>) -> Vec<char> {
    let mut there = false;
    let mut inside = 0_usize;
    let place = |event: &ShownEvent| {
        if event.actor != actor {
            return match (there, inside) {
                (false, _) => ' ',
                (true, 0) => '·',
                (true, _) => '#',
            };
        }
        match &event.what {
            ShownWhat::Ended { .. } => there = false,
            ShownWhat::Said { step, .. } => {
                inside += regions.iter().filter(|region| region.enter.contains(step)).count();
                inside = inside
                    .saturating_sub(regions.iter().filter(|region| region.leave.contains(step)).count());
            }
            ShownWhat::Began => there = true,
            ShownWhat::Paused { .. } | ShownWhat::Waits { .. } => {}
        }
        letters.letter(&event.what)
    };
    events.iter().map(place).collect()
}

/// How many are inside after each event; more than nine as a plus.
fn inside(region: &Region, events: &[ShownEvent]) -> (String, Vec<char>) {
    let mut count = 0_u32;
    let place = |event: &ShownEvent| {
        if let ShownWhat::Said { step, .. } = &event.what {
            if region.enter.contains(step) {
                count += 1;
            } else if region.leave.contains(step) {
                count = count.saturating_sub(1);
            }
        }
        char::from_digit(count, 10).unwrap_or('+')
    };
    (format!("inside ≤{}", region.most), events.iter().map(place).collect())
}

fn beside(pictures: &[Picture], text: &mut String) {
    let height = pictures.iter().map(|picture| picture.rows.len()).max().unwrap_or(0);
    let row = |of: &dyn Fn(&Picture) -> String| {
        let cells: Vec<String> =
            pictures.iter().map(|picture| format!("{:1$}", of(picture), picture.width())).collect();
        format!("{}\n", cells.join(" │ ").trim_end())
    };
    text.push_str(&row(&|picture| picture.title.clone()));
    for place in 0..height {
        text.push_str(&row(&|picture| match picture.rows.get(place) {
            Some((name, lane)) => format!("{name:1$} {0}", lane.iter().collect::<String>(), picture.label()),
            None => String::new(),
        }));
    }
    text.push('\n');
}
