//! What the verdict `same` is worth: `cargo run -p compare --example faults` plants plausible mistakes into a copy of
//! the workspace, one after the other, and shows which of them a comparison finds.
//!
//! A bare run of the patterns that a mistake concerns, one by one and with a shorter deadline, comes first; what it
//! doesn't see, `compare diff` looks for. Faults that can't be confused are built together, but each is judged alone.
//! It takes half an hour; `--sample 24` plants every 24th, in four minutes. What nothing saw is listed with the reason
//! why it can't be seen (`unseen.rs`).

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, ensure};
use clap::Parser;

use crate::copy::WorkspaceCopy;
use crate::fault::{Class, Fault};
use crate::group::{Planned, groups};
use crate::judge::Judge;
use crate::table::Table;

mod build;
mod catalogue;
mod concerns;
mod copy;
mod fault;
mod group;
mod judge;
mod run;
mod sign;
mod table;
#[cfg(test)]
mod tests;
mod unseen;

/// Plants mistakes into a copy of the workspace, and shows which of them a comparison finds
#[derive(Debug, Parser)]
struct Options {
    /// Only the faults of this class
    #[arg(long, value_enum)]
    class: Option<Class>,
    /// Only this fault; may be given again
    #[arg(long, value_name = "SLUG")]
    only: Vec<String>,
    /// Only every so many-th of them
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    sample: u32,
    /// Name the faults, and plant none
    #[arg(long)]
    list: bool,
}

fn main() -> ExitCode {
    match run(&Options::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("faults: {error:#}");
            ExitCode::from(2)
        }
    }
}

/// Says whether enough was caught.
fn run(options: &Options) -> anyhow::Result<bool> {
    let faults = selected(options)?;
    if options.list {
        table::list(&faults);
        return Ok(true);
    }
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("compare is in a workspace")?;
    let copy = WorkspaceCopy::of(workspace)?;
    let planned = Planned::all(&faults, copy.root())?;
    let judge = Judge::new(&copy);
    judge.check_unedited(&planned)?;
    let mut table = Table::default();
    let groups = groups(planned);
    for (place, group) in groups.iter().enumerate() {
        eprintln!("build {} of {}: {}", place + 1, groups.len(), group::names(group));
        table.extend(judge.judge(group)?);
    }
    table.print();
    Ok(table.is_enough())
}

fn selected(options: &Options) -> anyhow::Result<Vec<&'static Fault>> {
    for slug in &options.only {
        let is_known = catalogue::all().any(|fault| fault.slug == slug);
        ensure!(is_known, "there is no fault {slug:?}: --list names them");
    }
    let wanted = catalogue::all().filter(|fault| {
        options.class.is_none_or(|class| fault.class == class)
            && (options.only.is_empty() || options.only.iter().any(|slug| slug == fault.slug))
    });
    let selected: Vec<_> = wanted.step_by(options.sample as usize).collect();
    ensure!(!selected.is_empty(), "no fault is of this name and of this class");
    Ok(selected)
}
