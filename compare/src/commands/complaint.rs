//! Complaints: one clear line on stderr.

use std::io::{self, Write as _};

use crate::pair::visible;

/// One line on stderr.
pub(super) fn complain(what: &str) {
    // Where stderr is closed, the exit status has to do.
    let _ = writeln!(io::stderr(), "compare: {}", visible(what));
}
