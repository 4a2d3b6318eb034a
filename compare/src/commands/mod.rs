//! The commands: what the program is called for, one file each, and how a call is read and answered.
//!
//! This is the top floor: it may know every other, and no other knows it. Only the program itself calls it.

mod args;
mod cli;
mod complaint;
mod cost;
mod diff;
mod idioms;
mod list;
mod look;
mod names;
mod output;
mod place;
mod run;
mod show;
mod trace;
mod values;

pub use cli::main;
