//! The judge: plants a group of faults, builds it, and looks for each of them.

use std::collections::BTreeSet;
use std::path::Path;
use std::slice;

use anyhow::{Context as _, bail};
use serde_json::Value;
use shared::{Pattern, Side};
use tempfile::TempDir;

use crate::build::build;
use crate::copy::WorkspaceCopy;
use crate::fault::Fault;
use crate::group::Planned;
use crate::run::run;
use crate::sign::Sign;

/// A bare run, but that each pair that agrees is timed by one process alone: how long it takes, catches nothing.
const RUN: [&str; 3] = ["run", "--runs", "1"];

/// A fault, and what became of it.
#[derive(Debug)]
pub(crate) struct Judged {
    pub(crate) fault: &'static Fault,
    pub(crate) caught: Caught,
}

/// What saw a fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Caught {
    /// A bare run.
    Bare(Sign),
    /// Only a diff.
    Diff(Sign),
    /// Nothing.
    Missed,
    /// Nothing: `compare` crashed, or had to be killed, and so told nothing.
    Crashed,
    /// The compiler, so that it doesn't count: nobody would have run it.
    Compiler,
}

impl Caught {
    /// Whether it was caught with a message that leads to the side.
    pub(crate) fn leads(&self) -> bool {
        matches!(self, Self::Bare(sign) | Self::Diff(sign) if sign.leads)
    }
}

/// Judges one group after another.
pub(crate) struct Judge<'a> {
    copy: &'a WorkspaceCopy,
}

impl<'a> Judge<'a> {
    /// A judge of faults in this copy.
    pub(crate) fn new(copy: &'a WorkspaceCopy) -> Self {
        Self { copy }
    }

    /// Compares the copy as it is: all patterns that these faults concern.
    ///
    /// # Errors
    /// If some pair doesn't agree: then nothing that is found later says anything of a fault.
    pub(crate) fn check_unedited(&self, planned: &[Planned]) -> anyhow::Result<()> {
        eprintln!("the workspace as it is");
        let program = match build(self.copy)? {
            Ok(program) => program,
            Err(error) => bail!("the workspace can't be built: {error}"),
        };
        let folder = scratch()?;
        let concerned: BTreeSet<&str> =
            planned.iter().flat_map(|planned| &planned.concerns).copied().collect();
        let args: Vec<&str> = RUN.into_iter().chain(concerned).collect();
        let Some(report) = run(&program, &args, folder.path())? else {
            bail!("comparing the workspace as it is, compare crashed")
        };
        for pair in pairs(&report)? {
            if let Some(sign) = Sign::of(pair, Side::Threaded).context("a report of another form")? {
                bail!("{} doesn't agree as it is ({}): plant nothing yet", pair["pattern"], sign.level);
            }
        }
        Ok(())
    }

    /// Plants these faults together, and looks for each. If that doesn't compile, each is planted alone, so that one
    /// costs the others nothing.
    pub(crate) fn judge(&self, group: &[Planned]) -> anyhow::Result<Vec<Judged>> {
        let together = || match build(self.copy)? {
            Ok(program) => {
                group.iter().map(|planned| judge(&program, planned)).collect::<Result<_, _>>().map(Ok)
            }
            Err(error) => Ok(Err(error)),
        };
        match self.copy.with(group.iter().map(|planned| planned.fault), together)? {
            Ok(judged) => Ok(judged),
            Err(error) if group.len() == 1 => {
                eprintln!("  {}: {error}", group[0].fault.slug);
                Ok(vec![Judged { fault: group[0].fault, caught: Caught::Compiler }])
            }
            Err(_) => {
                let mut judged = Vec::new();
                for planned in group {
                    judged.extend(self.judge(slice::from_ref(planned))?);
                }
                Ok(judged)
            }
        }
    }
}

fn judge(program: &Path, planned: &Planned) -> anyhow::Result<Judged> {
    let fault = planned.fault;
    let caught = look(program, planned).with_context(|| format!("judging {}", fault.slug))?;
    match &caught {
        Caught::Bare(sign) => eprintln!("  {}: {}", fault.slug, sign.level),
        Caught::Diff(sign) => eprintln!("  {}: {}, with diff", fault.slug, sign.level),
        Caught::Missed | Caught::Crashed | Caught::Compiler => eprintln!("  {}: missed", fault.slug),
    }
    Ok(Judged { fault, caught })
}

/// A bare run of what the fault concerns, pattern by pattern until one shows it; and if none does, a diff of each.
fn look(program: &Path, Planned { fault, concerns }: &Planned) -> anyhow::Result<Caught> {
    let folder = scratch()?;
    for pattern in concerns {
        let Some(report) = run(program, &[RUN.as_slice(), &[pattern]].concat(), folder.path())? else {
            return Ok(Caught::Crashed);
        };
        for pair in pairs(&report)? {
            if let Some(sign) = Sign::of(pair, fault.side)? {
                return Ok(Caught::Bare(sign));
            }
        }
    }
    for pattern in concerns {
        let Some(diff) = run(program, &["diff", pattern], folder.path())? else {
            return Ok(Caught::Crashed);
        };
        if let Some(sign) = Sign::of(&diff, fault.side)? {
            return Ok(Caught::Diff(sign));
        }
    }
    Ok(Caught::Missed)
}

fn pairs(report: &Value) -> anyhow::Result<&Vec<Value>> {
    let pairs = report["pairs"].as_array().filter(|pairs| !pairs.is_empty() && pairs.len() <= Pattern::COUNT);
    pairs.context("a report without pairs")
}

fn scratch() -> anyhow::Result<TempDir> {
    tempfile::tempdir().context("cannot make a temporary folder")
}
