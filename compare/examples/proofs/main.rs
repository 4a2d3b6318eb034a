//! What a verdict on timing is worth, proven on the program itself: `cargo run --release -p compare --example proofs --
//! twins` compares arms with themselves, of which one in a hundred may be told different; `reports` makes bare reports,
//! whose verdicts have to be the same; `slowdown` plants a slowdown of a few per cent and `yields` a tenth, which have to be
//! found; `explained` shows how much of each difference is explained. Each takes some minutes, and the machine for itself.
//! Built with `--features rivals`, `slowdown` tells as well what criterion and tango-bench say of the same.
//!
//! It is also the program whose children run the planted pairs: called for anything else, it is `compare`.

use std::env;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Parser;

use crate::planted::{PLANTED, pairs};

mod explained;
mod planted;
mod report;
mod reports;
#[cfg(feature = "rivals")]
mod rivals;
mod slowdown;
mod trials;
mod turn;
mod twins;
mod yields;

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
    /// Plant slowdowns of a loop by a few hundredths, and none
    Slowdown {
        /// How often each
        #[arg(long, default_value_t = 40)]
        trials: u32,
    },
    /// Let five patterns give way more often, so that they take a tenth longer
    Yields {
        /// How often each
        #[arg(long, default_value_t = 40)]
        trials: u32,
    },
    /// Show how much of each pair's difference is explained
    Explained,
}

fn main() -> ExitCode {
    #[cfg(feature = "rivals")]
    if let Some(code) = rivals::serve() {
        return code;
    }
    let proofs = ["twins", "reports", "slowdown", "yields", "explained", "--help"];
    let is_proof = env::args().nth(1).is_none_or(|first| proofs.contains(&first.as_str()));
    if env::var_os(PLANTED).is_some() || !is_proof {
        return compare::commands::main(pairs).into();
    }
    let proven = match Proof::parse() {
        Proof::Twins { reports } => twins::prove(reports),
        Proof::Reports { reports } => reports::prove(reports),
        Proof::Slowdown { trials } => slowdown::prove(trials),
        Proof::Yields { trials } => yields::prove(trials),
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
