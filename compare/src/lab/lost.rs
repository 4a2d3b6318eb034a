//! A child that is lost: why there is no answer, in plain words.

use std::io;
use std::process::ExitStatus;

use super::{in_words, system_words};
use crate::pair::visible;

/// How much is quoted of what it wrote to its standard error, in characters.
const LONGEST: usize = 300;

/// Why a child did not answer that has [ended](super::Child::end) so, and wrote this to its standard error.
pub fn lost(ended: io::Result<Option<ExitStatus>>, stderr: &str) -> String {
    let how = match ended {
        Ok(Some(status)) => how(status),
        Ok(None) => return "its process closed its standard output".into(),
        Err(error) => return format!("its process is gone: {}", system_words(&error)),
    };
    // That it panics std says in a line of its own, and then where to look further, and how it ends.
    let is_told = |line: &&str| {
        let is_frame = ["note: ", "fatal runtime error: "].iter().any(|start| line.starts_with(start));
        !line.is_empty() && !is_frame && !line.contains(" panicked at ")
    };
    let told: Vec<&str> = stderr.lines().map(str::trim).filter(is_told).collect();
    let told = visible(&in_words(&told.join("; ")));
    // What comes last says why.
    let first = told.chars().count().saturating_sub(LONGEST);
    let (separator, cut) = (if told.is_empty() { "" } else { ": " }, if first > 0 { "…" } else { "" });
    format!("its process {how}{separator}{cut}{}", told.chars().skip(first).collect::<String>())
}

#[cfg(unix)]
fn how(status: ExitStatus) -> String {
    use std::os::unix::process::ExitStatusExt as _;

    use nix::sys::signal::Signal;

    match (status.signal().map(Signal::try_from), status.code()) {
        (Some(Ok(Signal::SIGABRT)), _) => "was aborted (SIGABRT)".into(),
        (Some(Ok(Signal::SIGKILL)), _) => {
            "was killed (SIGKILL), by somebody or because memory ran out".into()
        }
        (Some(Ok(Signal::SIGXCPU)), _) => "was killed by SIGXCPU: it may use no more of a processor".into(),
        (Some(Ok(signal)), _) => format!("was killed by {signal}"),
        (Some(Err(_)), _) => format!("was killed ({status})"),
        (None, Some(code)) => format!("ended without an answer, with exit status {code}"),
        (None, None) => format!("ended without an answer ({status})"),
    }
}

#[cfg(not(unix))]
fn how(status: ExitStatus) -> String {
    format!("ended without an answer ({status})")
}
