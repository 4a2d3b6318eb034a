//! Where results go: to stdout, or into a file that is written whole or not at all.

use std::fs::File;
use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use anstream::{AutoStream, ColorChoice};
use anyhow::Context as _;
use clap::ValueEnum;
use tempfile::NamedTempFile;

use super::complaint::complain;
use crate::archive::{folder_of, plainly};
use crate::render::Medium;

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Colour {
    /// If stdout is a terminal, unless `NO_COLOR` or `CLICOLOR_FORCE` say otherwise.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// Where the results of one call go.
#[derive(Debug)]
pub(super) struct Output {
    file: Option<Target>,
    colour: Colour,
}

impl Output {
    /// Results go to this file, or to stdout; `-` is stdout too.
    ///
    /// # Errors
    /// If the file can't be written: that is known before anything is measured.
    pub(super) fn new(file: Option<&Path>, colour: Colour) -> anyhow::Result<Self> {
        let file = file.filter(|path| *path != Path::new("-")).map(|path| {
            Target::open(path)
                .map_err(|error| anyhow::anyhow!("cannot write {}: {}", path.display(), plainly(&error)))
        });
        Ok(Self { file: file.transpose()?, colour })
    }

    /// For whom the results are made.
    pub(super) fn medium(&self) -> Medium {
        let terminal = self.file.is_none() && io::stdout().is_terminal();
        let colour = match self.colour {
            Colour::Always => true,
            Colour::Never => false,
            Colour::Auto => self.file.is_none() && AutoStream::choice(&io::stdout()) != ColorChoice::Never,
        };
        let width =
            terminal.then(|| terminal_size::terminal_size().map(|(width, _)| usize::from(width.0))).flatten();
        Medium { colour, width }
    }

    /// Writes the results.
    ///
    /// # Errors
    /// If they can't be written. A reader that closed the pipe has what it wanted: that is none.
    pub(super) fn write(self, results: &str) -> anyhow::Result<()> {
        match self.file {
            Some(target) => target.write(results),
            None => print(results),
        }
    }

    /// Writes results that are not whole: to stdout, because a file is written whole or not at all.
    ///
    /// # Errors
    /// As [`write`](Self::write).
    pub(super) fn write_in_part(self, results: &str) -> anyhow::Result<()> {
        match self.file {
            Some(Target::Whole(path)) => {
                complain(&format!("{} is not written, because the results are not whole", path.display()));
                print(results)
            }
            Some(target) => target.write(results),
            None => print(results),
        }
    }
}

fn print(results: &str) -> anyhow::Result<()> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(results.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written.context("cannot write to stdout"),
    }
}

/// Where a file's content goes.
#[derive(Debug)]
enum Target {
    /// Into a temporary file beside it, which then takes its name.
    Whole(PathBuf),
    /// Into a pipe or a device: that must not be replaced by a file.
    Stream(File),
}

impl Target {
    fn open(path: &Path) -> io::Result<Self> {
        let ends_as_folder = path.as_os_str().as_encoded_bytes().ends_with(b"/");
        if path.is_dir() || ends_as_folder {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        // Behind a link is the file that is meant; behind a dangling one, there is none.
        let path = if path.is_symlink() { path.canonicalize()? } else { path.into() };
        if let Ok(metadata) = path.metadata() {
            if !metadata.is_file() {
                return File::options().write(true).open(path).map(Self::Stream);
            }
            if metadata.permissions().readonly() {
                return Err(io::ErrorKind::PermissionDenied.into());
            }
        }
        // Whether it can be written; it is gone again at once, so that nothing is left if the program is killed.
        temporary_beside(&path)?;
        Ok(Self::Whole(path))
    }

    fn write(self, content: &str) -> anyhow::Result<()> {
        match self {
            Self::Whole(path) => {
                let write = || {
                    let mut temporary = temporary_beside(&path)?;
                    temporary.write_all(content.as_bytes())?;
                    temporary.persist(&path).map(drop).map_err(|error| error.error)
                };
                write().map_err(|error| {
                    // What was measured is not lost with the file.
                    let _ = print(content);
                    anyhow::anyhow!("cannot write {}: {}", path.display(), plainly(&error))
                })
            }
            Self::Stream(mut stream) => {
                stream.write_all(content.as_bytes()).context("cannot write the results")
            }
        }
    }
}

fn temporary_beside(path: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    // A temporary file is for its owner only; a result is for whoever may read the file that it replaces, or a new one.
    #[cfg(unix)]
    builder.permissions(match path.metadata() {
        Ok(metadata) => metadata.permissions(),
        Err(_) => std::os::unix::fs::PermissionsExt::from_mode(0o666),
    });
    builder.tempfile_in(folder_of(path))
}
