//! Complaints: one clear line on stderr.

use std::io::{self, Write as _};

use crate::lab::in_words;
use crate::pair::visible;

/// One line on stderr.
pub(super) fn complain(what: &str) {
    // Where stderr is closed, the exit status has to do.
    let _ = writeln!(io::stderr(), "compare: {}", visible(&in_words(what)));
}
