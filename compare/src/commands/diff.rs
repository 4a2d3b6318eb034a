//! `compare diff`: how both sides of one pattern behave, over many runs.

use std::path::Path;

use anyhow::{Context as _, anyhow, bail};

use super::args::{DiffArgs, Format};
use super::complaint::complain;
use super::names::pattern;
use super::place::Place;
use crate::archive::{self, Archive, Contents, SCHEMA, plainly};
use crate::campaign::{self, Diffed, Kept, Lanes, Reading, Request};
use crate::lab::{Progress, Round};
use crate::pair::{Pair, Pairs};
use crate::render::{self, Medium};
use crate::report::{Against, Diff, Exit};

/// Compares how both sides of one pattern behave, in new runs or in those of an archive.
pub(super) fn diff(args: &DiffArgs, pairs: Pairs) -> anyhow::Result<Exit> {
    let pattern = pattern(&args.pattern)?;
    let mut pair = pairs(pattern);
    args.plan.apply(&mut pair)?;
    let output = args.print.output.open()?;
    let (diff, exit) = match (&args.from, &args.against) {
        (Some(folder), Some(against)) => read_both(&pair, [folder, against], args)?,
        (Some(folder), None) => read(&pair, folder, args.lanes)?,
        (None, _) => run(&pair, args)?,
    };
    match args.lanes.filter(|_| diff.lanes.is_empty()) {
        None => {}
        Some(Lanes::Exemplar) => complain("no run with a difference is at hand: name one, as in --lanes=1"),
        Some(Lanes::Run(number)) => {
            complain(&format!("run {number} is not shown: it was not made, or not kept"));
        }
    }
    let text = match args.print.format {
        Format::Table => render::diff(&diff, output.medium()),
        Format::Json => serde_json::to_string_pretty(&diff).context("cannot write the diff as JSON")? + "\n",
        Format::Markdown => {
            format!("```text\n{}```\n", render::diff(&diff, Medium { colour: false, width: None }))
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
    let (settings, arms) = (args.settings()?, args.lab.two_arms()?);
    check_lanes(args.lanes, settings.runs)?;
    let rounds = Round::first(settings.runs, pair.problem(), &settings);
    let archive = args.save_traces.as_deref().map(|folder| {
        Archive::create(folder)
            .map_err(|error| anyhow!("cannot keep traces in {}: {}", folder.display(), plainly(&error)))
    });
    let archive = archive.transpose()?;
    let progress = Progress::new(args.progress.when, 2 * rounds.len() as u64);
    let mut place = Place::new(settings.clone(), progress, args.lab.in_process)?;

    let (kept, reading) = (archive.as_ref().map(Archive::folder), Reading { lanes: args.lanes });
    let diffed = place.diff(pair, &Request { arms, rounds: &rounds, kept, reading });
    let contents = diffed.contents(pair, &settings);
    let mut exit = if diffed.interrupted { Exit::Interrupted } else { diffed.exit() };
    let mut traces = None;
    if let Some(archive) = archive {
        // What was found is reported all the same. Where some traces could not be kept, none are: they would fill a disk
        // that is full.
        let finished = match &diffed.unkept {
            None => archive.finish(&contents).map_err(|unfinished| unfinished.to_string()),
            Some(error) => {
                Err(format!("the traces can't be kept in {}: {error}", archive.target().display()))
            }
        };
        match finished {
            Ok(folder) => traces = Some(folder),
            Err(why) => {
                complain(&why);
                exit = Exit::Error;
            }
        }
    }
    Ok((Diff { traces, ..document(pair, contents, diffed) }, exit))
}

fn read(pair: &Pair, folder: &Path, lanes: Option<Lanes>) -> anyhow::Result<(Diff, Exit)> {
    let contents = archive::contents(folder, pair.problem().card().pattern)?;
    check_lanes(lanes, contents.settings.runs)?;
    let diffed = campaign::read(pair, Kept::both(folder, &contents), Reading { lanes })?;
    let exit = diffed.exit();
    Ok((Diff { traces: Some(folder.into()), ..document(pair, contents, diffed) }, exit))
}

/// Compares the runs of one arm in a folder with those of one in another: the first of the side that is asked for.
fn read_both(pair: &Pair, folders: [&Path; 2], args: &DiffArgs) -> anyhow::Result<(Diff, Exit)> {
    let pattern = pair.problem().card().pattern;
    let [one, other] = [archive::contents(folders[0], pattern)?, archive::contents(folders[1], pattern)?];
    if one.plan != other.plan {
        bail!("the runs of {} and {} have different plans", folders[0].display(), folders[1].display());
    }
    check_lanes(args.lanes, one.settings.runs.min(other.settings.runs))?;
    let kept = |folder, contents: &Contents| {
        let arm = contents.arms.into_iter().find(|arm| args.side.has(*arm));
        arm.ok_or_else(|| anyhow!("{} has no runs of this side (--side)", Path::display(folder)))
    };
    let [first, second] = [kept(folders[0], &one)?, kept(folders[1], &other)?];
    let kept = [
        Kept { folder: folders[0], contents: &one, arm: first },
        Kept { folder: folders[1], contents: &other, arm: second },
    ];
    let diffed = campaign::read(pair, kept, Reading { lanes: args.lanes })?;
    let (all, alike) = (one.rounds.len().max(other.rounds.len()), diffed.rounds.len());
    if alike == 0 && diffed.behaviour.ended.is_none() {
        bail!("no round of both was made alike: their paces, plans or numbers of runs differ");
    }
    if alike < all {
        complain(&format!("{} of {all} rounds are left out, which were not made alike", all - alike));
    }
    let exit = diffed.exit();
    let [traces, folder] = folders.map(Into::into);
    let against = Some(Against { folder, environment: other.environment, settings: other.settings });
    Ok((Diff { traces: Some(traces), against, ..document(pair, one, diffed) }, exit))
}

fn check_lanes(lanes: Option<Lanes>, runs: u32) -> anyhow::Result<()> {
    match lanes {
        Some(Lanes::Run(number)) if number > runs => {
            bail!("there is no run {number} to show as lanes: there are runs 1 to {runs}")
        }
        _ => Ok(()),
    }
}

fn document(pair: &Pair, contents: Contents, diffed: Diffed) -> Diff {
    let card = pair.problem().card();
    Diff {
        schema: SCHEMA,
        environment: contents.environment,
        settings: contents.settings,
        pattern: card.pattern,
        section: card.section,
        cells: card.cells,
        plan: diffed.plan,
        rounds: diffed.rounds,
        traces: None,
        against: None,
        interrupted: diffed.interrupted,
        behaviour: diffed.behaviour,
        lanes: diffed.lanes,
    }
}
