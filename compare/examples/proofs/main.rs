//! What a verdict on timing is worth, proven on the program itself: `cargo run --release -p compare --example proofs --
//! twins` compares arms with themselves, of which one in a hundred may be told different; `reports` makes bare reports,
//! whose verdicts have to be the same; `slowdown` plants a slowdown of a few per cent, which has to be found; `explained`
//! shows how much of each difference is explained. Each takes some minutes, and the machine for itself.
//!
//! It is also the program whose children run the planted pair: called for anything else, it is `compare`.

use std::env;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Parser;

use crate::slowdown::{PLANTED, pairs};

mod explained;
mod report;
mod reports;
mod slowdown;
mod twins;

/// Proves on the program itself what a verdict on timing is worth
#[derive(Debug, Parser)]
enum Proof {
    /// Compare arms with themselves, half of them while all cores are busy
    Twins {
        /// How many reports of all pairs
        #[arg(long, default_value_t = 10)]
        reports: u32,
    },
    /// Compare bare reports with each other, half of them while one core is busy
    Reports {
        /// How many
        #[arg(long, default_value_t = 20)]
        reports: u32,
    },
    /// Plant a slowdown, and none, by turns
    Slowdown {
        /// How often each
        #[arg(long, default_value_t = 40)]
        trials: u32,
        /// By how many hundredths
        #[arg(long, default_value_t = 2)]
        percent: u32,
    },
    /// Show how much of each pair's difference is explained
    Explained,
}

fn main() -> ExitCode {
    let proofs = ["twins", "reports", "slowdown", "explained", "--help"];
    let is_proof = env::args().nth(1).is_none_or(|first| proofs.contains(&first.as_str()));
    if env::var_os(PLANTED).is_some() || !is_proof {
        return compare::commands::main(pairs).into();
    }
    let proven = match Proof::parse() {
        Proof::Twins { reports } => twins::prove(reports),
        Proof::Reports { reports } => reports::prove(reports),
        Proof::Slowdown { trials, percent } => slowdown::prove(trials, percent),
        Proof::Explained => explained::prove(),
    };
    match proven.context("the proof could not be made") {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("proofs: {error:#}");
            ExitCode::from(2)
        }
    }
}
