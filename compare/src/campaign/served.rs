//! The child: does for one pair what its parent asks for, and ends with it.

use std::env;
use std::fs;
use std::io::{self, Write as _};
use std::panic;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::mpsc::Sender;
use std::sync::{Arc, OnceLock};
use std::thread;

use serde::Serialize;
use shared::Pattern;
use tokio::runtime::Handle;

use super::candidates::Reading;
use super::order::{INTERRUPT, Order, Said, Task};
use super::weighed::weigh;
use super::{Request, diff, judged, show, timed, write_log};
use crate::lab::{Lab, Message, Progress, SEPARATOR, Settings, limit_memory, system_words};
use crate::pair::{Pairs, PlanError};

/// The word that makes this program a child.
pub const SERVE_PAIR: &str = "serve-pair";

/// How often it is tried to remove a folder that is written to.
const MOST_REMOVALS: usize = 1_000;

/// Why a child can't do what it is asked for.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// It was told nothing that it understands.
    #[error("this is for `compare` itself to call: {0}")]
    Order(io::Error),
    /// The pattern has no such plan.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// It has no room for its threads.
    #[error("no thread can be started: {}", system_words(.0))]
    NoRoom(io::Error),
}

/// Is a child: reads what is asked for, does it, and says what came of it.
///
/// # Errors
/// If it can't be done.
pub fn serve_pair(pairs: Pairs) -> Result<(), ServeError> {
    end_with_panics();
    // A folder for its temporary files, and one for the traces that it keeps; where one is empty, there is none.
    let folder = |place| env::args_os().nth(place).filter(|name| !name.is_empty()).map(PathBuf::from);
    let [temporary, kept] = [2, 3].map(folder);
    let mut line = String::new();
    let read = io::stdin().read_line(&mut line).and_then(|_| Ok(serde_json::from_str(&line)?));
    let Order { settings, timeout, pattern, plan, task } = read.map_err(ServeError::Order)?;
    let interrupted = Arc::new(OnceLock::new());
    let interrupt = Arc::clone(&interrupted);
    let folders = [temporary, kept.clone()];
    thread::Builder::new().spawn(move || obey(&interrupt, &folders)).map_err(ServeError::NoRoom)?;

    limit_memory();
    if let Some(log) = &settings.log {
        write_log(log, |text| say::<()>(&Said::Logged(text)));
    }
    let progress = Progress::told(|tick| say::<()>(&Said::Made(tick)));
    let mut lab = Lab::new(Settings { timeout, ..settings }, progress);
    lab.make_room(task.arms()).map_err(ServeError::NoRoom)?;
    interrupted.get_or_init(|| lab.sender());
    let pair = pairs(pattern).with_plan(&plan)?;
    match task {
        Task::Judge { arms } => answer(&judged::judge(&pair, arms, &mut lab)),
        Task::Time { arms, after } => answer(&timed::time(&pair, arms, &mut lab, after)),
        Task::Diff { arms, rounds, lanes } => {
            let (kept, reading) = (kept.as_deref(), Reading { lanes });
            let request = Request { arms, rounds: &rounds, kept, reading };
            answer(&diff(&pair, &mut lab, &request));
        }
        Task::Show { arm } => answer(&show(&pair, arm, &mut lab)),
        Task::Weigh { arm } => answer(&weigh(&pair, &pairs(Pattern::Sequential), arm, &mut lab)),
    }
    Ok(())
}

/// From now on, this process ends with a panic of its first thread, on which no run is: a runtime that has no room for its
/// threads panics, and would then wait for ever for those that it has. And of a panic on a runtime's own thread, the only ones
/// in a runtime that have a name, nothing is written: it goes on to whoever waits for what was called there, if anybody does,
/// and is told as the reason.
fn end_with_panics() {
    let previous = panic::take_hook();
    let first = thread::current().id();
    panic::set_hook(Box::new(move |info| {
        let current = thread::current();
        if current.name().is_none() || Handle::try_current().is_err() {
            previous(info);
        }
        if current.id() == first {
            process::exit(101);
        }
    }));
}

/// Does what the parent says, until that is gone; then this process ends, and with it its temporary files and the traces
/// that it keeps, which nobody would finish.
fn obey(interrupt: &OnceLock<Sender<Message>>, folders: &[Option<PathBuf>; 2]) -> ! {
    let lines = io::stdin().lines().map_while(Result::ok);
    for _ in lines.filter(|line| line == INTERRUPT) {
        match interrupt.get() {
            // Where the lab is gone, there is nothing to interrupt.
            Some(sender) => drop(sender.send(Message::Interrupted)),
            // Nothing has begun; and the folders are the parent's, which is there.
            None => process::exit(1),
        }
    }
    folders.iter().flatten().for_each(|folder| remove(folder));
    process::exit(1)
}

/// Removes a folder, into which a run may write still. Of an error nobody is left who could be told.
fn remove(folder: &Path) {
    let is_written_to =
        || fs::remove_dir_all(folder).is_err_and(|error| error.kind() == io::ErrorKind::DirectoryNotEmpty);
    (0..MOST_REMOVALS).any(|_| !is_written_to());
}

fn answer<T: Serialize>(answer: &T) {
    say(&Said::Answers(answer));
}

fn say<T: Serialize>(said: &Said<T>) {
    let text = serde_json::to_string(said).expect("what is said is plain data");
    let mut stdout = io::stdout().lock();
    if let Err(error) = is_open(&stdout) {
        // Where nobody hears that either, the parent is gone.
        let _ = writeln!(io::stderr(), "its standard output is closed: {error}");
        process::exit(1);
    }
    // Whatever a pattern has printed before, this is a line of its own. Where nobody reads it, the parent is gone, and this
    // process is about to end with what it keeps.
    let _ = write!(stdout, "\n{SEPARATOR}{text}\n");
}

/// Whether it is open: what is written to a closed one, std takes for written.
#[cfg(unix)]
fn is_open(stdout: &impl std::os::fd::AsFd) -> io::Result<()> {
    // Not by a duplicate: that takes a descriptor, and a pattern may have taken them all.
    nix::fcntl::fcntl(stdout, nix::fcntl::FcntlArg::F_GETFD)?;
    Ok(())
}

#[cfg(not(unix))]
fn is_open<T>(_stdout: &T) -> io::Result<()> {
    Ok(())
}
