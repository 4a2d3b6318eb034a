//! The command line.

use std::env;
use std::io::{self, Write as _};
use std::num::NonZero;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, bail};
use clap::error::ErrorKind;
use clap::{Args, Parser, Subcommand, ValueEnum};
use shared::{Pace, Pattern, Section};

use crate::commands;
use crate::diff::Lanes;
use crate::environment::cores;
use crate::exit::Exit;
use crate::lab::{Flavour, Settings};
use crate::origin;
use crate::output::{Colour, Output};
use crate::pair::Pair;
use crate::progress::When;
use crate::text::visible;

const EXAMPLES: &str = "\
Examples:
  compare                          all pairs, as a table
  compare creating io-bound        a section and a pattern
  compare --pace 0 --runs 20       without any wait, twenty rounds
  compare run --format json -o report.json
  compare diff semaphore --lanes   how both sides behave over many runs, and one run of each
  compare diff semaphore --set workers=50
  compare trace daemon             what each thread and task did

Exit status:
  0    all pairs agree, or differ exactly as documented
  1    some pair differs, failed or is incomplete
  2    the call was wrong, or the program could not do its work
  3    a run passed its deadline
  130  interrupted; what was measured until then is printed

Flags come after the command. Most have an environment twin, such as COMPARE_PACE; the flag beats it.";

/// Threads or tasks? Runs every pattern with both, compares how they behave and, if they behave alike, how long they
/// take.
#[derive(Debug, Parser)]
#[command(name = "compare", version, after_help = EXAMPLES, args_conflicts_with_subcommands = true)]
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
    #[command(after_help = EXAMPLES)]
    Run(RunArgs),
    /// List the patterns: their cells, their idioms, their files, and how the sides differ
    List(ListArgs),
    /// Run both sides of one pattern many times, and show how their behaviour differs
    #[command(after_help = DIFF)]
    Diff(DiffArgs),
    /// Run both sides of one pattern once, and show what each actor did
    Trace(TraceArgs),
}

const DIFF: &str = "\
Levels: outcome, scripts and laws decide; relations, interleavings and habits inform.
Most rounds go without waits and with noise, which holds actors up here and there; every fourth without noise, and the
first at --pace, with its waits.

Examples:
  compare diff semaphore
  compare diff barrier --runs 1000 --save-traces barrier-traces
  compare diff barrier --from barrier-traces --lanes=17";

/// The names of the commands.
const COMMANDS: [&str; 4] = ["run", "list", "diff", "trace"];

/// The same without the flags of the default command, whose environment is none of the others' business.
#[derive(Debug, Parser)]
#[command(name = "compare", version)]
struct Named {
    #[command(subcommand)]
    command: Command,
}

/// What `compare run` is told.
#[derive(Debug, Args)]
pub(crate) struct RunArgs {
    /// Patterns and sections to run; all, if none is named
    #[arg(value_name = "PATTERN|SECTION")]
    pub(crate) names: Vec<String>,
    /// How many runs of each side in each regime
    #[arg(long, value_name = "N", default_value_t = 5, env = "COMPARE_RUNS", allow_hyphen_values = true)]
    #[arg(value_parser = number::<1, 10_000>)]
    runs: u64,
    #[command(flatten)]
    lab: LabArgs,
    #[command(flatten)]
    pub(crate) plan: PlanArgs,
    #[command(flatten)]
    pub(crate) print: PrintArgs,
    #[command(flatten)]
    pub(crate) progress: ProgressArgs,
}

/// What `compare list` is told.
#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// Patterns and sections to list; all, if none is named
    #[arg(value_name = "PATTERN|SECTION")]
    pub(crate) names: Vec<String>,
    #[command(flatten)]
    pub(crate) print: PrintArgs,
}

/// What `compare diff` is told.
#[derive(Debug, Args)]
pub(crate) struct DiffArgs {
    /// The pattern to run
    #[arg(value_name = "PATTERN")]
    pub(crate) pattern: String,
    /// How many runs of each side
    #[arg(long, value_name = "N", default_value_t = 200, env = "COMPARE_RUNS", allow_hyphen_values = true)]
    #[arg(value_parser = number::<1, 10_000>)]
    runs: u64,
    #[command(flatten)]
    lab: LabArgs,
    #[command(flatten)]
    pub(crate) plan: PlanArgs,
    /// Show one run of each side as lanes: the first that shows a difference, or else the last; or that of this number
    #[arg(long, value_name = "RUN", num_args = 0..=1, require_equals = true, default_missing_value = "telling")]
    #[arg(value_parser = lanes)]
    pub(crate) lanes: Option<Lanes>,
    /// Keep all traces in this new folder
    #[arg(long, value_name = "DIR")]
    pub(crate) save_traces: Option<PathBuf>,
    /// Read the traces of this folder instead of running; how to run doesn't matter then
    #[arg(long, value_name = "DIR", conflicts_with_all = ["save_traces", "set"])]
    pub(crate) from: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) print: PrintArgs,
    #[command(flatten)]
    pub(crate) progress: ProgressArgs,
}

