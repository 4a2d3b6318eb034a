//! Waiters: many of a carrier that do nothing but wait, in a process of their own, and what that then has of the machine.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::sync::Notify;
use tokio::task;

use super::Carrier;
use crate::lab::{Arm, Runtime, Workers};

/// The word that makes this program such a process.
pub const SERVE_WAITERS: &str = "serve-waiters";

/// What a process has of the machine in which so many wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// How many: less than was asked for where there was no room for more.
    pub waiting: usize,
    /// Its memory that is resident, in bytes.
    pub resident: u64,
    /// The tables by which the system finds it, in bytes.
    pub page_tables: u64,
    /// What the system has for the stacks of all threads of the machine on its own side, in bytes.
    pub kernel_stack: u64,
}

/// What a process of this program says, in which so many wait.
pub(super) fn waiting(program: &Path, carrier: Carrier, count: usize) -> io::Result<Waiting> {
    let mut command = Command::new(program);
    command.args([SERVE_WAITERS, &carrier.to_string(), &count.to_string()]);
    let output = command.stdin(Stdio::null()).output()?;
    serde_json::from_slice(&output.stdout)
        .map_err(|_| io::Error::other(format!("{count} that wait of {carrier}: {}", output.status)))
}

/// How many threads a process of this program has started that wait, until there was no room for more. That may be its
/// end: what a thread needs beyond its stack it gets when it runs, and std aborts where it can't.
pub(super) fn most_threads(program: &Path) -> io::Result<u64> {
    let mut command = Command::new(program);
    command.args([SERVE_WAITERS, &Carrier::Arm(Arm::THREADS).to_string(), ENDLESS]);
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output()?;
    let told = String::from_utf8_lossy(&output.stdout);
    let last = told.split_inclusive('\n').rev().find_map(|line| line.strip_suffix('\n')?.parse().ok());
    last.ok_or_else(|| io::Error::other(format!("no thread: {}", output.status)))
}

/// As many as there is room for.
const ENDLESS: &str = "endless";

/// Is such a process: lets as many wait as its arguments say, and tells what it has.
///
/// # Errors
/// If the arguments say nothing of the kind, or the system doesn't say what it has.
pub fn serve_waiters(mut arguments: impl Iterator<Item = String>) -> io::Result<()> {
    let asked = arguments.next().zip(arguments.next());
    if asked.as_ref().is_some_and(|(_, count)| count == ENDLESS) {
        threads(usize::MAX, |started| drop(writeln!(io::stdout(), "{started}")));
        std::process::exit(0);
    }
    let asked = asked.and_then(|(carrier, count)| Some((carrier.parse().ok()?, count.parse().ok()?)));
    let (carrier, count) = asked.ok_or_else(|| io::Error::other("this is for `compare` itself to call"))?;
    let waiting = match carrier {
        Carrier::Arm(arm) => match arm.runtime() {
            None => threads(count, |_| {}),
            Some(runtime) => tasks(runtime, count)?,
        },
        Carrier::Blocking => pool(count)?,
    };
    let told = serde_json::to_string(&of_this_process(waiting)?).expect("it is plain data");
    writeln!(io::stdout(), "{told}")?;
    // Nobody is left waiting.
    std::process::exit(0)
}

/// A gate that nobody opens.
#[derive(Default)]
struct Gate {
    waiting: Mutex<usize>,
    opened: Condvar,
}

impl Gate {
    fn wait(&self) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        *waiting += 1;
        loop {
            waiting = self.opened.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn is_reached_by(&self, count: usize) -> bool {
        *self.waiting.lock().unwrap_or_else(PoisonError::into_inner) >= count
    }
}

fn threads(count: usize, tell: impl Fn(usize)) -> usize {
    let gate = Arc::new(Gate::default());
    let spawn = |nth: &usize| {
        let gate = Arc::clone(&gate);
        let is_started = thread::Builder::new().spawn(move || gate.wait()).is_ok();
        if is_started {
            tell(nth + 1);
        }
        is_started
    };
    let started = (0..count).take_while(spawn).count();
    until(|| gate.is_reached_by(started));
    started
}

fn tasks(runtime: Runtime, count: usize) -> io::Result<usize> {
    let workers = Workers::new(runtime)?;
    let (gate, waiting) = (Arc::new(Notify::new()), Arc::new(AtomicUsize::new(0)));
    workers.block_on(async {
        for _ in 0..count {
            let (gate, waiting) = (Arc::clone(&gate), Arc::clone(&waiting));
            task::spawn(async move {
                waiting.fetch_add(1, Ordering::Relaxed);
                gate.notified().await;
            });
        }
        while waiting.load(Ordering::Relaxed) < count {
            task::yield_now().await;
        }
    });
    std::mem::forget(workers);
    Ok(count)
}

fn pool(count: usize) -> io::Result<usize> {
    let workers = Workers::new(Runtime::Current)?;
    let gate = Arc::new(Gate::default());
    workers.block_on(async {
        for _ in 0..count {
            let gate = Arc::clone(&gate);
            task::spawn_blocking(move || gate.wait());
        }
    });
    until(|| gate.is_reached_by(count));
    std::mem::forget(workers);
    Ok(count)
}

fn until(is_so: impl Fn() -> bool) {
    while !is_so() {
        thread::sleep(Duration::from_millis(1));
    }
}

/// What this process has, as Linux says.
fn of_this_process(waiting: usize) -> io::Result<Waiting> {
    let (process, machine) = (fs::read_to_string("/proc/self/status")?, fs::read_to_string("/proc/meminfo")?);
    let of = |text: &str, field: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(field)?.strip_suffix("kB"));
        let kilobytes = line.and_then(|line| line.trim().parse::<u64>().ok());
        kilobytes.map(|kilobytes| 1024 * kilobytes).ok_or_else(|| io::Error::other(format!("no {field}")))
    };
    Ok(Waiting {
        waiting,
        resident: of(&process, "VmRSS:")?,
        page_tables: of(&process, "VmPTE:")?,
        kernel_stack: of(&machine, "KernelStack:")?,
    })
}
