//! The command line.

use std::env;
use std::fmt::Display;
use std::io;

use anyhow::Context as _;
use clap::error::ErrorKind;
use clap::error::{ContextKind, ContextValue};
use clap::{CommandFactory as _, Parser, Subcommand};
use clap_complete::Shell;

use super::args::{CostArgs, DiffArgs, IdiomsArgs, ListArgs, RunArgs, ShowArgs, TraceArgs};
use super::complaint::complain;
use super::names::COMMANDS;
use super::output::{Colour, Output};
use super::{cost, diff, idioms, list, run, show, trace};
use crate::campaign::{self, SERVE_PAIR};
use crate::cost::{SERVE_COST, serve_cost};
use crate::lab::{self, SERVE_ORIGIN};
use crate::pair::{Pairs, meant};
use crate::report::Exit;

const MORE: &str = "`compare --help` tells more: all flags, examples, exit status.";

const EXAMPLES: &str = "\
Examples:
  compare                          all pairs, as a table
  compare creating io-bound        a section and a pattern
  compare --pace 0 --runs 20       without any wait, twenty processes a pair
  compare run --format json -o report.json
  compare diff semaphore --lanes   how both sides behave, and one run of each
  compare diff semaphore --set workers=50
  compare trace daemon             what each thread and task did, and when
  compare show daemon              both sources, beside each other
  compare cost                     what a thread and a task cost on this machine

Exit status:
  0    all pairs agree, or differ exactly as documented
  1    some pair differs, failed or is incomplete
  2    the call was wrong, or the program could not do its work
  3    a run passed its deadline
  130  interrupted (129 after a hang-up, 143 after SIGTERM); what was measured
       until then is printed

Flags come after the command, and beat their twins in the environment, such as
COMPARE_RUNS: of --runs, --min-effect, --budget, --sort, --pace, --seed, --arms,
--timeout, --output, --color and --progress, and of --format (not in trace).
That of --log is RUST_LOG.";

/// Threads or tasks? Runs every pattern with both, compares how they behave and, if they behave alike, how long they
/// take.
#[derive(Debug, Parser)]
#[command(name = "compare", version, after_help = MORE, after_long_help = EXAMPLES, args_conflicts_with_subcommands = true)]
#[command(disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    run: RunArgs,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run pairs and print a table (the default)
    #[command(after_help = MORE, after_long_help = EXAMPLES)]
    Run(RunArgs),
    /// List the patterns, how their sides differ, and what a plan has
    List(ListArgs),
    /// Show the sources of one pattern, both sides beside each other
    Show(ShowArgs),
    /// Run both sides of one pattern many times: how do they differ?
    #[command(after_long_help = DIFF)]
    Diff(DiffArgs),
    /// Run both sides of one pattern once: who did what, and when?
    Trace(TraceArgs),
    /// Measure what a thread and a task cost here
    ///
    /// To start, wake and pause one, the memory of one that waits, and how many there can be. For a moment it has as many
    /// threads as the system lets it have.
    Cost(CostArgs),
    /// Compare what one would write in Rust with the notebook's cells
    ///
    /// Lines of code, time without waits, memory. As JSON it is an object: `reports` has one of each side, as `run` has them,
    /// and `memory` the bytes of each pattern and arm.
    Idioms(IdiomsArgs),
    /// Print what a shell needs to complete arguments
    Completions {
        /// Which shell
        shell: Shell,
    },
}

const DIFF: &str = "\
Levels: outcome, scripts and laws decide; relations, interleavings and habits inform.
Most rounds go without waits and with noise, which holds actors up here and
there. Every fourth goes without noise, and the first at --pace, with its waits;
beyond a hundred rounds, one of 25 has long waits.

Examples:
  compare diff semaphore
  compare diff barrier --runs 1000 --save-traces barrier-traces
  compare diff barrier --from barrier-traces --lanes=17";

/// The same without the flags of the default command, whose environment is none of the others' business.
#[derive(Debug, Parser)]
#[command(name = "compare", version)]
struct Named {
    #[command(subcommand)]
    command: Command,
}

/// Reads the command line, does what it says, and answers how it went.
///
/// It compares these pairs; another program may have others.
pub fn main(pairs: Pairs) -> Exit {
    lab::outlive_full_files();
    let first = env::args_os().nth(1).unwrap_or_default();
    if first == SERVE_ORIGIN {
        let Err(error) = lab::serve();
        complain(&format!("the origin ends: {error}"));
        return Exit::Error;
    }
    if first == SERVE_PAIR {
        return served(campaign::serve_pair(pairs));
    }
    if first == SERVE_COST {
        let asked = env::args().nth(2).unwrap_or_default();
        return served(serve_cost(&asked));
    }
    match parse() {
        Ok(command) => perform(command, pairs).unwrap_or_else(|error| {
            complain(&format!("{error:#}"));
            Exit::Error
        }),
        Err(answer) => refuse(&answer),
    }
}

/// How a child ends that was asked for something.
fn served(done: Result<(), impl Display>) -> Exit {
    match done {
        Ok(()) => Exit::Agree,
        Err(error) => {
            complain(&error.to_string());
            Exit::Error
        }
    }
}

fn parse() -> Result<Command, clap::Error> {
    if env::args_os().nth(1).is_some_and(|first| COMMANDS.iter().any(|command| first == *command)) {
        return Named::try_parse().map(|named| named.command);
    }
    Cli::try_parse().map(|cli| cli.command.unwrap_or(Command::Run(cli.run)))
}

fn perform(command: Command, pairs: Pairs) -> anyhow::Result<Exit> {
    match command {
        Command::Run(args) => run::run(&args, pairs),
        Command::List(args) => list::list(&args),
        Command::Diff(args) => diff::diff(&args, pairs),
        Command::Trace(args) => trace::trace(&args, pairs),
        Command::Cost(args) => cost::cost(&args),
        Command::Show(args) => show::show(&args, pairs),
        Command::Idioms(args) => idioms::idioms(&args, pairs),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "compare", &mut script);
            let script = String::from_utf8(script).context("the script is no text")?;
            Output::new(None, Colour::Never)?.write(&script)?;
            Ok(Exit::Agree)
        }
    }
}

/// What the parser says instead of a call: the help, the version, or what is wrong, of which the first line is enough.
fn refuse(answer: &clap::Error) -> Exit {
    if matches!(answer.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        return match answer.print() {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                complain(&format!("cannot write to stdout: {error}"));
                Exit::Error
            }
            // Who closes the pipe on the help has read enough of it.
            _ => Exit::Agree,
        };
    }
    let text = answer.render().to_string();
    let paragraph: Vec<&str> = text.lines().take_while(|line| !line.is_empty()).map(str::trim).collect();
    let meant = meant(suggested(answer).as_deref());
    complain(&format!("{}{meant}; see `compare --help`", paragraph.join(" ").trim_start_matches("error: ")));
    Exit::Error
}

/// What was nearly written, as far as the parser knows.
fn suggested(answer: &clap::Error) -> Option<String> {
    use ContextKind::{SuggestedArg, SuggestedSubcommand, SuggestedValue};
    let kinds = [SuggestedArg, SuggestedSubcommand, SuggestedValue];
    kinds.into_iter().find_map(|kind| match answer.get(kind)? {
        ContextValue::String(near) => Some(near.clone()),
        ContextValue::Strings(near) => near.first().cloned(),
        _ => None,
    })
}
