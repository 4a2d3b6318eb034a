//! Waiters: many of a carrier that do nothing but wait, and what their process then has of the machine.

use std::fs;
use std::io;
use std::mem;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::sync::Notify;
use tokio::task;

use super::Carrier;
use crate::lab::{Runtime, Workers, bytes};

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

/// Lets so many wait, for ever, and says what this process then has.
pub(super) fn waiting(carrier: Carrier, count: usize) -> io::Result<Waiting> {
    let waiting = match carrier {
        Carrier::Arm(arm) => match arm.runtime() {
            None => threads(count, |_| {}),
            Some(runtime) => tasks(runtime, count)?,
        },
        Carrier::Blocking => pool(count)?,
    };
    of_this_process(waiting)
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

/// Lets so many threads wait, or as many as there is room for, and tells after each how many there are: what a thread needs
/// beyond its stack it gets when it runs, and std aborts where it can't.
pub(super) fn threads(count: usize, tell: impl Fn(usize)) -> usize {
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
    mem::forget(workers);
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
    mem::forget(workers);
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
    let of = |text, field| bytes(text, field).ok_or_else(|| io::Error::other(format!("no {field}")));
    Ok(Waiting {
        waiting,
        resident: of(&process, "VmRSS")?,
        page_tables: of(&process, "VmPTE")?,
        kernel_stack: of(&machine, "KernelStack")?,
    })
}