/// What the pattern is given.
#[derive(Debug, Args)]
pub(crate) struct PlanArgs {
    /// Set a field of the plan, such as workers=50 or hold=20ms; for one pattern
    #[arg(long = "set", value_name = "KEY=VALUE", value_parser = assignment)]
    pub(crate) set: Vec<(String, String)>,
}

/// What `compare trace` is told.
#[derive(Debug, Args)]
pub(crate) struct TraceArgs {
    /// The pattern to run
    #[arg(value_name = "PATTERN")]
    pub(crate) pattern: String,
    #[command(flatten)]
    lab: LabArgs,
    #[command(flatten)]
    pub(crate) plan: PlanArgs,
    /// How to show the runs
    #[arg(long, value_enum, default_value_t = TraceFormat::Text)]
    pub(crate) format: TraceFormat,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

/// How runs are made.
#[derive(Debug, Args)]
pub(crate) struct LabArgs {
    /// How many seconds a notebook second lasts: 1 as in the notebook, 0 without any wait
    #[arg(long, value_name = "X", default_value = "0.05", env = "COMPARE_PACE", allow_hyphen_values = true)]
    pace: Pace,
    /// What random numbers are drawn from
    #[arg(long, value_name = "N", default_value_t = 0, env = "COMPARE_SEED", allow_hyphen_values = true)]
    #[arg(value_parser = number::<0, { u64::MAX }>)]
    seed: u64,
    /// The tokio runtime: several workers, or one thread for all tasks
    #[arg(long, value_enum, default_value_t = Flavour::Multi, env = "COMPARE_RUNTIME")]
    runtime: Flavour,
    /// How many workers the runtime has [default: as many as there are cores]
    #[arg(long, value_name = "N", env = "COMPARE_WORKERS", allow_hyphen_values = true)]
    #[arg(value_parser = number::<1, 1024>)]
    workers: Option<u64>,
    /// How long a run may take
    #[arg(
        long,
        value_name = "SECONDS",
        default_value = "30",
        env = "COMPARE_TIMEOUT",
        allow_hyphen_values = true
    )]
    #[arg(value_parser = timeout)]
    timeout: Duration,
}

/// How results are printed, and where they go.
#[derive(Debug, Args)]
pub(crate) struct PrintArgs {
    /// How to print the results
    #[arg(long, value_enum, default_value_t = Format::Table, env = "COMPARE_FORMAT")]
    pub(crate) format: Format,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

/// What is shown while the work goes on.
#[derive(Debug, Args)]
pub(crate) struct ProgressArgs {
    /// When to show on stderr how far the work is
    #[arg(long = "progress", value_enum, value_name = "WHEN", default_value_t = When::Auto, env = "COMPARE_PROGRESS")]
    pub(crate) when: When,
}

/// Where the results go.
#[derive(Debug, Args)]
pub(crate) struct OutputArgs {
    /// Write the results to this file, whole or not at all
    #[arg(short = 'o', long = "output", value_name = "FILE", env = "COMPARE_OUTPUT")]
    file: Option<PathBuf>,
    /// When to use colour
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = Colour::Auto, env = "COMPARE_COLOR")]
    color: Colour,
}

/// How a report or a list is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For eyes.
    Table,
    /// One document.
    Json,
    /// A table for a page.
    Markdown,
}

/// How the runs of `compare trace` are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TraceFormat {
    /// A line for each event, as an ordinary subscriber of `tracing` writes it.
    Text,
    /// An object for each event, one a line.
    Json,
}

impl LabArgs {
    fn settings(&self, runs: u64) -> anyhow::Result<Settings> {
        let workers = match (self.runtime, self.workers) {
            (Flavour::Current, None | Some(1)) => 1,
            (Flavour::Current, Some(workers)) => {
                bail!(
                    "a current-thread runtime has one worker, not {workers}: leave --workers out, or use --runtime multi"
                )
            }
            (Flavour::Multi, None) => cores(),
            (Flavour::Multi, Some(workers)) => {
                usize::try_from(workers).context("there are at most 1024 workers")?
            }
        };
        Ok(Settings {
            pace: self.pace,
            runs: u32::try_from(runs).context("there are at most 10000 runs")?,
            seed: self.seed,
            runtime: self.runtime,
            workers: NonZero::new(workers).unwrap_or(NonZero::<usize>::MIN),
            timeout: self.timeout,
        })
    }
}

impl RunArgs {
    /// How the runs are to be made.
    pub(crate) fn settings(&self) -> anyhow::Result<Settings> {
        self.lab.settings(self.runs)
    }

    /// The patterns to run.
    pub(crate) fn patterns(&self) -> anyhow::Result<Vec<Pattern>> {
        select(&self.names)
    }
}

