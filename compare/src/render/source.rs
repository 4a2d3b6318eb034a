//! Sources for eyes: both sides of a pattern beside each other, or one file alone, in colour and wrapped.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use anstyle::Style;
use similar::{Algorithm, DiffTag, capture_diff_slices};

use super::Medium;
use super::aligned::{Differing, differing, rows};
use super::text::{Styles, duration, painted, wrap};
use super::tokens::{Token, tokens};
use crate::report::Shown;

/// From how many columns on two files stand beside each other.
const BESIDE: usize = 130;

/// How many columns there are where nobody says.
const WIDTH: usize = 160;

/// A file of the workspace.
#[derive(Debug, Clone, Copy)]
pub struct File<'a> {
    /// Its path, from the top of the workspace.
    pub path: &'a str,
    /// What is in it.
    pub text: &'a str,
    /// A run in which it was called, if it is to be told what was said where.
    pub run: Option<&'a Shown>,
}

/// One file.
pub fn file(file: File<'_>, medium: Medium) -> String {
    let (styles, width) = (Styles::of(medium), medium.width.unwrap_or(WIDTH));
    let mut text = format!("{}\n", styles.bold(file.path));
    let sheet = Sheet::of(file);
    for place in 0..sheet.lines.len() {
        for line in sheet.folded(place, &[], width, medium.colour) {
            let _ = writeln!(text, "{}", line.0.trim_end());
        }
    }
    text
}

/// Both sides of a pattern, and how much they differ: beside each other, or line below line where there is no room. Two texts
/// that need not be parallel are one after the other then.
pub fn both(files: [File<'_>; 2], are_parallel: bool, medium: Medium) -> String {
    let (styles, width) = (Styles::of(medium), medium.width.unwrap_or(WIDTH));
    let [left, right] = files;
    if width < BESIDE && !are_parallel {
        return format!("{}\n{}", file(left, medium), file(right, medium));
    }
    let rows = rows(left.text, right.text);
    let sheets = files.map(Sheet::of);
    let mut text = String::new();
    let own = (width - 3) / 2;
    if width >= BESIDE {
        let _ =
            writeln!(text, "{}   {}", styles.bold(&format!("{:<own$}", left.path)), styles.bold(right.path));
    } else {
        let _ = writeln!(text, "{} {}", styles.bad("<"), styles.bold(left.path));
        let _ = writeln!(text, "{} {}", styles.good(">"), styles.bold(right.path));
    }
    let mut waiting: Vec<String> = Vec::new();
    for row in &rows {
        let marks = marks(&sheets, row.left, row.right);
        let line = |side: usize, place: Option<usize>, width: usize| {
            place
                .map_or_else(Vec::new, |place| sheets[side].folded(place, &marks[side], width, medium.colour))
        };
        let same = marks.iter().all(Vec::is_empty) && row.left.is_some() && row.right.is_some();
        if width >= BESIDE {
            let [one, other] = [line(0, row.left, own), line(1, row.right, own)];
            let sign = match (row.left, row.right) {
                (Some(_), None) => styles.bad("<"),
                (None, _) => styles.good(">"),
                _ if same => " ".into(),
                _ if row.alike => styles.faint("·"),
                _ => styles.warn("≠"),
            };
            for place in 0..one.len().max(other.len()) {
                let (left, taken) = one.get(place).cloned().unwrap_or_default();
                let right = other.get(place).map_or("", |(right, _)| right);
                let line = format!("{left}{:1$} {sign} {right}", "", own.saturating_sub(taken));
                let _ = writeln!(text, "{}", line.trim_end());
            }
            continue;
        }
        // One below the other: what differs of either side together, and what is the same once.
        let narrow = width - 2;
        let signed = |sign: String, lines: Vec<(String, usize)>| -> Vec<String> {
            lines.into_iter().map(|(line, _)| format!("{sign} {}\n", line.trim_end())).collect()
        };
        if same {
            text.extend(waiting.drain(..));
            text.extend(signed(" ".into(), line(0, row.left, narrow)));
        } else {
            text.extend(signed(styles.bad("<"), line(0, row.left, narrow)));
            waiting.extend(signed(styles.good(">"), line(1, row.right, narrow)));
        }
    }
    text.extend(waiting);
    let Differing { lines, of } = differing(left.text, right.text, &rows);
    let signs = "≠ differs, · differs in `async`, `.await` or what is imported, < and > are on one side only";
    let mut legend = vec![signs.to_owned()];
    if files.iter().any(|file| file.run.is_some()) {
        legend.push("2× 3.00 ms: said twice in one run, first so long after its main line began".into());
    }
    text.push('\n');
    for line in &legend {
        wrap(line, width, &mut text);
    }
    let differs =
        format!("what differs: {lines} of {of} lines of code, beyond `async`, `.await` and what is imported");
    wrap(&differs, width, &mut text);
    text
}

/// A source, as it is drawn.
struct Sheet<'a> {
    text: &'a str,
    /// Where each line begins and ends, in bytes.
    lines: Vec<(usize, usize)>,
    pieces: Vec<Token>,
    /// What is told before each line; none where nothing is.
    notes: Option<BTreeMap<usize, String>>,
}

