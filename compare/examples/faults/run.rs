//! Running `compare` as it was built, for its JSON.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use serde_json::Value;

/// How long a run of the pattern may take: a fault may make it hang, and the default is half a minute.
const TIMEOUT: &str = "5";

/// How long the whole program may take. It ends by itself, even if a run hangs; unless a fault keeps it from that.
const PATIENCE: Duration = Duration::from_mins(5);

/// What `compare` with these arguments prints; none if it crashed, or had to be killed.
///
/// Its defaults decide all but the timeout, whatever the environment says: this shows what a bare run is worth.
pub(crate) fn run(program: &Path, args: &[&str], folder: &Path) -> anyhow::Result<Option<Value>> {
    let file = folder.join("compare.json");
    let _ = fs::remove_file(&file);
    let mut command = Command::new(program);
    command.args(args).args(["--timeout", TIMEOUT, "--format", "json", "--progress", "never", "--output"]);
    for twin in ["RUNS", "PACE", "SEED", "RUNTIME", "WORKERS", "MIN_EFFECT", "BUDGET"] {
        command.env_remove(format!("COMPARE_{twin}"));
    }
    let silent = || Stdio::null();
    let mut child =
        command.arg(&file).stdin(silent()).stdout(silent()).stderr(silent()).spawn().with_context(|| {
            format!("cannot start {}", program.file_name().unwrap_or(OsStr::new("compare")).display())
        })?;
    let start = Instant::now();
    while child.try_wait().context("cannot wait for compare")?.is_none() {
        if start.elapsed() > PATIENCE {
            child.kill().context("cannot end compare")?;
            child.wait().context("cannot wait for compare")?;
            return Ok(None);
        }
        thread::sleep(Duration::from_millis(20));
    }
    let Ok(text) = fs::read_to_string(&file) else { return Ok(None) };
    serde_json::from_str(&text).map(Some).context("what compare wrote is no JSON")
}
