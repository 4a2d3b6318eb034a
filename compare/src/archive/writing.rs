//! Writing an archive.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::value::RawValue;
use shared::{Member, Pattern, Trace};
use tempfile::TempDir;

use super::contents::{CONTENTS, Contents, KEPT, file_name};
use super::event::ShownEvent;
use super::place::{folder_of, plainly};
use crate::behaviour::RunName;
use crate::pair::Yielded;

/// An archive that is being written: into a folder beside its place, which then takes its name, so that there is a
/// whole archive or none.
#[derive(Debug)]
pub struct Archive {
    folder: TempDir,
    target: PathBuf,
}

impl Archive {
    /// Begins an archive of this name.
    ///
    /// # Errors
    /// If there is something in this place already, or nothing can be made there.
    pub fn create(target: &Path) -> io::Result<Self> {
        // An empty folder gives way to the archive; a link to one doesn't.
        let gives_way = target.symlink_metadata().is_ok_and(|metadata| metadata.is_dir())
            && fs::read_dir(target)?.next().is_none();
        if !gives_way && target.symlink_metadata().is_ok() {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        let mut builder = tempfile::Builder::new();
        // A temporary folder is for its owner only; an archive is for whoever may read what is beside it.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o777));
        Ok(Self { folder: builder.prefix(".traces-").tempdir_in(folder_of(target))?, target: target.into() })
    }

    /// Where it will be.
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// Where its runs are [kept](keep) until then.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Ends the archive, which gets its name.
    ///
    /// # Errors
    /// If it can't be written; what there is of it is left where it is then.
    pub fn finish(self, contents: &Contents) -> Result<PathBuf, Unfinished> {
        let Self { folder, target } = self;
        // From here on it is not removed any more, whatever happens.
        let left = folder.keep();
        let finish = || {
            match fs::remove_file(left.join(PART)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
            fs::write(left.join(CONTENTS), serde_json::to_string_pretty(contents)? + "\n")?;
            if target.is_dir() {
                fs::remove_dir(&target)?;
            }
            fs::rename(&left, &target)
        };
        match finish() {
            Ok(()) => Ok(target),
            Err(error) => Err(Unfinished { target, left, why: plainly(&error) }),
        }
    }
}

/// What a run is kept in until it is whole: who keeps it may be killed meanwhile.
const PART: &str = "part";

/// Keeps a run in the folder of an archive that is being written, whole or not at all; one without an outcome failed.
///
/// # Errors
/// If it can't be written.
pub fn keep(
    folder: &Path,
    pattern: Pattern,
    run: RunName,
    yielded: Option<&Yielded>,
    trace: &Trace,
) -> io::Result<()> {
    let (name, part) = (folder.join(file_name(run)), folder.join(PART));
    let mut file = BufWriter::new(File::create(&part)?);
    let events = trace.events.len();
    let outcome = yielded.map(Yielded::whole);
    let &Trace { ref cast, peak_requests, .. } = trace;
    let head = Head { schema: KEPT, run, cast, events, peak_requests, outcome };
    serde_json::to_writer(&mut file, &head)?;
    file.write_all(b"\n")?;
    for event in 0..events {
        serde_json::to_writer(&mut file, &ShownEvent::of(pattern, run.arm.side(), trace, event))?;
        file.write_all(b"\n")?;
    }
    file.flush()?;
    fs::rename(part, name)
}

/// An archive that could not be given its name.
#[derive(Debug, thiserror::Error)]
#[error("the traces can't be kept in {}: {why}; they are in {}", .target.display(), .left.display())]
pub struct Unfinished {
    target: PathBuf,
    left: PathBuf,
    why: String,
}

/// What a file says of its run.
#[derive(Serialize)]
struct Head<'a> {
    schema: u32,
    run: RunName,
    cast: &'a [Member],
    events: usize,
    peak_requests: usize,
    outcome: Option<&'a RawValue>,
}
