//! `compare run`: compares pairs and prints the report.

use anyhow::{Context as _, bail};

use super::args::{Format, RunArgs};
use super::names::select;
use super::place::Place;
use crate::campaign;
use crate::lab::Progress;
use crate::pair::{Pair, Pairs};
use crate::render::{markdown, table};
use crate::report::Exit;

/// Compares the pairs that are named, or all.
pub(super) fn run(args: &RunArgs, pairs: Pairs) -> anyhow::Result<Exit> {
    let settings = args.settings()?;
    let arms = args.lab.arms(3)?;
    let mut pairs: Vec<Pair> = select(&args.names)?.into_iter().map(pairs).collect();
    match pairs.as_mut_slice() {
        [pair] => args.plan.apply(pair)?,
        _ if args.plan.set.is_empty() => {}
        _ => bail!("--set is for the plan of one pattern, and {} are selected: name one", pairs.len()),
    }
    if arms.iter().any(|arm| arm.is_idiom()) {
        pairs.retain(Pair::has_idiom);
        if pairs.is_empty() {
            bail!("there is no idiom beside these cells: they are what one would write");
        }
    }
    let output = args.print.output.open()?;
    let comparisons = pairs.len() * (arms.len() - 1);
    let progress = Progress::new(args.progress.when, campaign::runs() * comparisons as u64);
    let mut place = Place::new(settings, progress, args.lab.in_process)?;

    let (mut report, exit) = place.compare(&pairs, arms, &args.effort(comparisons));
    report.sort(args.sort);
    let text = match args.print.format {
        Format::Table => table(&report, output.medium(), args.verbose),
        Format::Json => {
            serde_json::to_string_pretty(&report).context("cannot write the report as JSON")? + "\n"
        }
        Format::Markdown => markdown(&report, args.verbose),
    };
    if exit == Exit::Interrupted {
        output.write_in_part(&text)?;
    } else {
        output.write(&text)?;
    }
    Ok(exit)
}
