//! The program, as tests call it.

use std::process::{Command, Output, Stdio};

use serde_json::Value;

mod unset;

use unset::unset;

/// The program with these arguments.
pub(crate) fn compare(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_compare"));
    command.args(args).stdin(Stdio::null());
    unset(&mut command);
    command
}

/// What the program does with these arguments.
pub(crate) fn run(args: &[&str]) -> Output {
    compare(args).output().expect("the program starts")
}

/// What the program wrote.
pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("text")
}

/// The document that a call without complaint wrote.
pub(crate) fn json(output: &Output) -> Value {
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("one document")
}

/// One clear line, nothing on stdout, the right status.
pub(crate) fn assert_refused(output: &Output, status: i32, due: &str) {
    let complaint = text(&output.stderr);
    assert_eq!(output.status.code(), Some(status), "{complaint}");
    assert_eq!(text(&output.stdout), "");
    assert_eq!(complaint.lines().count(), 1, "{complaint}");
    assert!(complaint.starts_with("compare: ") && complaint.contains(due), "{complaint}");
}
