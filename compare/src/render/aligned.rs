//! Two sources, line beside line: what is alike but for what every task has, stands beside each other.

use std::ops::Range;

use similar::{Algorithm, DiffOp, capture_diff_slices};

use crate::pair::lines;

/// A line of either source, by its place; what has no like on the other side stands alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) left: Option<usize>,
    pub(super) right: Option<usize>,
    /// Whether both lines are the same but for `async`, `.await` and what is imported.
    pub(super) alike: bool,
}

/// How many lines of code differ, of how many that the longer source has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Differing {
    pub(super) lines: usize,
    pub(super) of: usize,
}

/// The rows of these two sources, item by item.
pub(super) fn rows(left: &str, right: &str) -> Vec<Row> {
    let [left, right] = [left, right].map(plain_lines);
    let [lefts, rights] = [&left, &right].map(|lines| items(lines));
    let names = |lines: &[String], items: &[Range<usize>]| -> Vec<String> {
        let first = |item: &Range<usize>| lines[item.clone()].iter().find(|line| is_code(line)).cloned();
        items.iter().map(|item| first(item).unwrap_or_default()).collect()
    };
    // Items stand beside each other that begin alike; what is between those, as it comes.
    let mut rows = Vec::new();
    for op in capture_diff_slices(Algorithm::Patience, &names(&left, &lefts), &names(&right, &rights)) {
        let (ours, theirs) = (&lefts[op.old_range()], &rights[op.new_range()]);
        if matches!(op, DiffOp::Equal { .. }) {
            let both = ours.iter().zip(theirs);
            rows.extend(both.flat_map(|(one, other)| beside(&left, one.clone(), &right, other.clone())));
        } else {
            rows.extend(beside(&left, whole(ours), &right, whole(theirs)));
        }
    }
    rows
}

/// From the first of these items to the last.
fn whole(items: &[Range<usize>]) -> Range<usize> {
    items.first().map_or(0, |first| first.start)..items.last().map_or(0, |last| last.end)
}

/// How many lines of code differ, beyond what every task has.
pub(super) fn differing(left: &str, right: &str, rows: &[Row]) -> Differing {
    let plain = [left, right].map(plain_lines);
    let counts = |side: &[String], place: Option<usize>| place.is_some_and(|place| is_code(&side[place]));
    let is_counted = |row: &&Row| counts(&plain[0], row.left) || counts(&plain[1], row.right);
    let lines = rows.iter().filter(|row| !row.alike).filter(is_counted).count();
    let of = plain.iter().map(|lines| lines.iter().filter(|line| is_code(line)).count()).max();
    Differing { lines, of: of.unwrap_or(0) }
}

fn is_code(plain: &str) -> bool {
    !plain.is_empty() && plain != IMPORT && !plain.starts_with("//")
}

/// What stands for every line of an import.
const IMPORT: &str = "use";

/// Each line without what every task has, and without its indentation; of an import nothing.
fn plain_lines(source: &str) -> Vec<String> {
    let plain = |(line, is_import): (&str, bool)| {
        if is_import {
            return IMPORT.to_owned();
        }
        line.replace("async move", "move").replace("async ", "").replace(".await", "")
    };
    lines(source).map(plain).collect()
}

/// The items of a source: from one blank line between items to the next.
fn items(lines: &[String]) -> Vec<Range<usize>> {
    let mut depth = 0_i64;
    let mut items = Vec::new();
    let mut start = 0;
    for (place, line) in lines.iter().enumerate() {
        let count = |bracket: char| i64::try_from(line.matches(bracket).count()).unwrap_or(0);
        depth += count('{') - count('}');
        if line.is_empty() && depth == 0 {
            items.push(start..place + 1);
            start = place + 1;
        }
    }
    items.push(start..lines.len());
    items
}

/// The rows of these lines.
fn beside(left: &[String], ours: Range<usize>, right: &[String], theirs: Range<usize>) -> Vec<Row> {
    let (from_left, from_right) = (ours.start, theirs.start);
    let mut rows = Vec::new();
    for op in capture_diff_slices(Algorithm::Patience, &left[ours], &right[theirs]) {
        let alike = matches!(op, DiffOp::Equal { .. });
        let (lefts, rights) = (op.old_range(), op.new_range());
        for place in 0..lefts.len().max(rights.len()) {
            let at =
                |range: &Range<usize>, from: usize| (place < range.len()).then(|| from + range.start + place);
            rows.push(Row { left: at(&lefts, from_left), right: at(&rights, from_right), alike });
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::{Differing, Row, differing, rows};

    const THREADS: &str =
        "use std::thread;\n\nfn one() {\n    wait();\n    thread::spawn(work);\n}\n\nfn two() {}\n";
    const TASKS: &str = "use tokio::task;\n\nasync fn one() {\n    wait()\n        .await;\n    task::spawn(work);\n}\n\nasync fn two() {}\n";

    #[test]
    fn what_is_alike_but_for_async_stands_beside_each_other() {
        let rows = rows(THREADS, TASKS);
        let row = |left, right, alike| Row { left: Some(left), right: Some(right), alike };
        assert!(rows.contains(&row(2, 2, true)) && rows.contains(&row(7, 8, true)), "{rows:?}");
        assert!(rows.contains(&row(0, 0, true)), "imports are alike: {rows:?}");
        assert!(rows.iter().filter(|row| !row.alike).count() >= 2);
        let lefts: Vec<usize> = rows.iter().filter_map(|row| row.left).collect();
        assert_eq!(lefts, (0..THREADS.lines().count()).collect::<Vec<_>>(), "no line is lost");
        assert_eq!(differing(THREADS, THREADS, &super::rows(THREADS, THREADS)).lines, 0);
        assert_eq!(differing(THREADS, TASKS, &rows), Differing { lines: 3, of: 6 });
    }
}
