//! The arguments of the commands, and which of them don't go together.

use std::collections::BTreeSet;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use anstream::{AutoStream, ColorChoice};
use anyhow::{Context as _, bail};
use clap::{Args, ValueEnum};
use shared::{Pace, Side};

use super::output::{Colour, Output};
use super::values::{
    Name, actor, arm, assignment, carrier, lanes, log_filter, min_effect, number, seconds, time, width,
};
use crate::campaign::{Lanes, budget};
use crate::lab::{Arm, Log, ROUNDS, Settings, When, comparisons};
use crate::pair::Pair;
use crate::render::View;
use crate::report::{Effort, Sort};
use crate::timing::MOST;

/// The arguments of `compare run`.
#[derive(Debug, Args)]
pub(super) struct RunArgs {
    /// Patterns and sections to run; all, if none is named
    #[arg(value_name = "PATTERN|SECTION", value_parser = Name::OrSection, hide_possible_values = true)]
    pub(super) names: Vec<String>,
    /// So many processes time each pair [default: as many as it takes]
    #[arg(long, value_name = "N", env = "COMPARE_RUNS", hide_env = true, allow_hyphen_values = true)]
    #[arg(value_parser = number::<1, { MOST as u64 }>)]
    runs: Option<u64>,
    /// The least difference that matters, as a share
    #[arg(
        long,
        value_name = "SHARE",
        default_value = "0.05",
        env = "COMPARE_MIN_EFFECT",
        hide_env = true,
        allow_hyphen_values = true
    )]
    #[arg(hide_short_help = true)]
    #[arg(value_parser = min_effect)]
    min_effect: f64,
    /// Decide within so long [default: 29, and less for few pairs]
    ///
    /// After that no more processes are started, and what is open stays so. All pairs are judged all the same, which takes a
    /// quarter of a minute, and each is timed once. With --runs it doesn't count.
    #[arg(long, value_name = "SECONDS", env = "COMPARE_BUDGET", hide_env = true, allow_hyphen_values = true)]
    #[arg(value_parser = seconds)]
    budget: Option<Duration>,
    /// In which order pairs are told
    #[arg(hide_short_help = true)]
    #[arg(long, value_enum, value_name = "KEY", default_value_t = Sort::Notebook, env = "COMPARE_SORT", hide_env = true)]
    pub(super) sort: Sort,
    /// Tell of each pair why, in which interval, and what is documented
    #[arg(long, short = 'v')]
    pub(super) verbose: bool,
    #[command(flatten)]
    pub(super) lab: LabArgs,
    #[command(flatten)]
    pub(super) plan: PlanArgs,
    #[command(flatten)]
    pub(super) print: PrintArgs,
    #[command(flatten)]
    pub(super) progress: ProgressArgs,
}

/// The arguments of `compare list`.
#[derive(Debug, Args)]
pub(super) struct ListArgs {
    /// Patterns and sections to list; all, if none is named
    #[arg(value_name = "PATTERN|SECTION", value_parser = Name::OrSection, hide_possible_values = true)]
    pub(super) names: Vec<String>,
    #[command(flatten)]
    pub(super) print: PrintArgs,
}

/// The arguments of `compare diff`.
#[derive(Debug, Args)]
pub(super) struct DiffArgs {
    /// The pattern to run
    #[arg(value_name = "PATTERN", value_parser = Name::OfPattern, hide_possible_values = true)]
    pub(super) pattern: String,
    /// How many runs of each side
    #[arg(
        long,
        value_name = "N",
        default_value_t = 200,
        env = "COMPARE_RUNS",
        hide_env = true,
        allow_hyphen_values = true
    )]
    #[arg(value_parser = number::<1, 10_000>)]
    runs: u64,
    #[command(flatten)]
    pub(super) lab: LabArgs,
    #[command(flatten)]
    pub(super) plan: PlanArgs,
    /// Show one run of each side as a timeline
    ///
    /// The first that shows a difference, or else the last; or that of this number.
    #[arg(long, value_name = "RUN", num_args = 0..=1, require_equals = true, default_missing_value = "exemplar")]
    #[arg(value_parser = lanes)]
    pub(super) lanes: Option<Lanes>,
    /// Keep all traces in this new folder
    #[arg(long, value_name = "DIR")]
    pub(super) save_traces: Option<PathBuf>,
    /// Read the traces of this folder instead of running
    #[arg(long, value_name = "DIR", conflicts_with_all = ["save_traces", "set"])]
    pub(super) from: Option<PathBuf>,
    /// Compare the runs of --from with those of this folder
    ///
    /// Of one side: before and after an edit, with two seeds, on two runtimes.
    #[arg(long, value_name = "DIR", requires = "from")]
    pub(super) against: Option<PathBuf>,
    /// Of which side the runs are that --against compares
    #[arg(long, value_enum, default_value_t = OneSide::Tasks, requires = "against")]
    pub(super) side: OneSide,
    #[command(flatten)]
    pub(super) print: PrintArgs,
    #[command(flatten)]
    pub(super) progress: ProgressArgs,
}

