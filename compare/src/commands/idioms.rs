//! `compare idioms`: what one would write in Rust beside the notebook's cells, on both sides.

use anyhow::{Context as _, bail};
use comfy_table::{Cell, CellAlignment, Table};
use serde::Serialize;
use shared::{Pattern, Side};

use super::args::{Format, IdiomsArgs};
use super::complaint::complain;
use super::names::select;
use super::place::apart;
use crate::campaign::{self, Weighed};
use crate::lab::{Arm, Progress};
use crate::pair::{Pair, Pairs, goes_by_clock, idiom_beside, lines_of_code, source};
use crate::render::{Medium, bold, duration, plain_table, push_table, size, wrap};
use crate::report::{Exit, PairReport, Report, Timing};
use crate::timing::{Ratio, Winner};

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
    for (place, side) in Side::BOTH.into_iter().enumerate() {
        push_table(&table(pairs, compared, place, side, medium.colour), &mut text);
        text.push('\n');
    }
    let notes = [
        "code: lines without imports, comments and tests",
        "time: of a run without waits; the ratio is the cell's over the idiom's, in parentheses where it is not decided \
         (--budget); -, where the idiom goes by a clock: tokio's takes a millisecond for a pause of nothing, where the \
         cell's only gives way",
        "memory: by how much heap and stacks of a new process grow at most, in one run with waits; of a cell, with its \
         actors; runtimes are there before",
    ];
    for note in notes {
        wrap(note, width, &mut text);
    }
    let disturbed = compared.reports.iter().filter_map(Report::disturbance).map(|(others, _)| others);
    if let Some(others) = disturbed.reduce(f64::max) {
        let note =
            format!("others kept {others:.1} of the machine's cores busy meanwhile: times are too long");
        wrap(&note, width, &mut text);
    }
    let pairs = compared.reports.iter().flat_map(|report| &report.pairs);
    for wrong in pairs.filter(|pair| !pair.behaviour.verdict.agrees()) {
        let [_, idiom] = wrong.behaviour.arms;
        let why = wrong.behaviour.reason.as_deref().unwrap_or("it differs");
        wrap(&format!("✗ {}, {idiom}: {why}", wrong.pattern), width, &mut text);
    }
    text
}

/// A row a pattern, with what its cell and its idiom are like on a side.
fn table(pairs: &[Pair], compared: &Compared, place: usize, side: Side, colour: bool) -> Table {
    let arms = SIDES[place];
    let mut table = plain_table(colour);
    let figures = ["code", "time", "memory"];
    let of = |whose: &'static str| {
        figures.map(|figure| format!("{}\n{figure}", if figure == "code" { whose } else { "" }))
    };
    let [cell, idiom] = ["cell", "idiom"].map(of);
    let heads = [vec![format!("\n{}", arms[0])], cell.into(), idiom.into(), vec!["\nratio".into()]].concat();
    table.set_header(heads.iter().map(bold));
    table.add_rows(pairs.iter().map(|pair| {
        let pattern = pair.problem().card().pattern;
        let reports = compared.reports.get(place).map(|report| &report.pairs);
        let report = reports.and_then(|pairs| pairs.iter().find(|pair| pair.pattern == pattern));
        let memory = arms.map(|arm| {
            let of = compared.memory.iter().find(|memory| (memory.pattern, memory.arm) == (pattern, arm));
            of.and_then(|memory| memory.bytes)
        });
        row(pattern, side, report, memory).into_iter().map(Cell::new)
    }));
    // Between the columns one blank is enough, or it would not fit.
    table.column_iter_mut().for_each(|column| {
        column.set_padding((0, 1)).set_cell_alignment(CellAlignment::Right);
    });
    if let Some(names) = table.column_mut(0) {
        names.set_cell_alignment(CellAlignment::Left);
    }
    table
}

/// The lines, the time and the memory of a cell and of its idiom on one side, and the ratio of the times.
fn row(pattern: Pattern, side: Side, report: Option<&PairReport>, memory: [Option<u64>; 2]) -> Vec<String> {
    let path = pattern.card().path();
    let [cell, idiom] = [path.clone(), idiom_beside(&path)]
        .map(|file| source(&format!("{side}/src/{file}")).expect("it has an idiom"));
    let timing = report.and_then(|report| report.timing.as_ref()).filter(|_| !goes_by_clock(pattern, side));
    let shown = |shown: Option<String>| shown.unwrap_or_else(|| "-".into());
    let ratio = timing.map(|Timing { ratio: Ratio { ratio, winner, .. }, .. }| match winner {
        Winner::Open => format!("({ratio:.2})"),
        _ => format!("{ratio:.2}"),
    });
    let of = |place: usize, text: &str| {
        let time = timing.map(|timing| duration(timing.took(place)));
        #[expect(clippy::cast_precision_loss, reason = "three digits are shown")]
        let memory = memory[place].map(|bytes| size(bytes as f64));
        [lines_of_code(text).to_string(), shown(time), shown(memory)]
    };
    [vec![pattern.to_string()], of(0, cell).into(), of(1, idiom).into(), vec![shown(ratio)]].concat()
}
