//! The commands: what the program is called for, one file each, and how a call is read and answered.
//!
//! This is the top floor: nothing imports from it but the program itself.

mod args;
mod cli;
mod complaint;
mod diff;
mod list;
mod names;
mod output;
mod run;
mod trace;

pub use cli::main;
