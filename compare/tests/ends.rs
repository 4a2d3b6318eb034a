//! A catalogue of ends: whatever a pattern does to its process, the other pairs are compared, it is named with the cause,
//! and nothing is left.
//!
//! This test has no harness of its own, because it is also the program that it tests: called with an end, it is `compare`
//! with a pair in which a side ends so. `cargo test --test ends overflow` tries the ends of that name.

use std::process::ExitCode;

#[cfg(target_os = "linux")]
mod catalogue;
#[cfg(target_os = "linux")]
#[path = "program/unset.rs"]
mod unset;

#[cfg(target_os = "linux")]
fn main() -> ExitCode {
    catalogue::main()
}

/// Its ends are those of Linux, and so is what is looked for in the end.
#[cfg(not(target_os = "linux"))]
fn main() -> ExitCode {
    ExitCode::SUCCESS
}
