//! `compare run`: compares pairs and prints the report.

use anyhow::{Context as _, bail};

use crate::campaign;
use crate::cli::{Format, RunArgs};
use crate::exit::Exit;
use crate::lab::Lab;
use crate::pair::Pair;
use crate::pairs::pair;
use crate::progress::Progress;
use crate::{markdown, table};

/// Compares the pairs that are named, or all.
pub(crate) fn run(args: &RunArgs) -> anyhow::Result<Exit> {
    let settings = args.settings()?;
    let mut pairs: Vec<Pair> = args.patterns()?.into_iter().map(pair).collect();
    match pairs.as_mut_slice() {
        [pair] => args.plan.apply(pair)?,
        _ if args.plan.set.is_empty() => {}
        _ => bail!("--set is for the plan of one pattern, and {} are selected: name one", pairs.len()),
    }
    let output = args.print.output.open()?;
    let progress = Progress::new(args.progress.when, Pair::runs(&settings) * pairs.len() as u64);
    let mut lab = Lab::new(settings, progress).context("cannot start the threads of the async runtime")?;
    lab.listen_for_ctrl_c().context("cannot listen for Ctrl-C")?;

    let (report, exit) = campaign::compare(&pairs, &mut lab);
    let text = match args.print.format {
        Format::Table => table::table(&report, output.medium()),
        Format::Json => {
            serde_json::to_string_pretty(&report).context("cannot write the report as JSON")? + "\n"
        }
        Format::Markdown => markdown::markdown(&report),
    };
    if exit == Exit::Interrupted {
        output.write_in_part(&text)?;
    } else {
        output.write(&text)?;
    }
    Ok(exit)
}
