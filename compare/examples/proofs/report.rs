//! A report of all pairs, made by a call of this program, and other work beside it.

use std::env;
use std::hint;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use anyhow::{Context as _, ensure};
use compare::report::Report;

/// A report that this program makes, called so.
pub(crate) fn report(arguments: &[&str]) -> anyhow::Result<Report> {
    report_with(arguments, &[])
}

/// The same with these variables in its environment.
pub(crate) fn report_with(arguments: &[&str], variables: &[(&str, &str)]) -> anyhow::Result<Report> {
    let mut command = Command::new(env::current_exe().context("this program is unknown")?);
    command.args(["run", "--format", "json", "--progress", "never"]).args(arguments).stdin(Stdio::null());
    command.envs(variables.iter().copied());
    let output = command.output().context("it doesn't start")?;
    let complaint = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "a report of {arguments:?}: {}: {complaint}", output.status);
    serde_json::from_slice(&output.stdout).context("it is no report")
}

/// Does this while so many threads keep a core busy each.
pub(crate) fn beside<T>(threads: usize, work: impl FnOnce() -> T) -> T {
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while !over.load(Ordering::Relaxed) {
                    hint::spin_loop();
                }
            });
        }
        let done = work();
        over.store(true, Ordering::Relaxed);
        done
    })
}
