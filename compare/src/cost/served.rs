//! The child that measures: what it does to its process, another need not bear.

use std::io::{self, Read as _, Write as _};
use std::path::Path;
use std::process::{self, Command, Stdio};
use std::sync::mpsc::RecvTimeoutError;
use std::thread;
use std::time::{Duration, Instant};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::units::units;
use super::{Carrier, waiters};
use crate::lab::{Child, LOOK, lost};

/// The word that makes this program such a child.
pub const SERVE_COST: &str = "serve-cost";

/// How long it may say nothing.
const PATIENCE: Duration = Duration::from_secs(20);

/// What a child is asked for.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Asked {
    /// Times, in so many rounds, with pauses or without.
    Units { carriers: Vec<Carrier>, rounds: u32, pauses: bool },
    /// What its process has of the machine while so many wait.
    Waiters { carrier: Carrier, count: usize },
    /// Threads until there is no room for more, or there are so many; it says after each how many there are, because that
    /// may be its end.
    Threads { most: u64 },
}

/// The last thing that a child of this program says to this; an error as soon as the user wants no more.
pub(super) fn ask<T: DeserializeOwned>(
    program: &Path,
    asked: &Asked,
    is_interrupted: &dyn Fn() -> bool,
) -> io::Result<T> {
    let asked = serde_json::to_string(asked).expect("it is plain data");
    let mut command = Command::new(program);
    command.args([SERVE_COST, &asked]).stderr(Stdio::piped()).env("RUST_BACKTRACE", "0");
    let child = Child::start(&mut command)?;
    let (mut last, mut heard) = (String::new(), Instant::now());
    loop {
        match child.hear(LOOK) {
            Ok(line) => (last, heard) = (line, Instant::now()),
            Err(RecvTimeoutError::Disconnected) => break,
            Err(RecvTimeoutError::Timeout) if is_interrupted() => {
                return Err(io::ErrorKind::Interrupted.into());
            }
            Err(RecvTimeoutError::Timeout) if heard.elapsed() > PATIENCE => {
                return Err(io::Error::other("the process that measures says nothing any more"));
            }
            Err(RecvTimeoutError::Timeout) => {}
        }
    }
    serde_json::from_str(&last).map_err(|_| {
        let (ended, written) = child.end(LOOK);
        io::Error::other(lost(ended, &written))
    })
}

/// Is such a child, which is asked for this.
///
/// # Errors
/// If it is not understood, or can't be measured.
pub fn serve_cost(asked: &str) -> io::Result<()> {
    let asked = serde_json::from_str(asked)
        .map_err(|error| io::Error::other(format!("this is for `compare` itself to call: {error}")))?;
    // Its standard input is a pipe from its parent, and ends with it.
    thread::Builder::new().spawn(|| {
        let _ = io::stdin().read_to_end(&mut Vec::new());
        process::exit(1)
    })?;
    let told = match asked {
        Asked::Units { carriers, rounds, pauses } => {
            serde_json::to_string(&units(&carriers, rounds, pauses)?)
        }
        Asked::Waiters { carrier, count } => serde_json::to_string(&waiters::waiting(carrier, count)?),
        Asked::Threads { most } => {
            let most = usize::try_from(most).unwrap_or(usize::MAX);
            waiters::threads(most, |started| drop(writeln!(io::stdout(), "{started}")));
            process::exit(0)
        }
    };
    writeln!(io::stdout(), "{}", told.expect("it is plain data"))?;
    // Who waits there waits for ever.
    process::exit(0)
}
