//! Limits: how much of the machine a process may have and has, and what it does where it gets no more.

/// From now on, that a file may grow no further (`ulimit -f`) is an error to whoever writes it, and not the end of this
/// process. For the first thread to call: those that it starts inherit this.
#[cfg(unix)]
pub fn outlive_full_files() {
    use nix::sys::signal::{SigSet, Signal};

    // A signal that is blocked leaves the error alone. To ignore it would be as good, but isn't safe.
    let _ = SigSet::from_iter([Signal::SIGXFSZ]).thread_block();
}

/// Elsewhere nobody is told so by a signal.
#[cfg(not(unix))]
pub fn outlive_full_files() {}

/// From now on, this process gets no more memory than half of what the machine has to give now, but for an eighth: what
/// asks for more fails by itself, before the machine is out of memory and something else is killed. Half, because two
/// pairs are judged at a time.
///
/// It counts what may be written, the stacks of threads as a whole (2 MiB each) among it; not what an allocator only
/// reserves. Where the system doesn't say what it has, nothing is limited.
#[cfg(target_os = "linux")]
pub fn limit_memory() {
    use nix::sys::resource::{Resource, getrlimit, setrlimit};

    let Some(available) = available() else { return };
    if let Ok((soft, hard)) = getrlimit(Resource::RLIMIT_DATA) {
        // Who may not have a limit has none.
        let _ = setrlimit(Resource::RLIMIT_DATA, ((available - available / 8) / 2).min(soft), hard);
    }
}

/// How many bytes the machine has to give, or its container, where that is a control group of version 2. What of the group
/// is cached and out of use, it gives back.
#[cfg(target_os = "linux")]
pub fn available() -> Option<u64> {
    use std::fs;

    let machine = bytes(&fs::read_to_string("/proc/meminfo").ok()?, "MemAvailable")?;
    let group = |file| fs::read_to_string(format!("/sys/fs/cgroup/{file}"));
    let number = |file| group(file).ok()?.trim().parse::<u64>().ok();
    let cached = || {
        group("memory.stat").ok()?.lines().find_map(|line| line.strip_prefix("inactive_file "))?.parse().ok()
    };
    let container = number("memory.max").zip(number("memory.current")).map(|(most, used)| {
        let used = used.saturating_sub(cached().unwrap_or(0));
        most.saturating_sub(used)
    });
    Some(container.map_or(machine, |left| machine.min(left)))
}

/// How many bytes such a file of Linux says of this: `MemAvailable:   1024 kB`.
pub fn bytes(text: &str, field: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(field)?.strip_prefix(':'))?;
    line.trim().strip_suffix(" kB")?.parse::<u64>().ok()?.checked_mul(1024)
}

/// Elsewhere there is no such limit.
#[cfg(not(target_os = "linux"))]
pub fn limit_memory() {}

/// Elsewhere nobody says.
#[cfg(not(target_os = "linux"))]
pub fn available() -> Option<u64> {
    None
}

/// How many bytes of memory this process has that it has written itself: heap and stacks. Unlike what Linux tells of it
/// elsewhere, this is counted when it is asked for, page by page.
#[cfg(target_os = "linux")]
pub fn memory_written() -> Option<u64> {
    bytes(&std::fs::read_to_string("/proc/self/smaps_rollup").ok()?, "Anonymous")
}

/// Elsewhere nobody says.
#[cfg(not(target_os = "linux"))]
pub fn memory_written() -> Option<u64> {
    None
}
