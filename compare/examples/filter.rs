//! What the actors of `semaphore` say, on both sides, through `tracing_subscriber` as everybody knows it:
//! `cargo run -p compare --example filter -- threaded::locks=info`.
//!
//! A filter selects a side (`asynchronous=info`), a section (`threaded::locks=info`) or a pattern
//! (`threaded::locks::semaphore=info`): it matches the begin of a target. With `,shared=info`, each line says whose it
//! is: the spans of the run and of the actor are the machinery's, and so are the begin, the pauses and the end of an
//! actor.

use std::env;
use std::io::{self, IsTerminal as _};
use std::process::ExitCode;

use anyhow::bail;
use shared::locks::semaphore::Plan;
use shared::{Pace, Setting, Side, Stage};
use tokio::runtime::Runtime;
use tracing_subscriber::{EnvFilter, fmt};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("filter: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> anyhow::Result<()> {
    let filter = env::args().nth(1).unwrap_or_else(|| "threaded=info,asynchronous=info".into());
    let Ok(filter) = EnvFilter::try_new(&filter) else {
        bail!("{filter:?} is no filter: name a target and a level, as in threaded::locks=info");
    };
    let colour = io::stdout().is_terminal() && env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    // Whoever closes the pipe has what it wanted: that is no error to be reported.
    fmt().with_env_filter(filter).with_ansi(colour).without_time().log_internal_errors(false).init();

    let plan = Plan { workers: 4, ..Plan::default() };
    let stage = |side| Stage::new(Setting { pace: Pace::ZERO, ..Setting::new("semaphore", side) });

    let main = threaded::Perform::perform(stage(Side::Threaded), |stage| {
        threaded::locks::semaphore::run(stage, plan.clone())
    });
    main();

    let main = asynchronous::Perform::perform(stage(Side::Asynchronous), |stage| {
        asynchronous::locks::semaphore::run(stage, plan.clone())
    });
    Runtime::new()?.block_on(main);
    Ok(())
}
