//! What a side does to its process before it does what it should.

use std::fs::File;
use std::hint::black_box;
use std::process;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use nix::sys::signal::{Signal, raise};
use tokio::runtime::Handle;

/// A way to end.
pub(super) struct Deed {
    pub(super) name: &'static str,
    pub(super) run: fn(),
    /// What a shell says before it starts the program.
    pub(super) limits: &'static str,
    /// The exit status that is due.
    pub(super) status: i32,
    /// What the reason has to say.
    pub(super) due: &'static str,
}

const fn deed(name: &'static str, run: fn(), due: &'static str) -> Deed {
    Deed { name, run, limits: "", status: 1, due }
}

/// A megabyte has a thousand of a shell's units.
const LITTLE_MEMORY: &str = "ulimit -d 400000 &&";

pub(super) const DEEDS: &[Deed] = &[
    deed("exit 0", || process::exit(0), "its process ended without an answer, with exit status 0"),
    deed("exit 3", || process::exit(3), "its process ended without an answer, with exit status 3"),
    deed("abort", || process::abort(), "its process was aborted (SIGABRT)"),
    deed("overflow", overflow, "has overflowed its stack"),
    Deed {
        limits: LITTLE_MEMORY,
        ..deed("all memory", all_memory, "memory allocation of 16777216 bytes failed")
    },
    Deed {
        limits: LITTLE_MEMORY,
        ..deed(
            "20,000 threads",
            threads,
            "failed to spawn thread: a limit of threads or of memory is reached",
        )
    },
    Deed {
        limits: "ulimit -n 256 &&",
        ..deed("all descriptors", descriptors, "a file: Too many open files")
    },
    deed("panic in a destructor", || drop(Bomb), "panicked: it went off"),
    deed("panic in a panic", panic_twice, "its process was aborted (SIGABRT)"),
    Deed { status: 3, ..deed("busy loop", busy, "no end after 2s") },
    Deed { status: 3, ..deed("sleep", sleep, "no end after 2s") },
    Deed { status: 3, ..deed("blocked runtime", block_all, "no end after 2s") },
    deed("SIGKILL", || kill(Signal::SIGKILL), "its process was killed (SIGKILL)"),
    deed("SIGSEGV", || kill(Signal::SIGSEGV), "its process was killed by SIGSEGV"),
    deed("a panic where it blocks", panic_where_it_blocks, "what it called has ended"),
    deed("leaves a process", leave_process, "its process was aborted (SIGABRT)"),
    deed("stdout closed", close_stdout, "its standard output is closed"),
];

fn overflow() {
    #[expect(unconditional_recursion, reason = "that is the end")]
    fn deeper(depth: u64) -> u64 {
        let frame = black_box([depth; 64]);
        deeper(frame[0] + 1) + frame[1]
    }
    black_box(deeper(0));
}

fn all_memory() {
    let mut all = Vec::new();
    loop {
        all.push(black_box(vec![1_u8; 1 << 24]));
    }
}

fn threads() {
    for _ in 0..20_000 {
        thread::spawn(sleep);
    }
}

fn descriptors() {
    let mut all = Vec::new();
    loop {
        all.push(File::open("/dev/null").expect("a file"));
    }
}

struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        panic!("it went off");
    }
}

fn panic_twice() {
    let _bomb = Bomb;
    panic!("out of luck");
}

/// On a thread of the runtime that is no actor's.
fn panic_where_it_blocks() {
    let (called, waits) = mpsc::channel::<()>();
    if let Ok(runtime) = Handle::try_current() {
        runtime.spawn_blocking(move || {
            let _called = called;
            panic!("nobody reads this");
        });
    } else {
        drop(called);
    }
    waits.recv().expect("what it called has ended");
}

fn busy() {
    loop {
        black_box(());
    }
}

fn sleep() {
    loop {
        thread::sleep(Duration::from_hours(1));
    }
}

/// With tasks, every worker is blocked; with threads, one waits for what never comes.
fn block_all() {
    if let Ok(runtime) = Handle::try_current() {
        for _ in 0..64 {
            runtime.spawn(async { sleep() });
        }
    }
    let (sender, receiver) = mpsc::channel::<()>();
    let _ = receiver.recv();
    drop(sender);
}

fn kill(signal: Signal) {
    // The first SIGSEGV ends only the handler with which Rust tells of an overflow.
    for _ in 0..2 {
        raise(signal).expect("it is a signal");
    }
}

/// The one that is left has the pipe of the one that ends.
fn leave_process() {
    process::Command::new("sleep").arg("1000").spawn().expect("there is a sleep");
    process::abort();
}

fn close_stdout() {
    nix::unistd::close(1).expect("it was open");
}
