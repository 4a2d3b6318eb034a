//! A child: a program that is called for one thing, told what in lines, and heard in lines.
//!
//! Its standard input is a pipe from its parent, and ends with it, however that ends; then a child ends too.

use std::collections::VecDeque;
use std::env;
use std::fmt;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::path::PathBuf;
use std::process::{self, ChildStderr, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

/// Why it isn't told or heard: nobody reads its pipe any more, or writes into it.
pub(super) const ENDED: &str = "it has ended";

/// What a word of ours begins with, in a line of its own: a JSON text sequence (RFC 7464). All else is printed by others.
pub const SEPARATOR: char = '\u{1e}';

/// A longer word than this is none of ours.
const LONGEST: u64 = 1 << 30;

/// What others print, they may print without an end: longer lines are heard in pieces.
const PIECE: u64 = 1 << 16;

/// So many lines are kept until somebody hears them.
const UNHEARD: usize = 1_000;

/// How much of what it writes to its standard error is kept, in bytes.
const MOST_WRITTEN: usize = 1 << 16;

/// How long it may take until that is read of one that has ended: somebody whom it has started may hold its pipe.
const LAST_WORDS: Duration = Duration::from_millis(500);

/// What runs: whatever stands in its file by now, a child is no other program.
///
/// # Errors
/// If nobody knows.
pub fn this_program() -> io::Result<PathBuf> {
    if cfg!(target_os = "linux") { Ok("/proc/self/exe".into()) } else { env::current_exe() }
}

/// A child. Dropped, it is killed.
#[derive(Debug)]
pub struct Child {
    process: process::Child,
    /// What it says, line by line, as a thread reads it: whoever waits for a line must not wait for ever.
    said: Receiver<String>,
    /// The last of what it writes to its standard error, once no more comes; none where that is no pipe.
    written: Option<Receiver<String>>,
}

impl Child {
    /// Starts this command as a child.
    ///
    /// It has a group of its own: Ctrl-C in a terminal goes to the parent alone, who says what that means; and what a child
    /// has started ends with it.
    ///
    /// # Errors
    /// If it can't be started.
    pub fn start(command: &mut Command) -> io::Result<Self> {
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(command, 0);
        let (sender, said) = mpsc::sync_channel(UNHEARD);
        let process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let mut child = Self { process, said, written: None };
        let stdout = child.process.stdout.take().expect("it is a pipe, and nobody took it");
        thread::Builder::new().spawn(move || {
            let mut stdout = BufReader::new(stdout);
            let mut next = || {
                let mut line = Vec::new();
                let is_ours =
                    stdout.fill_buf().ok()?.first().is_some_and(|byte| char::from(*byte) == SEPARATOR);
                let most = if is_ours { LONGEST } else { PIECE };
                let length = (&mut stdout).take(most).read_until(b'\n', &mut line).ok()?;
                line.pop_if(|byte| *byte == b'\n');
                (length > 0).then(|| String::from_utf8_lossy(&line).into_owned())
            };
            while next().is_some_and(|line| sender.send(line).is_ok()) {}
        })?;
        child.written = child.process.stderr.take().map(last_of).transpose()?;
        Ok(child)
    }

    /// Writes a line to its standard input.
    ///
    /// # Errors
    /// If it has ended.
    pub fn tell(&mut self, line: fmt::Arguments<'_>) -> io::Result<()> {
        let stdin = self.process.stdin.as_mut().expect("it is a pipe, and nobody took it");
        writeln!(stdin, "{line}").map_err(|_| io::Error::other(ENDED))
    }

    /// The next line that it says.
    ///
    /// # Errors
    /// If there is none in this time, or no more at all.
    pub fn hear(&self, patience: Duration) -> Result<String, RecvTimeoutError> {
        self.said.recv_timeout(patience)
    }

    /// Whether it still runs.
    pub fn is_alive(&mut self) -> bool {
        matches!(self.process.try_wait(), Ok(None))
    }

    /// How it has ended, or ends within this time; none where it does not, and is killed. And the last of what it has
    /// written to its standard error, if that was made a pipe.
    pub fn end(mut self, patience: Duration) -> (io::Result<Option<ExitStatus>>, String) {
        let status = self.status(patience);
        self.kill();
        let written = self.written.as_ref().and_then(|written| written.recv_timeout(LAST_WORDS).ok());
        (status, written.unwrap_or_default())
    }

    fn status(&mut self, patience: Duration) -> io::Result<Option<ExitStatus>> {
        let start = Instant::now();
        loop {
            match self.process.try_wait()? {
                None if start.elapsed() < patience => thread::sleep(Duration::from_micros(100)),
                status => return Ok(status),
            }
        }
    }

    fn kill(&mut self) {
        // It may have ended by itself, and so may all that it has started.
        #[cfg(unix)]
        if let Ok(group) = i32::try_from(self.process.id()) {
            use nix::sys::signal::{Signal, killpg};
            use nix::unistd::Pid;

            let _ = killpg(Pid::from_raw(group), Signal::SIGKILL);
        }
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Reads what is written there, and hands out the last of it when no more comes.
fn last_of(mut stderr: ChildStderr) -> io::Result<Receiver<String>> {
    let (sender, written) = mpsc::channel();
    thread::Builder::new().spawn(move || {
        let (mut last, mut chunk) = (VecDeque::new(), [0; 4096]);
        // What was read until it failed is all that there is.
        while let Ok(length @ 1..) = stderr.read(&mut chunk) {
            last.extend(&chunk[..length]);
            last.drain(..last.len().saturating_sub(MOST_WRITTEN));
        }
        // Nobody listens any more where that took too long.
        let _ = sender.send(String::from_utf8_lossy(last.make_contiguous()).into_owned());
    })?;
    Ok(written)
}
