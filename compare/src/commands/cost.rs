//! `compare cost`: what threads and tasks cost on this machine.

use anyhow::Context as _;

use super::args::{CostArgs, Format};
use crate::archive::SCHEMA;
use crate::cost::{Carrier, memory, stop, units};
use crate::lab::{Environment, this_program};
use crate::render::{cost as table, cost_markdown};
use crate::report::{CarrierCost, Costs, Exit};

/// In so many rounds each is timed: some three seconds.
const ROUNDS: u32 = 60;

/// Measures the arms that are named, and the threads on which tasks may block.
pub(super) fn cost(args: &CostArgs) -> anyhow::Result<Exit> {
    let output = args.print.output.open()?;
    let program = this_program().context("cannot find this program")?;
    let carriers: Vec<Carrier> =
        args.arms.iter().copied().map(Carrier::Arm).chain([Carrier::Blocking]).collect();
    let units = units(&carriers, ROUNDS, true).context("no room for the threads of a runtime")?;
    let carriers = units.into_iter().map(|units| {
        // Where the system doesn't say what a process has, the times are told all the same.
        let memory = memory(&program, units.carrier).ok();
        let stop = memory.as_ref().and_then(|memory| stop(&program, units.carrier, memory).ok());
        CarrierCost { units, memory, stop }
    });
    let costs = Costs { schema: SCHEMA, environment: Environment::here(), carriers: carriers.collect() };
    let text = match args.print.format {
        Format::Table => table(&costs, output.medium()),
        Format::Json => {
            serde_json::to_string_pretty(&costs).context("cannot write the costs as JSON")? + "\n"
        }
        Format::Markdown => cost_markdown(&costs),
    };
    output.write(&text)?;
    Ok(Exit::Agree)
}
