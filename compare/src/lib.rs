//! Runs both sides of every pattern and compares how they behave and how long they take.
//!
//! [`pairs`] names the two solutions of each pattern; a [`pair`] compares them. A [`lab`] runs one of them once, while
//! [`capture`] turns what its actors say into a trace. [`behaviour`] holds the traces of both sides to the workload;
//! where they agree, [`timing`] measures them. A [`campaign`] does so for all pairs; its [`report`] is shown as a
//! [`table`] or as JSON. The [`cli`] ties it together.

pub mod archive;
pub mod behaviour;
pub mod campaign;
pub mod capture;
pub mod cli;
pub mod diff;
pub mod fixtures;
pub mod lab;
pub mod origin;
pub mod output;
pub mod pair;
pub mod pairs;
pub mod plan;
pub mod progress;
pub mod report;
pub mod rounds;
pub mod shown;
mod summary;
pub mod table;
pub mod timing;

mod bar;
mod commands;
mod diff_text;
mod environment;
mod exit;
mod findings;
mod lanes;
mod markdown;
mod ring;
mod text;
mod usage;

pub use exit::Exit;
