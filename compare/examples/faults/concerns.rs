//! Which patterns a file concerns: its own, or all whose solutions import it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::Context as _;
use shared::{Pattern, Side};

/// What both sides' roots export.
const ACTING: &str = "acting.rs";

/// The patterns whose solutions on this side use this file, directly or through others.
///
/// A list in each fault is the choice not taken: it would be wrong with the first new import.
pub(crate) fn concerns(root: &Path, side: Side, file: &str) -> anyhow::Result<BTreeSet<&'static str>> {
    // How an actor acts is also how the main line of every pattern is performed and joined.
    if file == ACTING {
        return Ok(Pattern::all().map(|pattern| pattern.card().slug).collect());
    }
    let mut concerned = BTreeSet::new();
    for pattern in Pattern::all() {
        let mut read = BTreeSet::new();
        read_imports(&root.join(side.to_string()).join("src"), &pattern.card().path(), &mut read)?;
        if read.contains(file) {
            concerned.insert(pattern.card().slug);
        }
    }
    Ok(concerned)
}

fn read_imports(src: &Path, file: &str, read: &mut BTreeSet<String>) -> anyhow::Result<()> {
    if !read.insert(file.into()) {
        return Ok(());
    }
    let text = fs::read_to_string(src.join(file)).with_context(|| format!("cannot read {file}"))?;
    let folder = file.split_once('/').map_or("", |(folder, _)| folder);
    for path in text.lines().filter_map(|line| line.strip_prefix("use ")) {
        if let Some(imported) = imported(path, folder) {
            read_imports(src, &imported, read)?;
        }
    }
    Ok(())
}

/// The file that this `use` reads from, if it is one of the side's own.
fn imported(path: &str, folder: &str) -> Option<String> {
    if let Some(path) = path.strip_prefix("super::") {
        return Some(format!("{folder}/{}.rs", path.split("::").next()?));
    }
    let path = path.strip_prefix("crate::")?;
    match path.strip_prefix("primitives::") {
        Some(primitive) => Some(format!("primitives/{}.rs", primitive.split("::").next()?)),
        // The root exports how an actor acts, and nothing else.
        None => Some(ACTING.into()),
    }
}