/// What the pattern is given.
#[derive(Debug, Args)]
pub(super) struct PlanArgs {
    /// Set a field of the plan, such as workers=50 or hold=20ms
    ///
    /// It takes one pattern; `compare list PATTERN` shows what it has.
    #[arg(long = "set", value_name = "KEY=VALUE", value_parser = assignment)]
    pub(super) set: Vec<(String, String)>,
}

/// The arguments of `compare trace`.
#[derive(Debug, Args)]
pub(super) struct TraceArgs {
    /// The pattern to run
    #[arg(value_name = "PATTERN", value_parser = Name::OfPattern, hide_possible_values = true)]
    pub(super) pattern: String,
    #[command(flatten)]
    pub(super) lab: LabArgs,
    #[command(flatten)]
    pub(super) plan: PlanArgs,
    /// How to show the runs
    #[arg(long, value_enum, default_value_t = TraceFormat::Timeline)]
    pub(super) format: TraceFormat,
    /// Show one side alone
    #[arg(long, value_enum)]
    side: Option<OneSide>,
    /// Show these actors alone, such as worker or worker:2
    ///
    /// It may be given several times.
    #[arg(long = "actor", value_name = "ROLE[:N]", value_parser = actor)]
    actors: Vec<(String, Option<usize>)>,
    /// Show what is later than this, such as 250us
    ///
    /// All times are since the main line began.
    #[arg(long, value_name = "TIME", value_parser = time)]
    from: Option<Duration>,
    /// Show what is earlier than this
    #[arg(long, value_name = "TIME", value_parser = time)]
    to: Option<Duration>,
    /// So many columns there are [default: those of the terminal]
    #[arg(long, value_name = "COLUMNS", value_parser = width)]
    pub(super) width: Option<usize>,
    /// Draw with ASCII alone
    #[arg(long)]
    ascii: bool,
    #[command(flatten)]
    pub(super) output: OutputArgs,
}

/// The arguments of `compare idioms`.
#[derive(Debug, Args)]
pub(super) struct IdiomsArgs {
    /// Patterns and sections; all that have an idiom beside their cell, if none is named
    #[arg(value_name = "PATTERN|SECTION", value_parser = Name::OrSection, hide_possible_values = true)]
    pub(super) names: Vec<String>,
    /// So many processes time each [default: as many as it takes]
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    #[arg(value_parser = number::<1, { MOST as u64 }>)]
    runs: Option<u64>,
    /// Decide each side within so long [default: 29, and less for few patterns]
    #[arg(long, value_name = "SECONDS", allow_hyphen_values = true)]
    #[arg(value_parser = seconds)]
    budget: Option<Duration>,
    #[command(flatten)]
    pub(super) print: PrintArgs,
    #[command(flatten)]
    pub(super) progress: ProgressArgs,
}

/// The arguments of `compare show`.
#[derive(Debug, Args)]
pub(super) struct ShowArgs {
    /// The pattern to show
    #[arg(value_name = "PATTERN", value_parser = Name::OfPattern, hide_possible_values = true)]
    pub(super) pattern: String,
    /// Show what both sides have to solve, the file of the crate `shared`
    #[arg(long, conflicts_with = "trace")]
    pub(super) problem: bool,
    /// Show what one would write in Rust, and not the notebook's cell
    #[arg(long, conflicts_with_all = ["trace", "problem"])]
    pub(super) idiom: bool,
    /// Run each side once, and show beside each line how often it said something, and when first
    #[arg(long)]
    pub(super) trace: bool,
    /// So many columns there are [default: those of the terminal]
    ///
    /// From 130 on, both sides stand beside each other.
    #[arg(long, value_name = "COLUMNS", value_parser = width)]
    pub(super) width: Option<usize>,
    #[command(flatten)]
    pub(super) lab: LabArgs,
    #[command(flatten)]
    pub(super) plan: PlanArgs,
    #[command(flatten)]
    pub(super) output: OutputArgs,
}

