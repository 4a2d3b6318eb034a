//! `compare diff`: how both sides of one pattern behave, over many runs.

use std::path::Path;

use anyhow::Context as _;
use serde_json::{Value, to_value};

use crate::archive::{self, Archive, Contents};
use crate::cli::{DiffArgs, Format, complain, nothing_built, pattern};
use crate::diff::{Diff, Diffed, Lanes, Reading, Request, Rounds};
use crate::diff_text;
use crate::environment::Environment;
use crate::exit::Exit;
use crate::lab::{Failure, Lab};
use crate::output::Medium;
use crate::pair::Pair;
use crate::pairs::pair;
use crate::progress::Progress;
use crate::report::SCHEMA;
use crate::rounds::Round;

/// Compares how both sides of one pattern behave, in new runs or in those of an archive.
pub(crate) fn diff(args: &DiffArgs) -> anyhow::Result<Exit> {
    let pattern = pattern(&args.pattern)?;
    let Some(mut pair) = pair(pattern) else {
        return Ok(nothing_built(&[pattern]));
    };
    args.plan.apply(&mut pair)?;
    let output = args.print.output.open()?;
    let (diff, exit) = match &args.from {
        Some(folder) => read(&pair, folder, args.lanes)?,
        None => run(&pair, args)?,
    };
    if let (Some(Lanes::Run(number)), []) = (args.lanes, diff.lanes.as_slice()) {
        complain(&format!("there is no run {number} to show as lanes"));
    }
    let text = match args.print.format {
        Format::Table => diff_text::text(&diff, output.medium()),
        Format::Json => serde_json::to_string_pretty(&diff).context("cannot write the diff as JSON")? + "\n",
        Format::Markdown => {
            format!("```text\n{}```\n", diff_text::text(&diff, Medium { colour: false, width: None }))
        }
    };
    if exit == Exit::Interrupted {
        output.write_in_part(&text)?;
    } else {
        output.write(&text)?;
    }
    Ok(exit)
}

fn run(pair: &Pair, args: &DiffArgs) -> anyhow::Result<(Diff, Exit)> {
    let settings = args.settings()?;
    let rounds = Round::first(settings.runs, &settings);
    let archive = match &args.save_traces {
        None => None,
        Some(folder) => {
            let archive = Archive::create(folder);
            Some(archive.with_context(|| format!("cannot keep traces in {}", folder.display()))?)
        }
    };
    let progress = Progress::new(args.progress.when, 2 * rounds.len() as u64);
    let mut lab = Lab::new(settings, progress).context("cannot start the threads of the async runtime")?;
    lab.listen_for_ctrl_c().context("cannot listen for Ctrl-C")?;
    lab.progress().begin(pair.card().slug);

    let request =
        Request { rounds: &rounds, archive: archive.as_ref(), reading: Reading { lanes: args.lanes } };
    let diffed = pair.diff(&mut lab, request).context("cannot keep the traces")?;
    lab.progress().end();
    let exit = match &diffed.failure {
        Some(Failure::Interrupted) => Exit::Interrupted,
        Some(Failure::Deadline { .. }) => Exit::Deadline,
        _ if diffed.behaviour.verdict.agrees() => Exit::Agree,
        _ => Exit::Differ,
    };
    let contents = Contents {
        schema: SCHEMA,
        pattern: pair.card().slug.into(),
        environment: to_value(Environment::here()).context("an environment is plain data")?,
        settings: to_value(&lab.settings).context("settings are plain data")?,
        plan: Value::Object(pair.plan()),
        rounds: diffed.rounds.clone(),
        ended: diffed.ended.clone(),
    };
    let mut diff = told(pair, &contents, diffed, exit == Exit::Interrupted);
    if let Some(archive) = archive {
        diff.traces = Some(archive.finish(&contents).context("cannot keep the traces")?);
    }
    Ok((diff, exit))
}

fn read(pair: &Pair, folder: &Path, lanes: Option<Lanes>) -> anyhow::Result<(Diff, Exit)> {
    let contents = archive::contents(folder, pair.card().pattern)?;
    let diffed = pair.read(folder, &contents, Reading { lanes })?;
    let exit = if diffed.behaviour.verdict.agrees() { Exit::Agree } else { Exit::Differ };
    let mut diff = told(pair, &contents, diffed, false);
    diff.traces = Some(folder.into());
    Ok((diff, exit))
}

fn told(pair: &Pair, contents: &Contents, diffed: Diffed, interrupted: bool) -> Diff {
    let card = pair.card();
    Diff {
        schema: SCHEMA,
        environment: contents.environment.clone(),
        settings: contents.settings.clone(),
        pattern: card.pattern,
        section: card.section,
        cells: card.cells,
        plan: contents.plan.as_object().cloned().unwrap_or_default(),
        rounds: Rounds::of(&contents.rounds),
        traces: None,
        interrupted,
        behaviour: diffed.behaviour,
        lanes: diffed.lanes,
    }
}
