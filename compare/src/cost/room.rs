//! Room: how many more threads each limit of the system allows.

/// Each limit by its name, and how many more threads it allows this process, as far as Linux says.
#[cfg(target_os = "linux")]
pub(super) fn rooms() -> Vec<(String, u64)> {
    use std::fs;

    use nix::sys::resource::{RLIM_INFINITY, Resource, getrlimit};
    use nix::unistd::geteuid;

    let read = |file: &str| fs::read_to_string(file).ok();
    let number = |file: &str| read(file)?.trim().parse::<u64>().ok();
    let limit = |of| getrlimit(of).ok().map(|(soft, _)| soft).filter(|soft| *soft != RLIM_INFINITY);
    // "0.00 0.01 0.05 1/123 4567": of so many threads, this many run.
    let threads = read("/proc/loadavg").and_then(|load| {
        let all = load.split_whitespace().nth(3)?.split_once('/')?.1.to_owned();
        all.parse::<u64>().ok()
    });
    let threads = threads.unwrap_or(0);
    let mappings = read("/proc/self/maps").map_or(0, |maps| maps.lines().count() as u64);
    let of_stacks = |bytes: u64| bytes / STACK;
    let rooms = [
        ("memory (ulimit -d): a stack of 2 MiB each", limit(Resource::RLIMIT_DATA).map(of_stacks)),
        ("addresses (ulimit -v): a stack of 2 MiB each", limit(Resource::RLIMIT_AS).map(of_stacks)),
        (
            "processes of this user (ulimit -u)",
            limit(Resource::RLIMIT_NPROC).filter(|_| !geteuid().is_root()),
        ),
        (
            "kernel.threads-max",
            number("/proc/sys/kernel/threads-max").map(|most| most.saturating_sub(threads)),
        ),
        ("kernel.pid_max", number("/proc/sys/kernel/pid_max").map(|most| most.saturating_sub(threads))),
        (
            "pids.max of the control group",
            number("/sys/fs/cgroup/pids.max")
                .map(|most| most.saturating_sub(number("/sys/fs/cgroup/pids.current").unwrap_or(0))),
        ),
        (
            "vm.max_map_count: two stacks each, one of them for signals, and two guards",
            number("/proc/sys/vm/max_map_count").map(|most| most.saturating_sub(mappings) / 4),
        ),
    ];
    rooms.into_iter().filter_map(|(name, room)| Some((name.to_owned(), room?))).collect()
}

/// How much of addresses a thread of std has for its stack.
#[cfg(target_os = "linux")]
const STACK: u64 = 2 << 20;

/// Elsewhere nobody says.
#[cfg(not(target_os = "linux"))]
pub(super) fn rooms() -> Vec<(String, u64)> {
    Vec::new()
}
