//! `compare idioms`: what one would write in Rust beside the notebook's cells, on both sides.

use anyhow::{Context as _, bail};
use comfy_table::{Cell, CellAlignment};
use shared::Pattern;

use super::args::{Format, IdiomsArgs};
use super::names::select;
use super::place::Place;
use crate::campaign;
use crate::lab::{Arm, Progress};
use crate::pair::{Pair, Pairs, idiom_beside, lines_of_code, source};
use crate::render::{Medium, bold, duration, plain_table, push_table, wrap};
use crate::report::{Exit, PairReport, Report};
use crate::timing::Winner;

/// Compares the idioms of the patterns that are named, or all, with their cells.
pub(super) fn idioms(args: &IdiomsArgs, pairs: Pairs) -> anyhow::Result<Exit> {
    let pairs: Vec<Pair> = select(&args.names)?.into_iter().map(pairs).filter(Pair::has_idiom).collect();
    if pairs.is_empty() {
        bail!("there is nothing to compare: these cells are the idioms");
    }
    let output = args.print.output.open()?;
    let progress = Progress::new(args.progress.when, 2 * campaign::runs() * pairs.len() as u64);
    let mut place = Place::new(IdiomsArgs::settings(), progress, false)?;
    let [threads, tasks] = Arm::IDIOMS;
    let (mut reports, mut exit) = (Vec::new(), Exit::Agree);
    for arms in [[Arm::THREADS, threads], [Arm::TASKS, tasks]] {
        let (report, end) = place.compare(&pairs, &arms, &args.effort(pairs.len()));
        reports.push(report);
        exit = exit.max(end);
        if end == Exit::Interrupted {
            break;
        }
    }
    let text = match args.print.format {
        Format::Json => {
            serde_json::to_string_pretty(&reports).context("cannot write the reports as JSON")? + "\n"
        }
        Format::Table => table(&pairs, &reports, output.medium()),
        Format::Markdown => {
            format!("```text\n{}```\n", table(&pairs, &reports, Medium { colour: false, width: None }))
        }
    };
    if exit == Exit::Interrupted {
        output.write_in_part(&text)?;
    } else {
        output.write(&text)?;
    }
    Ok(exit)
}

/// A row a pattern, with the lines of code and the time of its cell and of its idiom on each side.
fn table(pairs: &[Pair], reports: &[Report], medium: Medium) -> String {
    let mut table = plain_table(medium.colour);
    let side = |arm: &str| ["lines".into(), arm.to_owned(), "lines".into(), "idiom".into(), "ratio".into()];
    let heads = [vec![String::new()], side("threads").into(), side("tasks").into()].concat();
    table.set_header(heads.iter().map(bold));
    for pair in pairs {
        let pattern = pair.problem().card().pattern;
        let sides = ["threaded", "asynchronous"].into_iter().enumerate();
        let cells = sides.flat_map(|(place, member)| {
            let report = reports
                .get(place)
                .and_then(|report| report.pairs.iter().find(|pair| pair.pattern == pattern));
            cells(pattern, member, report)
        });
        table.add_row([pattern.to_string()].into_iter().chain(cells).map(Cell::new));
    }
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    let mut text = String::new();
    push_table(&table, &mut text);
    text.push('\n');
    let notes = [
        "lines of code, without imports, comments and tests; times without waits; the ratio is the cell's time over the \
         idiom's, in parentheses where it is not decided (--budget)",
        "- goes by a clock: tokio's takes a millisecond for a pause of nothing, where the cell's only gives way",
    ];
    for note in notes {
        wrap(note, medium.width.unwrap_or(usize::MAX), &mut text);
    }
    for wrong in
        reports.iter().flat_map(|report| &report.pairs).filter(|pair| !pair.behaviour.verdict.agrees())
    {
        let [_, idiom] = wrong.behaviour.arms;
        let why = wrong.behaviour.reason.as_deref().unwrap_or("it differs");
        wrap(&format!("✗ {}, {idiom}: {why}", wrong.pattern), medium.width.unwrap_or(usize::MAX), &mut text);
    }
    text
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