/// How runs are made.
#[derive(Debug, Args)]
pub(super) struct LabArgs {
    /// So many seconds a notebook second lasts; 0 is without any wait
    #[arg(
        long,
        value_name = "X",
        default_value = "0.05",
        env = "COMPARE_PACE",
        hide_env = true,
        allow_hyphen_values = true
    )]
    pace: Pace,
    /// What random numbers are drawn from
    #[arg(
        long,
        value_name = "N",
        default_value_t = 0,
        env = "COMPARE_SEED",
        hide_env = true,
        allow_hyphen_values = true
    )]
    #[arg(hide_short_help = true)]
    #[arg(value_parser = number::<0, { u64::MAX }>)]
    seed: u64,
    /// What is compared: threads, tasks, tasks:current, tasks:N
    ///
    /// Tasks run on as many workers as there are cores, all on one thread, or on N workers. The first is compared with each of
    /// the others; the same twice is compared with itself. In `run` also threads:idiom and tasks:idiom, what one would write
    /// in Rust: of these, outcomes alone are compared, and times.
    #[arg(
        long,
        value_name = "A,B[,C]",
        value_delimiter = ',',
        value_parser = arm,
        default_value = "threads,tasks",
        env = "COMPARE_ARMS", hide_env = true
    )]
    arms: Vec<Arm>,
    /// How long a run may take
    #[arg(
        long,
        value_name = "SECONDS",
        default_value = "30",
        env = "COMPARE_TIMEOUT",
        hide_env = true,
        allow_hyphen_values = true
    )]
    #[arg(hide_short_help = true)]
    #[arg(value_parser = seconds)]
    timeout: Duration,
    /// Write what the actors record to stderr too, as tracing's own subscriber does, such as info
    /// or threaded=info
    #[arg(hide_short_help = true)]
    #[arg(long, value_name = "FILTER", env = "RUST_LOG", hide_env = true, value_parser = log_filter)]
    log: Option<String>,
    /// Run everything in this process, for a debugger or a profiler
    ///
    /// What it measures then counts as if it were of many.
    #[arg(hide_short_help = true)]
    #[arg(long)]
    pub(super) in_process: bool,
}

/// The arguments of `compare cost`.
#[derive(Debug, Args)]
pub(super) struct CostArgs {
    /// What is measured, beside the threads on which tasks may block: threads, tasks, tasks:current or tasks:N
    #[arg(
        long,
        value_name = "A[,B…]",
        value_delimiter = ',',
        value_parser = carrier,
        default_value = "threads,tasks,tasks:current"
    )]
    pub(super) arms: Vec<Arm>,
    #[command(flatten)]
    pub(super) print: PrintArgs,
}

/// How results are printed, and where they go.
#[derive(Debug, Args)]
pub(super) struct PrintArgs {
    /// How to print the results
    #[arg(long, value_enum, default_value_t = Format::Table, env = "COMPARE_FORMAT", hide_env = true)]
    pub(super) format: Format,
    #[command(flatten)]
    pub(super) output: OutputArgs,
}

/// What is shown while the work goes on.
#[derive(Debug, Args)]
pub(super) struct ProgressArgs {
    /// When to show on stderr how far the work is
    #[arg(hide_short_help = true)]
    #[arg(long = "progress", value_enum, value_name = "WHEN", default_value_t = When::Auto, env = "COMPARE_PROGRESS", hide_env = true)]
    pub(super) when: When,
}

/// Where the results go.
#[derive(Debug, Args)]
pub(super) struct OutputArgs {
    /// Write the results to this file, whole or not at all
    #[arg(short = 'o', long = "output", value_name = "FILE", env = "COMPARE_OUTPUT", hide_env = true)]
    file: Option<PathBuf>,
    /// When to use colour
    #[arg(hide_short_help = true)]
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = Colour::Auto, env = "COMPARE_COLOR", hide_env = true)]
    color: Colour,
}

/// How a report or a list is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For eyes.
    Table,
    /// One document.
    Json,
    /// A table for a page.
    Markdown,
}

/// How the runs of `compare trace` are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum TraceFormat {
    /// A lane for each actor, on one clock.
    Timeline,
    /// A line for each event.
    Text,
    /// An object for each event, one a line.
    Json,
    /// A file for Perfetto (and for the Performance panel of Chrome); Perfetto puts processes in its own order.
    Chrome,
}

/// One side of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum OneSide {
    /// With threads.
    Threads,
    /// With tasks.
    Tasks,
}

impl LabArgs {
    /// Which arms are compared: so many at most, each but the first once.
    pub(super) fn arms(&self, most: usize) -> anyhow::Result<&[Arm]> {
        let (arms, others) = (self.arms.as_slice(), self.arms.get(1..).unwrap_or_default());
        if !(2..=most).contains(&arms.len()) {
            bail!(
                "--arms takes two arms{}, not {}",
                if most > 2 { " or three" } else { " here" },
                arms.len()
            );
        }
        let mut known = BTreeSet::new();
        if let Some(again) = others.iter().find(|arm| !known.insert(*arm)) {
            bail!("--arms names {again} twice: only the first may come again");
        }
        Ok(arms)
    }

