//! `compare show`: the sources of a pattern, both sides beside each other.

use anyhow::bail;
use shared::Side;

use super::args::ShowArgs;
use super::look::{Seen, look};
use super::names::pattern;
use super::place::Place;
use crate::lab::{Progress, When};
use crate::pair::{Pairs, idiom_beside, source};
use crate::render::{self, File};
use crate::report::{Exit, Shown};

/// Shows the sources of a pattern.
pub(super) fn show(args: &ShowArgs, pairs: Pairs) -> anyhow::Result<Exit> {
    let (arms, pattern) = (args.lab.two_arms()?, pattern(&args.pattern)?);
    if arms[0].side() == arms[1].side() {
        bail!("--arms has to name one arm of each side here, not {} and {}", arms[0], arms[1]);
    }
    let mut pair = pairs(pattern);
    args.plan.apply(&mut pair)?;
    let output = args.output.open()?;
    let medium = output.medium().or_width(args.width);
    let file = pattern.card().path();
    let file = if args.idiom { idiom_beside(&file) } else { file };
    let path = |member: &str| format!("{member}/src/{file}");
    if source(&path("threaded")).is_none() {
        bail!("the cell of {pattern} is what one would write: see `compare show {pattern}`");
    }
    if args.problem {
        output.page(&render::file(named(&path("shared"), None), medium))?;
        return Ok(Exit::Agree);
    }
    let mut seen = Seen { runs: Vec::new(), whole: true, exit: Exit::Agree };
    if args.trace {
        let mut place = Place::new(args.settings()?, Progress::new(When::Never, 0), args.lab.in_process)?;
        seen = look(&pair, &arms, &mut place);
    }
    let paths = Side::BOTH.map(|side| path(&side.to_string()));
    let run = |side| seen.runs.iter().find(|run| run.arm.side() == side);
    let [threads, tasks] = Side::BOTH;
    let files = [named(&paths[0], run(threads)), named(&paths[1], run(tasks))];
    output.page(&render::both(files, !args.idiom, medium))?;
    Ok(seen.exit)
}

fn named<'a>(path: &'a str, run: Option<&'a Shown>) -> File<'a> {
    File { path, text: source(path).expect("the sources of every pattern are in the program"), run }
}