impl<'a> Sheet<'a> {
    fn of(file: File<'a>) -> Self {
        let mut start = 0;
        let lines = file.text.split_inclusive('\n').map(|line| {
            let from = start;
            start += line.len();
            (from, from + line.trim_end().len())
        });
        let lines = lines.collect();
        let notes = file.run.map(|run| notes(run, file.path));
        Self { text: file.text, lines, pieces: tokens(file.text), notes }
    }

    /// The tokens of a line that are no blanks, as text, with where each begins.
    fn words(&self, line: usize) -> Vec<(usize, &'a str)> {
        let (from, to) = self.lines[line];
        let pieces = self.pieces.iter().filter(|piece| !piece.is_blank);
        let of_it = pieces.filter(|piece| piece.range.start < to && piece.range.end > from);
        of_it
            .map(|piece| {
                (piece.range.start, &self.text[piece.range.start.max(from)..piece.range.end.min(to)])
            })
            .collect()
    }

    /// A line, broken so that it fits, and how many columns each part takes; tokens that begin at a mark stand out.
    fn folded(&self, line: usize, marks: &[usize], width: usize, colour: bool) -> Vec<(String, usize)> {
        let note = self.notes.as_ref().map_or_else(String::new, |notes| {
            format!("{:>NOTE$} ", notes.get(&(line + 1)).map_or("", String::as_str))
        });
        let head = format!("{note}{:>3} ", line + 1);
        let (from, to) = self.lines[line];
        let mut letters: Vec<(char, Style)> = Vec::new();
        for piece in self.pieces.iter().filter(|piece| piece.range.start < to && piece.range.end > from) {
            let marked = marks.contains(&piece.range.start);
            let style = if marked { piece.style.bold().underline() } else { piece.style };
            let text = &self.text[piece.range.start.max(from)..piece.range.end.min(to)];
            letters.extend(text.chars().map(|letter| (letter, style)));
        }
        let room = width.saturating_sub(head.chars().count()).max(20);
        let indent = letters.iter().take_while(|(letter, _)| *letter == ' ').count();
        let mut parts = Vec::new();
        let mut rest = letters.as_slice();
        let mut lead = 0;
        loop {
            let fits = room - lead;
            let end = if rest.len() <= fits {
                rest.len()
            } else {
                // Where there is a blank after the indentation, or else in the midst of a word.
                let least = if parts.is_empty() { indent + 1 } else { 1 };
                rest[..=fits]
                    .iter()
                    .rposition(|(letter, _)| *letter == ' ')
                    .filter(|end| *end >= least)
                    .unwrap_or(fits)
            };
            let shown = painted(&rest[..end], colour);
            let head = if parts.is_empty() { head.clone() } else { " ".repeat(head.chars().count()) };
            parts.push((format!("{head}{:lead$}{shown}", ""), head.chars().count() + lead + end));
            rest = &rest[end..];
            let blanks = rest.iter().take_while(|(letter, _)| *letter == ' ').count();
            rest = &rest[blanks..];
            if rest.is_empty() {
                return parts;
            }
            lead = (indent + 4).min(room - 10);
        }
    }
}

/// How many columns a note takes.
const NOTE: usize = 12;

/// How often each line said something in this run, and when first.
fn notes(run: &Shown, path: &str) -> BTreeMap<usize, String> {
    let mut said: BTreeMap<usize, (usize, u64)> = BTreeMap::new();
    for event in &run.events {
        let place = event.source.as_deref().and_then(|source| source.rsplit_once(':'));
        let line = place.filter(|(file, _)| *file == path).and_then(|(_, line)| line.parse().ok());
        if let Some(line) = line {
            said.entry(line).or_insert((0, event.at_ns)).0 += 1;
        }
    }
    let note = |(line, (times, first)): (usize, (usize, u64))| {
        (line, format!("{times}× {}", duration(Duration::from_nanos(first))))
    };
    said.into_iter().map(note).collect()
}

/// Where tokens begin that only one of both lines has.
fn marks(sheets: &[Sheet<'_>; 2], left: Option<usize>, right: Option<usize>) -> [Vec<usize>; 2] {
    let (Some(left), Some(right)) = (left, right) else { return [Vec::new(), Vec::new()] };
    let words = [sheets[0].words(left), sheets[1].words(right)];
    let texts = words.each_ref().map(|words| words.iter().map(|(_, text)| *text).collect::<Vec<_>>());
    let mut marks = [Vec::new(), Vec::new()];
    for op in capture_diff_slices(Algorithm::Myers, &texts[0], &texts[1]) {
        if op.tag() != DiffTag::Equal {
            marks[0].extend(words[0][op.old_range()].iter().map(|(start, _)| *start));
            marks[1].extend(words[1][op.new_range()].iter().map(|(start, _)| *start));
        }
    }
    marks
}