    /// Which two arms are compared, by what their actors say.
    pub(super) fn two_arms(&self) -> anyhow::Result<[Arm; 2]> {
        let arms = comparisons(self.arms(2)?)[0];
        match arms.iter().find(|arm| arm.is_idiom()) {
            Some(idiom) => bail!(
                "nobody says anything in {idiom}: only `compare run` takes it, and `show --idiom` shows it"
            ),
            None => Ok(arms),
        }
    }

    fn settings(&self, runs: u64) -> anyhow::Result<Settings> {
        Ok(Settings {
            pace: self.pace,
            runs: u32::try_from(runs).context("there are at most 10000 runs")?,
            seed: self.seed,
            log: self.log.clone().map(|filter| {
                let colour = AutoStream::choice(&io::stderr()) != ColorChoice::Never;
                Log { filter, colour }
            }),
            timeout: self.timeout,
        })
    }
}

impl RunArgs {
    /// How the runs are to be made.
    pub(super) fn settings(&self) -> anyhow::Result<Settings> {
        self.lab.settings(ROUNDS.0.into())
    }

    /// How much is done to decide who is faster, of so many pairs, each counted once for every two arms.
    pub(super) fn effort(&self, pairs: usize) -> Effort {
        effort(self.min_effect, self.runs, self.budget, pairs)
    }
}

/// How much is done to decide, of so many pairs, where this is asked for.
fn effort(min_effect: f64, runs: Option<u64>, seconds: Option<Duration>, pairs: usize) -> Effort {
    Effort {
        min_effect,
        processes: runs.map(|runs| u32::try_from(runs).expect("there are at most a thousand")),
        budget: seconds.unwrap_or_else(|| budget(pairs)),
    }
}

impl DiffArgs {
    /// How the runs are to be made.
    pub(super) fn settings(&self) -> anyhow::Result<Settings> {
        self.lab.settings(self.runs)
    }
}

impl IdiomsArgs {
    /// How the runs are to be made: without waits, which cost the same in a cell and in its idiom.
    pub(super) fn settings() -> Settings {
        let timeout = Duration::from_secs(30);
        Settings { pace: Pace::ZERO, runs: ROUNDS.0, seed: 0, log: None, timeout }
    }

    /// How much is done to decide, of so many pairs.
    pub(super) fn effort(&self, pairs: usize) -> Effort {
        effort(0.05, self.runs, self.budget, pairs)
    }
}

impl ShowArgs {
    /// How the run of each side is to be made.
    pub(super) fn settings(&self) -> anyhow::Result<Settings> {
        self.lab.settings(1)
    }
}

impl PlanArgs {
    /// Sets the fields of the pair's plan.
    pub(super) fn apply(&self, pair: &mut Pair) -> anyhow::Result<()> {
        for (key, value) in &self.set {
            pair.set(key, value)?;
        }
        Ok(())
    }
}

impl OutputArgs {
    /// Where the results go.
    pub(super) fn open(&self) -> anyhow::Result<Output> {
        Output::new(self.file.as_deref(), self.color)
    }
}

impl OneSide {
    /// Whether this arm is of it.
    pub(super) fn has(self, arm: Arm) -> bool {
        arm.side()
            == match self {
                Self::Threads => Side::Threaded,
                Self::Tasks => Side::Asynchronous,
            }
    }
}

impl TraceArgs {
    /// Which arms are run.
    pub(super) fn arms(&self) -> anyhow::Result<Vec<Arm>> {
        let is_shown = |arm: &Arm| self.side.is_none_or(|side| side.has(*arm));
        let arms: Vec<Arm> = self.lab.two_arms()?.into_iter().filter(is_shown).collect();
        if arms.is_empty() {
            bail!("--side leaves none of the arms that --arms names");
        }
        Ok(arms)
    }

    /// What of the runs is shown.
    pub(super) fn view(&self) -> anyhow::Result<View> {
        let &Self { ascii, from, to, .. } = self;
        if to.is_some_and(|to| to <= from.unwrap_or_default()) {
            bail!("--to is not later than --from: there is nothing between");
        }
        let is_partial = !self.actors.is_empty() || from.is_some() || to.is_some();
        if is_partial && matches!(self.format, TraceFormat::Json | TraceFormat::Chrome) {
            bail!("--actor, --from and --to are for timeline and text: the other formats have all of a run");
        }
        Ok(View { ascii, actors: self.actors.clone(), from, to })
    }

    /// How the run of each side is to be made.
    pub(super) fn settings(&self) -> anyhow::Result<Settings> {
        self.lab.settings(1)
    }

    /// The pace of both runs.
    pub(super) fn pace(&self) -> Pace {
        self.lab.pace
    }
}
