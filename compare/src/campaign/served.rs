//! The child: does for one pair what its parent asks for, and ends with it.

use std::env;
use std::fs;
use std::io::{self, Write as _};
use std::panic;
use std::path::PathBuf;
use std::process;
use std::sync::mpsc::Sender;
use std::sync::{Arc, OnceLock};
use std::thread;

use serde::Serialize;

use super::candidates::Reading;
use super::order::{INTERRUPT, Order, Said, Task};
use super::{Request, diff, judged, show, timed, write_as_text};
use crate::lab::{Lab, Message, Progress, Round, SEPARATOR, Settings, limit_memory, listen, system_words};
use crate::pair::{Pairs, PlanError};

/// The word that makes this program a child.
pub const SERVE_PAIR: &str = "serve-pair";

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
    // Ctrl-C in a terminal goes to a whole group. What that means, the parent says.
    listen(|| true).map_err(ServeError::NoRoom)?;
    end_with_panics();
    // A folder for its temporary files, and one for the traces that it keeps; where one is empty, there is none.
    let mut folders = env::args_os().skip(2).map(|folder| Some(folder).filter(|name| !name.is_empty()));
    let folders = [(); 2].map(|()| folders.next().flatten().map(PathBuf::from));
    let [_, kept] = folders.clone();
    let mut line = String::new();
    let read = io::stdin().read_line(&mut line).and_then(|_| Ok(serde_json::from_str(&line)?));
    // The parent may be gone already.
    let read = read.inspect_err(|_| remove(&folders));
    let Order { settings, timeout, pattern, plan, task } = read.map_err(ServeError::Order)?;
    let interrupted = Arc::new(OnceLock::new());
    let interrupt = Arc::clone(&interrupted);
    thread::Builder::new().spawn(move || obey(&interrupt, &folders)).map_err(ServeError::NoRoom)?;

    limit_memory();
    if let Task::Show { text: Some(colour), .. } = task {
        write_as_text(colour, |text| say::<()>(&Said::Wrote(text)));
    }
    let progress = Progress::told(|tick| say::<()>(&Said::Made(tick)));
    let mut lab = Lab::new(Settings { timeout, ..settings }, progress).map_err(ServeError::NoRoom)?;
    interrupted.get_or_init(|| lab.sender());
    let pair = pairs(pattern).with_plan(&plan)?;
    match task {
        Task::Judge => say(&Said::Answers(judged::judge(&pair, &mut lab))),
        Task::Time { after, timer_error } => {
            say(&Said::Answers(timed::time(&pair, &mut lab, after, timer_error)));
        }
        Task::Diff { lanes } => {
            let rounds = Round::first(lab.settings.runs, pair.problem(), &lab.settings);
            let request = Request { rounds: &rounds, kept: kept.as_deref(), reading: Reading { lanes } };
            say(&Said::Answers(diff(&pair, &mut lab, &request)));
        }
        Task::Show { arm, .. } => say(&Said::Answers(show(&pair, arm, &mut lab))),
    }
    Ok(())
}

/// From now on, this process ends with a panic of its first thread, on which no run is: a runtime that has no room for its
/// threads panics, and would then wait for ever for those that it has. Any other panic is told by whoever joins its thread.
fn end_with_panics() {
    let previous = panic::take_hook();
    let first = thread::current().id();
    panic::set_hook(Box::new(move |info| {
        if thread::current().id() == first {
            previous(info);
            process::exit(101);
        }
    }));
}

/// Does what the parent says, until that is gone; then this process ends, and with it its temporary files and the traces
/// that it keeps, which nobody would finish.
fn obey(interrupt: &OnceLock<Sender<Message>>, folders: &[Option<PathBuf>; 2]) -> ! {
    for line in io::stdin().lines().map_while(Result::ok) {
        match interrupt.get() {
            // Where the lab is gone, there is nothing to interrupt.
            Some(sender) if line == INTERRUPT => drop(sender.send(Message::Interrupted)),
            Some(_) => {}
            // Nothing has begun.
            None => break,
        }
    }
    remove(folders);
    process::exit(1)
}

fn remove(folders: &[Option<PathBuf>]) {
    for folder in folders.iter().flatten() {
        // A run may still write there. Of any other error nobody is left who could be told.
        let is_written_to = |error: io::Error| error.kind() == io::ErrorKind::DirectoryNotEmpty;
        while fs::remove_dir_all(folder).is_err_and(is_written_to) {}
    }
}

fn say<T: Serialize>(said: &Said<T>) {
    let text = serde_json::to_string(said).expect("what is said is plain data");
    let mut stdout = io::stdout().lock();
    // Whatever a pattern has printed before, this is a line of its own.
    let said = is_open(&stdout).and_then(|()| write!(stdout, "\n{SEPARATOR}{text}\n"));
    if let Err(error) = said {
        // The parent may be gone, and hears neither.
        let _ = writeln!(io::stderr(), "its standard output is closed: {error}");
        process::exit(1);
    }
}

/// Whether it is open: what is written to a closed one, std takes for written.
#[cfg(unix)]
fn is_open(stdout: &impl std::os::fd::AsFd) -> io::Result<()> {
    stdout.as_fd().try_clone_to_owned().map(drop)
}

#[cfg(not(unix))]
fn is_open<T>(_stdout: &T) -> io::Result<()> {
    Ok(())
}