impl DiffArgs {
    /// How the runs are to be made.
    pub(crate) fn settings(&self) -> anyhow::Result<Settings> {
        self.lab.settings(self.runs)
    }
}

impl PlanArgs {
    /// Sets the fields of the pair's plan.
    pub(crate) fn apply(&self, pair: &mut Pair) -> anyhow::Result<()> {
        for (key, value) in &self.set {
            pair.set(key, value)?;
        }
        Ok(())
    }
}

impl OutputArgs {
    /// Where the results go.
    pub(crate) fn open(&self) -> anyhow::Result<Output> {
        Output::new(self.file.as_deref(), self.color)
    }
}

impl TraceArgs {
    /// How the run of each side is to be made.
    pub(crate) fn settings(&self) -> anyhow::Result<Settings> {
        self.lab.settings(1)
    }

    /// The pace of both runs.
    pub(crate) fn pace(&self) -> Pace {
        self.lab.pace
    }
}

impl ListArgs {
    /// The patterns to list.
    pub(crate) fn patterns(&self) -> anyhow::Result<Vec<Pattern>> {
        select(&self.names)
    }
}

/// The patterns of these names, and those of the sections of these names, in the notebook's order; without names all.
fn select(names: &[String]) -> anyhow::Result<Vec<Pattern>> {
    if names.is_empty() {
        return Ok(Pattern::all().collect());
    }
    let mut selected = Vec::new();
    for name in names {
        match Section::ALL.into_iter().find(|section| section.slug() == name) {
            Some(section) => selected.extend(section.patterns()),
            None => selected.push(pattern(name)?),
        }
    }
    selected.sort_unstable();
    selected.dedup();
    Ok(selected)
}

/// The pattern of this name.
pub(crate) fn pattern(name: &str) -> anyhow::Result<Pattern> {
    match Pattern::named(name) {
        Some(pattern) => Ok(pattern),
        None if Section::ALL.iter().any(|section| section.slug() == name) => {
            bail!("{name:?} is a section: name one of its patterns, see `compare list {name}`")
        }
        None if COMMANDS.contains(&name) => bail!("the command comes before its flags: compare {name} …"),
        None => {
            bail!("there is no pattern, section or command {name:?}: see `compare list` and `compare --help`")
        }
    }
}

/// Reads the command line, does what it says, and answers how it went.
pub fn main() -> Exit {
    if env::args_os().nth(1).is_some_and(|first| first == origin::COMMAND) {
        let Err(error) = origin::serve();
        complain(&format!("the origin ends: {error}"));
        return Exit::Error;
    }
    match parse() {
        Ok(command) => perform(command).unwrap_or_else(|error| {
            complain(&format!("{error:#}"));
            Exit::Error
        }),
        Err(answer) => refuse(&answer),
    }
}

fn parse() -> Result<Command, clap::Error> {
    if env::args_os().nth(1).is_some_and(|first| COMMANDS.iter().any(|command| first == *command)) {
        return Named::try_parse().map(|named| named.command);
    }
    Cli::try_parse().map(|cli| cli.command.unwrap_or(Command::Run(cli.run)))
}

fn perform(command: Command) -> anyhow::Result<Exit> {
    match command {
        Command::Run(args) => commands::run::run(&args),
        Command::List(args) => commands::list::list(&args),
        Command::Diff(args) => commands::diff::diff(&args),
        Command::Trace(args) => commands::trace::trace(&args),
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
    complain(&format!("{}; see `compare --help`", paragraph.join(" ").trim_start_matches("error: ")));
    Exit::Error
}

/// One line on stderr.
pub(crate) fn complain(what: &str) {
    // Where stderr is closed, the exit status has to do.
    let _ = writeln!(io::stderr(), "compare: {}", visible(what));
}

fn number<const LEAST: u64, const MOST: u64>(text: &str) -> Result<u64, String> {
    let number = text.parse().ok().filter(|number| (LEAST..=MOST).contains(number));
    number.ok_or_else(|| format!("it takes a whole number from {LEAST} to {MOST}"))
}

fn lanes(text: &str) -> Result<Lanes, String> {
    if text == "telling" {
        return Ok(Lanes::Telling);
    }
    let number = text.parse().ok().filter(|number| *number > 0);
    number.map(Lanes::Run).ok_or_else(|| "it takes the number of a run, from 1 on".into())
}

fn assignment(text: &str) -> Result<(String, String), String> {
    let parts = text.split_once('=').filter(|(key, _)| !key.is_empty());
    let (key, value) = parts.ok_or("it takes a field of the plan and its value, such as workers=50")?;
    Ok((key.into(), value.into()))
}

fn timeout(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().ok().filter(|seconds| (0.001..=86_400.0).contains(seconds));
    seconds
        .map(Duration::from_secs_f64)
        .ok_or_else(|| "a timeout is a number of seconds from 0.001 to 86400".into())
}
