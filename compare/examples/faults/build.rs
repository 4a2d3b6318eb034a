//! Building the copy.

use std::env;
use std::path::PathBuf;
use std::process::Command;

use anyhow::Context as _;

use crate::copy::WorkspaceCopy;

/// Builds `compare` as it is in the copy now.
///
/// # Errors
/// If cargo can't be started. The inner one is what the compiler said, if it refused.
pub(crate) fn build(copy: &WorkspaceCopy) -> anyhow::Result<Result<PathBuf, String>> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args([
            "build",
            "--package",
            "compare",
            "--bin",
            "compare",
            "--locked",
            "--color",
            "never",
            "--target-dir",
        ])
        .arg(copy.target())
        .current_dir(copy.root())
        .output()
        .context("cannot start cargo")?;
    if output.status.success() {
        let program = format!("compare{}", env::consts::EXE_SUFFIX);
        return Ok(Ok(copy.target().join("debug").join(program)));
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let error = said.lines().find(|line| line.starts_with("error")).unwrap_or("cargo failed");
    Ok(Err(error.into()))
}
