//! Where a measurement was made.

use std::env::consts;
use std::fs;
use std::thread;

use serde::{Deserialize, Serialize};

/// The machine and the build.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Environment {
    /// The operating system and the architecture.
    pub os: String,
    /// The processor's name; none where the system doesn't say.
    pub cpu: Option<String>,
    /// How many cores this process may use.
    pub cores: usize,
    /// The compiler.
    pub rustc: String,
    /// The profile that it was built with.
    pub profile: String,
    /// The version of this program.
    pub version: String,
}

impl Environment {
    /// This machine and this build.
    pub fn here() -> Self {
        Self {
            os: format!("{} {}", consts::OS, consts::ARCH),
            cpu: cpu(),
            cores: cores(),
            rustc: env!("COMPARE_RUSTC").into(),
            profile: env!("COMPARE_PROFILE").into(),
            version: env!("CARGO_PKG_VERSION").into(),
        }
    }
}

/// How many cores this process may use.
pub fn cores() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// As Linux reports it.
fn cpu() -> Option<String> {
    let info = fs::read_to_string("/proc/cpuinfo").ok()?;
    let line = info.lines().find(|line| line.starts_with("model name"))?;
    line.split_once(':').map(|(_, name)| name.trim().into())
}
