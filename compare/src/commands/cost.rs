//! `compare cost`: what threads and tasks cost on this machine.

use anyhow::Context as _;

use super::args::{CostArgs, Format};
use crate::archive::SCHEMA;
use crate::cost::{Carrier, Depth, costs};
use crate::lab::{Environment, this_program};
use crate::render;
use crate::report::{Costs, Exit};

/// Measures the arms that are named, and the threads on which tasks may block.
pub(super) fn cost(args: &CostArgs) -> anyhow::Result<Exit> {
    let output = args.print.output.open()?;
    let program = this_program().context("cannot find this program")?;
    let carriers: Vec<Carrier> =
        args.arms.iter().copied().map(Carrier::Arm).chain([Carrier::Blocking]).collect();
    let carriers =
        costs(&program, &carriers, Depth::Whole, &|| false).context("the costs can't be measured")?;
    let costs = Costs { schema: SCHEMA, environment: Environment::here(), carriers };
    let text = match args.print.format {
        Format::Table => render::cost(&costs, output.medium()),
        Format::Json => {
            serde_json::to_string_pretty(&costs).context("cannot write the costs as JSON")? + "\n"
        }
        Format::Markdown => render::cost_markdown(&costs),
    };
    output.write(&text)?;
    Ok(Exit::Agree)
}
