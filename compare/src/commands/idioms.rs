//! `compare idioms`: what one would write in Rust beside the notebook's cells, on both sides.

use anyhow::{Context as _, bail};
use comfy_table::{Cell, CellAlignment, Table};
use serde::Serialize;
use shared::Pattern;

use super::args::{Format, IdiomsArgs};
use super::complaint::complain;
use super::names::select;
use super::place::apart;
use crate::campaign::{self, Weighed};
use crate::lab::{Arm, Progress};
use crate::pair::{Pair, Pairs, idiom_beside, lines_of_code, source};
use crate::render::{Medium, bold, duration, plain_table, push_table, size, wrap};
use crate::report::{Exit, PairReport, Report};
use crate::timing::Winner;

/// On each side, a cell and its idiom.
const SIDES: [[Arm; 2]; 2] = [[Arm::THREADS, Arm::IDIOMS[0]], [Arm::TASKS, Arm::IDIOMS[1]]];

/// What is known of idioms and of their cells.
#[derive(Debug, Default, Serialize)]
struct Compared {
    /// How each side's compare.
    reports: Vec<Report>,
    memory: Vec<Memory>,
}

/// What a run takes of memory.
#[derive(Debug, Serialize)]
struct Memory {
    pattern: Pattern,
    arm: Arm,
    /// None where the system doesn't say, or the run failed.
    bytes: Option<u64>,
}

/// Compares the idioms of the patterns that are named, or all, with their cells.
pub(super) fn idioms(args: &IdiomsArgs, pairs: Pairs) -> anyhow::Result<Exit> {
    let pairs: Vec<Pair> = select(&args.names)?.into_iter().map(pairs).filter(Pair::has_idiom).collect();
    if pairs.is_empty() {
        bail!(
            "there is nothing to compare: a cell is the idiom itself, or (bounded_semaphore) shows a mistake that \
             can't be made in the idiom"
        );
    }
    let output = args.print.output.open()?;
    let (compared, exit) = compare(args, &pairs)?;
    let text = match args.print.format {
        Format::Json => {
            serde_json::to_string_pretty(&compared).context("cannot write the reports as JSON")? + "\n"
        }
        Format::Table => text(&pairs, &compared, output.medium()),
        Format::Markdown => {
            format!("```text\n{}```\n", text(&pairs, &compared, Medium { colour: false, width: None }))
        }
    };
    if exit == Exit::Interrupted {
        output.write_in_part(&text)?;
    } else {
        output.write(&text)?;
    }
    Ok(exit)
}

fn compare(args: &IdiomsArgs, pairs: &[Pair]) -> anyhow::Result<(Compared, Exit)> {
    let (mut compared, mut exit) = (Compared::default(), Exit::Agree);
    for arms in SIDES {
        // `compare` ends it: so each side has one of its own.
        let progress = Progress::new(args.progress.when, campaign::runs() * pairs.len() as u64);
        let mut apart = apart(IdiomsArgs::settings(), progress)?;
        let (report, end) = apart.compare(pairs, &arms, &args.effort(pairs.len()));
        compared.reports.push(report);
        exit = exit.max(end);
        if exit == Exit::Interrupted {
            return Ok((compared, exit));
        }
    }
    let apart = apart(IdiomsArgs::settings(), Progress::new(args.progress.when, 0))?;
    for (pair, arm) in pairs.iter().flat_map(|pair| SIDES.as_flattened().iter().map(move |arm| (pair, *arm)))
    {
        let Weighed { bytes, failure } = apart.weigh(pair, arm);
        let pattern = pair.problem().card().pattern;
        if let Some(failure) = failure {
            complain(&format!("{arm} of {pattern}: {failure}"));
            exit = exit.max(Exit::of_failure(&failure));
        }
        if exit == Exit::Interrupted {
            break;
        }
        compared.memory.push(Memory { pattern, arm, bytes });
    }
    Ok((compared, exit))
}

