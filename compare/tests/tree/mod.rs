//! The files of this repository.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The top of the repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The Rust files of a crate, below its `src`.
pub(crate) fn files(member: &str) -> BTreeSet<String> {
    fn collect(folder: &Path, base: &Path, found: &mut BTreeSet<String>) {
        for entry in fs::read_dir(folder).expect("a folder of this repository") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                collect(&path, base, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.insert(path.strip_prefix(base).expect("below it").to_str().expect("a name").into());
            }
        }
    }
    let base = root().join(member).join("src");
    let mut found = BTreeSet::new();
    collect(&base, &base, &mut found);
    found
}

/// What is in one of them.
pub(crate) fn source(member: &str, file: &str) -> String {
    fs::read_to_string(root().join(member).join("src").join(file)).expect("a file of this repository")
}
