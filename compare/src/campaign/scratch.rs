//! Folders for the temporary files of children: each goes with its owner, however that ends.

use std::env;
use std::fs::{self, File};
use std::io;
use std::path::Path;

use tempfile::TempDir;

/// What the names of these folders begin with.
const PREFIX: &str = "compare-";

/// The file in each that its owner has locked.
const OWNED: &str = ".owned";

/// What that is called until then.
const NEW: &str = ".new";

/// A folder for temporary files. It goes when it is dropped, and otherwise with the child that has it, or with the [next
/// call](sweep).
#[derive(Debug)]
pub(super) struct Scratch {
    /// The system unlocks it when its owner is gone, which a number of a process would not tell: not in another container.
    _owned: File,
    folder: TempDir,
}

impl Scratch {
    /// A new folder.
    ///
    /// # Errors
    /// If there is no room for it.
    pub(super) fn new() -> io::Result<Self> {
        let folder = tempfile::Builder::new().prefix(PREFIX).tempdir()?;
        let [new, owned] = [NEW, OWNED].map(|name| folder.path().join(name));
        let file = File::create_new(&new)?;
        // Where files can't be locked, nobody can sweep either.
        let _ = file.lock();
        // Whoever sweeps meanwhile must not find it before it is locked.
        fs::rename(new, owned)?;
        Ok(Self { _owned: file, folder })
    }

    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// Removes the folders whose owners were killed together with their children, so that nobody was left to do it. What can't
/// be removed, as what is somebody else's, stays.
pub(super) fn sweep() {
    let folders = fs::read_dir(env::temp_dir()).into_iter().flatten().flatten();
    let ours = folders.filter(|folder| folder.file_name().to_string_lossy().starts_with(PREFIX));
    for folder in ours.map(|folder| folder.path()) {
        let is_left = || File::open(folder.join(OWNED)).is_ok_and(|owned| owned.try_lock().is_ok());
        if is_left() {
            let _ = fs::remove_dir_all(folder);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs::{self, File};
    use std::path::Path;

    use super::{OWNED, PREFIX, Scratch, sweep};

    #[test]
    fn what_nobody_owns_any_more_is_swept_and_nothing_else() {
        let owned = Scratch::new().expect("there is room");
        let left = tempfile::Builder::new().prefix(PREFIX).tempdir().expect("there is room");
        let other = tempfile::Builder::new().prefix(PREFIX).tempdir().expect("there is room");
        File::create_new(left.path().join(OWNED)).expect("there is room");
        fs::write(left.path().join("database"), "").expect("there is room");
        sweep();
        let are_there = [owned.path(), left.path(), other.path()].map(Path::exists);
        assert_eq!(are_there, [true, false, true]);
    }
}
