//! Where results go: to stdout, or into a file that is written whole or not at all.

use std::env;
#[cfg(unix)]
use std::fs::Permissions;
use std::fs::{File, Metadata};
use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anstream::{AutoStream, ColorChoice};
use anyhow::{Context as _, bail};
use clap::ValueEnum;
use tempfile::NamedTempFile;

use super::complaint::complain;
use crate::archive::{folder_of, plainly};
use crate::lab::listen;
use crate::render::{Medium, NARROWEST};

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
        let width = width.map(|width| width.max(NARROWEST));
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

    /// Writes what is for reading: on a terminal through the pager that `$PAGER` names, or else `less`, if there is one.
    ///
    /// # Errors
    /// As [`write`](Self::write).
    pub(super) fn page(self, results: &str) -> anyhow::Result<()> {
        if self.file.is_some() || !io::stdout().is_terminal() {
            return self.write(results);
        }
        let pager = env::var("PAGER").unwrap_or_else(|_| "less".into());
        let mut words = pager.split_whitespace();
        let started = words.next().map(|program| {
            let mut command = Command::new(program);
            // Colours as they are, and what fits the screen at once.
            command
                .args(words)
                .stdin(Stdio::piped())
                .env("LESS", env::var("LESS").unwrap_or_else(|_| "FRX".into()));
            command.spawn()
        });
        let Some(Ok(mut pager)) = started else { return self.write(results) };
        // Ctrl-C is for the pager. Where nobody can listen, it ends both.
        let _ = listen(|| true);
        let written = pager.stdin.take().map_or(Ok(()), |mut stdin| stdin.write_all(results.as_bytes()));
        let ended = pager.wait().context("cannot wait for the pager")?;
        // One that doesn't work has shown nothing.
        if ended.success() { quietly(written) } else { self.write(results) }
    }

    /// Writes results that are not whole: to stdout, because a file is written whole or not at all.
    ///
    /// # Errors
    /// As [`write`](Self::write).
    pub(super) fn write_in_part(self, results: &str) -> anyhow::Result<()> {
        match self.file {
            Some(Target::Whole(path) | Target::InPlace(_, path)) => {
                complain(&format!("{} is not written, because the results are not whole", path.display()));
                print(results)
            }
            Some(target) => target.write(results),
            None => print(results),
        }
    }
}

fn print(results: &str) -> anyhow::Result<()> {
    if is_closed() {
        bail!("cannot write the results: the standard output is closed");
    }
    let mut stdout = io::stdout().lock();
    quietly(stdout.write_all(results.as_bytes()).and_then(|()| stdout.flush()))
}

/// Whether the program was started without a standard output. Then std has opened one in its place that takes everything,
/// and, other than a shell that is asked for it, for reading as well.
#[cfg(unix)]
fn is_closed() -> bool {
    use nix::fcntl::{FcntlArg, OFlag, fcntl};
    use nix::sys::stat::{fstat, stat};

    let stdout = io::stdout();
    let reads_too = fcntl(&stdout, FcntlArg::F_GETFL)
        .is_ok_and(|flags| OFlag::from_bits_truncate(flags).contains(OFlag::O_RDWR));
    let is_null = || Some(fstat(&stdout).ok()?.st_rdev == stat("/dev/null").ok()?.st_rdev);
    reads_too && is_null() == Some(true)
}

#[cfg(not(unix))]
fn is_closed() -> bool {
    false
}

/// Whoever closed the pipe has what it wanted.
fn quietly(written: io::Result<()>) -> anyhow::Result<()> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written.context("cannot write the results"),
    }
}

/// Where a file's content goes.
#[derive(Debug)]
enum Target {
    /// Into a temporary file beside it, which then takes its name.
    Whole(PathBuf),
    /// Into the file itself: under its other names, or for its other owner, a new one would not be it.
    InPlace(File, PathBuf),
    /// Into a pipe or a device: that must not be replaced by a file.
    Stream(File),
}

impl Target {
    fn open(path: &Path) -> io::Result<Self> {
        if path.as_os_str().as_encoded_bytes().ends_with(b"/") {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        let write = || File::options().write(true).open(path);
        match path.metadata() {
            Ok(metadata) if metadata.is_dir() => Err(io::ErrorKind::IsADirectory.into()),
            // Asked before where a link leads: behind `/dev/fd/1` is no path.
            Ok(metadata) if !metadata.is_file() => write().map(Self::Stream),
            Ok(metadata) if metadata.permissions().readonly() => Err(io::ErrorKind::PermissionDenied.into()),
            Ok(metadata) => {
                let path = path.canonicalize()?;
                if may_be_replaced(&metadata, &temporary_beside(&path)?)? {
                    Ok(Self::Whole(path))
                } else {
                    write().map(|file| Self::InPlace(file, path))
                }
            }
            // A link to what is not there yet.
            Err(error) if error.kind() == io::ErrorKind::NotFound && path.is_symlink() => {
                Self::open(&folder_of(path).join(path.read_link()?))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                // Whether it can be written; it is gone again at once, so that nothing is left if the program is killed.
                temporary_beside(path)?;
                Ok(Self::Whole(path.into()))
            }
            Err(error) => Err(error),
        }
    }

    fn write(self, content: &str) -> anyhow::Result<()> {
        let (written, path) = match self {
            Self::Whole(path) => {
                let write = || {
                    let mut temporary = temporary_beside(&path)?;
                    temporary.write_all(content.as_bytes())?;
                    temporary.persist(&path).map(drop).map_err(|error| error.error)
                };
                (write(), path)
            }
            Self::InPlace(mut file, path) => {
                (file.set_len(0).and_then(|()| file.write_all(content.as_bytes())), path)
            }
            Self::Stream(mut stream) => return quietly(stream.write_all(content.as_bytes())),
        };
        written.map_err(|error| {
            // What was measured is not lost with the file.
            let _ = print(content);
            anyhow::anyhow!("cannot write {}: {}", path.display(), plainly(&error))
        })
    }
}

/// Whether a file can be replaced by a new one, and nobody misses it: it has no other name, and the new one would have
/// the same owner and group.
#[cfg(unix)]
fn may_be_replaced(file: &Metadata, new: &NamedTempFile) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt as _;

    let new = new.as_file().metadata()?;
    Ok(file.nlink() == 1 && (file.uid(), file.gid()) == (new.uid(), new.gid()))
}

/// Whether a file can be replaced by a new one: this system doesn't say who would miss it.
#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere it can fail")]
fn may_be_replaced(_: &Metadata, _: &NamedTempFile) -> io::Result<bool> {
    Ok(true)
}

fn temporary_beside(path: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".results-");
    // A temporary file is for its owner only; a result is for whoever may read the file that it replaces, or a new one;
    // but it runs as nobody, whatever the one did that it replaces.
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = path.metadata().map_or(0o666, |metadata| metadata.permissions().mode() & 0o777);
        builder.permissions(Permissions::from_mode(mode));
    }
    builder.tempfile_in(folder_of(path))
}
