//! The copy of the workspace that is edited: the user's own files stay as they are.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use tempfile::TempDir;

use crate::fault::Fault;

/// A copy, which goes when it is dropped.
#[derive(Debug)]
pub(crate) struct WorkspaceCopy {
    folder: TempDir,
    target: PathBuf,
}

impl WorkspaceCopy {
    /// A copy of all files but those that are built and those of git.
    pub(crate) fn of(workspace: &Path) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir().context("cannot make a temporary folder")?;
        copy_all(workspace, folder.path()).context("cannot copy the workspace")?;
        // Within the workspace's own, so that what others have written is built once for all calls, and `cargo clean`
        // takes it away.
        Ok(Self { folder, target: workspace.join("target").join("faults") })
    }

    /// Where it is.
    pub(crate) fn root(&self) -> &Path {
        self.folder.path()
    }

    /// Where it is built.
    pub(crate) fn target(&self) -> &Path {
        &self.target
    }

    /// Does this with these faults in the copy, and takes them out again.
    ///
    /// A guard that undoes the edits when it is dropped is the choice not taken: it could not say that it failed.
    pub(crate) fn with<T>(
        &self,
        faults: impl Iterator<Item = &'static Fault>,
        body: impl FnOnce() -> anyhow::Result<T>,
    ) -> anyhow::Result<T> {
        let mut originals = Vec::new();
        for fault in faults {
            let path = fault.path(self.root());
            let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", fault.file))?;
            let planted = fault.plant(&text)?;
            fs::write(&path, planted).with_context(|| format!("cannot write {}", fault.file))?;
            originals.push((path, text));
        }
        let done = body();
        for (path, text) in originals {
            fs::write(path, text).context("cannot undo an edit")?;
        }
        done
    }
}

fn copy_all(from: &Path, to: &Path) -> std::io::Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (name, path) = (entry.file_name(), entry.path());
        if name == "target" || name == ".git" {
            continue;
        }
        if entry.file_type()?.is_dir() {
            fs::create_dir(to.join(&name))?;
            copy_all(&path, &to.join(&name))?;
        } else {
            fs::copy(&path, to.join(&name))?;
        }
    }
    Ok(())
}
