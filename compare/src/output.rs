//! Where results go: to stdout, or into a file that is written whole or not at all.

use std::fs::File;
use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use anstream::{AutoStream, ColorChoice};
use anyhow::Context as _;
use clap::ValueEnum;
use tempfile::NamedTempFile;

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Colour {
    /// If stdout is a terminal, unless `NO_COLOR` or `CLICOLOR_FORCE` say otherwise.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// Where the results of one call go.
#[derive(Debug)]
pub struct Output {
    file: Option<Target>,
    colour: Colour,
}

/// For whom a text is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Medium {
    /// Whether to use colour.
    pub colour: bool,
    /// How many columns there are; none where it doesn't matter.
    pub width: Option<usize>,
}

impl Output {
    /// Results go to this file, or to stdout.
    ///
    /// # Errors
    /// If the file can't be written: that is known before anything is measured.
    pub fn new(file: Option<&Path>, colour: Colour) -> anyhow::Result<Self> {
        let file = file.map(|path| {
            let cannot = || format!("cannot write {}", path.display());
            anyhow::ensure!(!path.is_dir(), "{}: it is a folder, name a file", cannot());
            Target::open(path).map_err(|error| anyhow::anyhow!("{}: {}", cannot(), error.kind()))
        });
        Ok(Self { file: file.transpose()?, colour })
    }

    /// For whom the results are made.
    pub fn medium(&self) -> Medium {
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
    pub fn write(self, results: &str) -> anyhow::Result<()> {
        let Some(target) = self.file else {
            let mut stdout = io::stdout().lock();
            return match stdout.write_all(results.as_bytes()).and_then(|()| stdout.flush()) {
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
                written => written.context("cannot write to stdout"),
            };
        };
        target.write(results.as_bytes()).context("cannot write the results")
    }
}

/// Where a file's content goes.
#[derive(Debug)]
enum Target {
    /// Into a temporary file beside it, which then takes its name.
    Whole { temporary: NamedTempFile, path: PathBuf },
    /// Into a pipe or a device: that must not be replaced by a file.
    Stream(File),
}

impl Target {
    fn open(path: &Path) -> io::Result<Self> {
        // Behind a link is the file that is meant.
        let path = path.canonicalize().unwrap_or_else(|_| path.into());
        if path.metadata().is_ok_and(|metadata| !metadata.is_file()) {
            return File::options().write(true).open(path).map(Self::Stream);
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut builder = tempfile::Builder::new();
        // A temporary file is for its owner only; a result is for whoever may read a new file.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        builder.tempfile_in(folder).map(|temporary| Self::Whole { temporary, path })
    }

    fn write(self, content: &[u8]) -> io::Result<()> {
        match self {
            Self::Whole { mut temporary, path } => {
                temporary.write_all(content)?;
                temporary.persist(path).map(drop).map_err(|error| error.error)
            }
            Self::Stream(mut stream) => stream.write_all(content),
        }
    }
}