fn text(pairs: &[Pair], compared: &Compared, medium: Medium) -> String {
    let mut text = String::new();
    let width = medium.width.unwrap_or(usize::MAX);
    push_table(&times(pairs, &compared.reports, medium.colour), &mut text);
    text.push('\n');
    let notes = [
        "lines of code, without imports, comments and tests; times without waits; the ratio is the cell's time over the \
         idiom's, in parentheses where it is not decided (--budget)",
        "- goes by a clock: tokio's takes a millisecond for a pause of nothing, where the cell's only gives way",
    ];
    for note in notes {
        wrap(note, width, &mut text);
    }
    if !compared.memory.is_empty() {
        text.push('\n');
        push_table(&memory(pairs, &compared.memory, medium.colour), &mut text);
        text.push('\n');
        let note = "memory: by how much heap and stacks of a new process grow at most, in one run with waits; of a \
                    cell, with its actors; runtimes are there before";
        wrap(note, width, &mut text);
    }
    for wrong in compared
        .reports
        .iter()
        .flat_map(|report| &report.pairs)
        .filter(|pair| !pair.behaviour.verdict.agrees())
    {
        let [_, idiom] = wrong.behaviour.arms;
        let why = wrong.behaviour.reason.as_deref().unwrap_or("it differs");
        wrap(&format!("✗ {}, {idiom}: {why}", wrong.pattern), width, &mut text);
    }
    text
}

/// A row a pattern, with the lines of code and the time of its cell and of its idiom on each side.
fn times(pairs: &[Pair], reports: &[Report], colour: bool) -> Table {
    let side = |arm: &str| ["lines".into(), arm.to_owned(), "lines".into(), "idiom".into(), "ratio".into()];
    let heads = [vec![String::new()], side("threads").into(), side("tasks").into()].concat();
    let rows = pairs.iter().map(|pair| {
        let pattern = pair.problem().card().pattern;
        let sides = ["threaded", "asynchronous"].into_iter().enumerate();
        let cells = sides.flat_map(|(place, member)| {
            let report = reports
                .get(place)
                .and_then(|report| report.pairs.iter().find(|pair| pair.pattern == pattern));
            cells(pattern, member, report)
        });
        [pattern.to_string()].into_iter().chain(cells).collect()
    });
    table(&heads, rows, colour)
}

/// A row a pattern, with what a run of each arm takes.
fn memory(pairs: &[Pair], memory: &[Memory], colour: bool) -> Table {
    let heads = ["", "threads", "idiom", "tasks", "idiom"].map(str::to_owned);
    let rows = pairs.iter().map(|pair| {
        let pattern = pair.problem().card().pattern;
        let cells = SIDES.as_flattened().iter().map(|arm| {
            let of = memory.iter().find(|memory| (memory.pattern, memory.arm) == (pattern, *arm));
            #[expect(clippy::cast_precision_loss, reason = "three digits are shown")]
            let shown = of.and_then(|memory| memory.bytes).map(|bytes| size(bytes as f64));
            shown.unwrap_or_else(|| "-".into())
        });
        [pattern.to_string()].into_iter().chain(cells).collect()
    });
    table(&heads, rows, colour)
}

/// A table whose first column has names, and whose others figures.
fn table(heads: &[String], rows: impl Iterator<Item = Vec<String>>, colour: bool) -> Table {
    let mut table = plain_table(colour);
    table.set_header(heads.iter().map(bold));
    table.add_rows(rows.map(|row| row.into_iter().map(Cell::new)));
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}

/// The lines and the time of a cell and of its idiom on one side, and the ratio of the times.
fn cells(pattern: Pattern, member: &str, report: Option<&PairReport>) -> Vec<String> {
    let path = pattern.card().path();
    let [idiom, cell] = [idiom_beside(&path), path]
        .map(|file| source(&format!("{member}/src/{file}")).expect("it has an idiom"));
    let timing = report.and_then(|report| report.timing.as_ref()).filter(|_| !keeps_time(idiom));
    let times = [0, 1].map(|place| timing.map_or_else(|| "-".into(), |timing| duration(timing.took(place))));
    let ratio = timing.map_or_else(
        || "-".into(),
        |timing| match timing.ratio.winner {
            Winner::Open => format!("({:.2})", timing.ratio.ratio),
            _ => format!("{:.2}", timing.ratio.ratio),
        },
    );
    let [of_cell, of_idiom] = times;
    vec![lines_of_code(cell).to_string(), of_cell, lines_of_code(idiom).to_string(), of_idiom, ratio]
}

/// Whether an idiom goes by a clock even where nothing waits: tokio's takes a millisecond for a pause of nothing.
fn keeps_time(idiom: &str) -> bool {
    ["tokio::time", "time};", "Instant"].iter().any(|clock| idiom.contains(clock))
}
