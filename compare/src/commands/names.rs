//! The names of patterns, sections and commands, as they are given on the command line.

use anyhow::bail;
use shared::{Pattern, Section};

use crate::pair::{meant, nearest};

/// The names of the commands.
pub(super) const COMMANDS: [&str; 8] =
    ["run", "list", "show", "diff", "trace", "cost", "idioms", "completions"];

/// The patterns of these names, and those of the sections of these names, in the notebook's order; without names all.
pub(super) fn select(names: &[String]) -> anyhow::Result<Vec<Pattern>> {
    if names.is_empty() {
        return Ok(Pattern::all().collect());
    }
    let mut selected = Vec::new();
    for name in names {
        match Section::ALL.into_iter().find(|section| section.slug() == name) {
            Some(section) => selected.extend(section.patterns()),
            None => selected.push(pattern(name)?),
        }
    }
    selected.sort_unstable();
    selected.dedup();
    Ok(selected)
}

/// The pattern of this name.
pub(super) fn pattern(name: &str) -> anyhow::Result<Pattern> {
    match Pattern::named(name) {
        Some(pattern) => Ok(pattern),
        None if Section::ALL.iter().any(|section| section.slug() == name) => {
            bail!("{name:?} is a section: name one of its patterns, see `compare list {name}`")
        }
        None if COMMANDS.contains(&name) => bail!("the command comes before its flags: compare {name} …"),
        None => {
            let patterns = Pattern::all().map(|pattern| pattern.card().slug);
            let known = patterns.chain(Section::ALL.map(Section::slug)).chain(COMMANDS);
            let near = meant(nearest(name, known));
            bail!(
                "there is no pattern, section or command {name:?}: see `compare list` and `compare --help`{near}"
            )
        }
    }
}
