//! The machine's own settings are none of the tests' business.

use std::env;
use std::process::Command;

/// A command that knows no setting of this program.
pub(crate) fn unset(command: &mut Command) {
    for (name, _) in env::vars().filter(|(name, _)| name.starts_with("COMPARE_")) {
        command.env_remove(name);
    }
}
