//! The subcommands, one file each.

pub(crate) mod diff;
pub(crate) mod list;
pub(crate) mod run;
pub(crate) mod trace;
