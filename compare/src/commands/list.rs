//! `compare list`: the catalogue.

use std::fmt::Write as _;

use anyhow::Context as _;
use comfy_table::{ColumnConstraint, ContentArrangement};
use serde::Serialize;
use shared::{Difference, Pattern, Section};

use super::args::{Format, ListArgs};
use super::names::select;
use crate::pair::{Field, fields, idiom_beside, pair, source};
use crate::render::{self, Medium, Styles, bold, plain_table, push_table, wrap};
use crate::report::Exit;

/// A pattern, as it is listed.
#[derive(Serialize)]
struct Listed {
    pattern: Pattern,
    section: Section,
    cells: &'static [u8],
    title: &'static str,
    idiom: &'static str,
    files: Files,
    plan: Vec<Field>,
    /// True of every pattern that there is: a part of the document's shape.
    built: bool,
    differences: Vec<Difference>,
}

#[derive(Serialize)]
struct Files {
    shared: String,
    threaded: String,
    asynchronous: String,
}

/// Lists the patterns that are named, or all.
pub(super) fn list(args: &ListArgs) -> anyhow::Result<Exit> {
    let patterns = select(&args.names)?;
    let output = args.print.output.open()?;
    let listed: Vec<Listed> = patterns.into_iter().map(listed).collect();
    let text = match args.print.format {
        Format::Table => table(&listed, output.medium()),
        Format::Json => {
            serde_json::to_string_pretty(&listed).context("cannot write the list as JSON")? + "\n"
        }
        Format::Markdown => markdown(&listed),
    };
    output.write(&text)?;
    Ok(Exit::Agree)
}

fn listed(pattern: Pattern) -> Listed {
    let card = pattern.card();
    let path = |side: &str| format!("{side}/src/{}", card.path());
    let files =
        Files { shared: path("shared"), threaded: path("threaded"), asynchronous: path("asynchronous") };
    Listed {
        pattern,
        section: card.section,
        cells: card.cells,
        title: card.title,
        idiom: card.idiom,
        files,
        plan: fields(pair(pattern).problem()),
        built: true,
        differences: pair(pattern).problem().differences(),
    }
}

fn cells(listed: &Listed) -> String {
    listed.cells.iter().map(u8::to_string).collect::<Vec<_>>().join(", ")
}

fn table(patterns: &[Listed], medium: Medium) -> String {
    let mut table = plain_table(medium.colour);
    if let Some(width) = medium.width.and_then(|width| u16::try_from(width).ok()) {
        table.set_width(width).set_content_arrangement(ContentArrangement::Dynamic);
    }
    table.set_header(["", "cells", "what it shows", "in Python"].map(bold));
    let mut section = None;
    for listed in patterns {
        if section != Some(listed.section) {
            section = Some(listed.section);
            table.add_row([bold(listed.section)]);
        }
        table.add_row([
            format!("  {}", listed.pattern),
            cells(listed),
            listed.title.into(),
            listed.idiom.into(),
        ]);
    }
    // A name that is broken can't be copied.
    table.set_constraints([ColumnConstraint::ContentWidth, ColumnConstraint::ContentWidth]);
    let mut text = String::new();
    push_table(&table, &mut text);
    text.push('\n');
    let known =
        patterns.iter().flat_map(|listed| listed.differences.iter().map(|known| (listed.pattern, known)));
    let mut lines = render::differences(known, &Styles::of(medium));
    if !lines.is_empty() {
        lines.push("≈ how the sides differ by nature, as documented".into());
    }
    lines.push("each is <section>/<pattern>.rs in shared/src, threaded/src and asynchronous/src".into());
    let cells = patterns.iter().filter(|listed| source(&idiom_beside(&listed.files.threaded)).is_none());
    let cells: Vec<String> = cells.map(|listed| listed.pattern.to_string()).collect();
    if cells.len() < patterns.len() {
        lines.push("what one would write in Rust is <pattern>/idiom.rs beside it".into());
    }
    if !cells.is_empty() {
        lines.push(format!("the cell is what one would write in Rust: {}", cells.join(", ")));
    }
    if let [Listed { plan, .. }] = patterns {
        lines.push("what its plan has, and --set changes:".into());
        lines.extend(
            plan.iter().map(|Field { name, default, limits, .. }| format!("  {name}={default} ({limits})")),
        );
    }
    for line in lines {
        wrap(&line, medium.width.unwrap_or(usize::MAX), &mut text);
    }
    text
}

fn markdown(patterns: &[Listed]) -> String {
    let mut text = String::from("| cells | in Python | pattern | threads | tasks |\n|--:|---|---|---|---|\n");
    for listed in patterns {
        let link = |path: &str| {
            let idiom = idiom_beside(path);
            let idiom = source(&idiom).map_or_else(String::new, |_| format!(", [idiom]({idiom})"));
            format!("[{}]({path}){idiom}", listed.pattern)
        };
        let Files { shared, threaded, asynchronous } = &listed.files;
        let columns = [format!("[{}]({shared})", listed.title), link(threaded), link(asynchronous)];
        let _ = writeln!(text, "| {} | {} | {} |", cells(listed), listed.idiom, columns.join(" | "));
    }
    text
}
