//! The laboratory: runs one side of a pattern once, watches it, and hands out its outcome and its trace.

use std::fmt::{self, Display};
use std::io;
use std::num::NonZero;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use asynchronous::{Perform as _, join};
use clap::ValueEnum;
use serde::{Deserialize, Serialize};
use shared::trace::What;
use shared::{Blocking, End, Pace, Program, Setting, Side, Stage, Suspending, Trace, Workload};
use tokio::runtime::{Builder, Runtime};
use tokio::{task, time};

use crate::capture;
use crate::fixtures::Workshop;
use crate::progress::Progress;
use crate::rounds::Round;
use crate::timing::median_time;
use crate::usage::Usage;

/// How the runs are to be made.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Settings {
    /// How many seconds a notebook second lasts.
    pub pace: Pace,
    /// How many runs of each side in each regime.
    pub runs: u32,
    /// What random numbers are drawn from.
    pub seed: u64,
    /// Which runtime the tasks have.
    pub runtime: Flavour,
    /// How many workers that runtime has.
    pub workers: NonZero<usize>,
    /// How long a run may take.
    #[serde(skip)]
    pub timeout: Duration,
}

/// The kind of tokio runtime.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Flavour {
    /// Several workers that share the tasks.
    Multi,
    /// One thread that runs all tasks.
    Current,
}

/// Of how many actors the last step is told where a run passes its deadline.
const MOST_TOLD: usize = 12;

/// One finished run.
#[derive(Debug)]
pub struct Completed<W: Workload> {
    /// What it yielded.
    pub outcome: W::Outcome,
    /// What its actors did.
    pub trace: Trace<W::Step>,
    /// What it used of the machine.
    pub usage: Usage,
}

/// A run that failed, with what its actors did until then.
#[derive(Debug)]
pub struct Broken<W: Workload> {
    /// Why it failed.
    pub failure: Failure,
    /// What its actors did; none where that can't be told.
    pub trace: Option<Trace<W::Step>>,
}

impl<W: Workload> From<Failure> for Broken<W> {
    fn from(failure: Failure) -> Self {
        Self { failure, trace: None }
    }
}

/// Why a run has no outcome, or none that can be trusted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// The run panicked.
    #[error("{who} panicked: {message}")]
    Panicked {
        /// Whose panic it was first.
        who: String,
        /// What it said, and where.
        message: String,
    },
    /// The run passed its deadline.
    #[error("no end after {limit:?}; {}", .last.join("; "))]
    Deadline {
        /// How long it had.
        limit: Duration,
        /// Each actor's last step.
        last: Vec<String>,
    },
    /// Something is missing in the trace, or doesn't belong into it.
    #[error("{}", .0.join("; "))]
    Incomplete(Vec<String>),
    /// The system has no thread for the run.
    #[error("no thread could be started: {0}")]
    NoRoom(String),
    /// What the run was to find made could not be made, or was gone when it was over.
    #[error("{0}")]
    Fixture(String),
    /// Ctrl-C.
    #[error("interrupted")]
    Interrupted,
}

/// What the one who waits for a run is told.
#[derive(Debug, Clone, Copy)]
pub enum News {
    /// The run of this number is over.
    Over(u64),
    /// The user wants no more.
    Interrupted,
}

/// Where runs are made, one after the other.
#[derive(Debug)]
pub struct Lab {
    /// How they are made.
    pub settings: Settings,
    workers: Arc<Workers>,
    workshop: Workshop,
    news: Receiver<News>,
    teller: Sender<News>,
    stuck: Option<String>,
    timer_error: Option<Duration>,
    progress: Progress,
}

impl Lab {
    /// A laboratory with a runtime for all its runs.
    ///
    /// # Errors
    /// If the system has no room for the runtime's threads.
    pub fn new(settings: Settings, progress: Progress) -> io::Result<Self> {
        capture::install();
        let (teller, news) = mpsc::channel();
        let workers = Arc::new(Workers::new(&settings)?);
        let workshop = Workshop::default();
        Ok(Self { settings, workers, workshop, news, teller, stuck: None, timer_error: None, progress })
    }

    /// The same laboratory, where fixtures are made in this workshop.
    #[must_use]
    pub fn with_workshop(self, workshop: Workshop) -> Self {
        Self { workshop, ..self }
    }

    /// Where to tell that the user wants no more.
    pub fn teller(&self) -> Sender<News> {
        self.teller.clone()
    }

    /// From now on, Ctrl-C or a signal to terminate ends the work in order; once for a process.
    ///
    /// # Errors
    /// If the system doesn't let us listen, or somebody does already.
    pub fn listen_for_ctrl_c(&self) -> Result<(), ctrlc::Error> {
        let teller = self.teller();
        ctrlc::set_handler(move || {
            // Where the lab is gone, nobody listens, and there is nothing to interrupt.
            let _ = teller.send(News::Interrupted);
        })
    }

    /// What shows how far the work is.
    pub fn progress(&self) -> &Progress {
        &self.progress
    }

    /// Which run passed its deadline, if one did. Its threads can't be stopped and may still use the machine, so
    /// that nothing is timed from then on.
    pub fn stuck(&self) -> Option<&str> {
        self.stuck.as_deref()
    }

    /// How much longer a task's pause takes than a thread's: tokio's timer counts whole milliseconds and rounds up.
    pub fn timer_error(&mut self) -> Duration {
        *self.timer_error.get_or_insert_with(|| measure_timer_error(&self.workers))
    }

    /// The setting of a run that is timed: it has no recorded order, and no noise.
    pub fn timed<W: Workload>(&self, side: Side, pace: Pace) -> Setting {
        let seed = self.settings.seed;
        Setting { pace, seed, sequenced: false, ..Setting::new(W::CARD.slug, side) }
    }

    /// The setting of a run that behaviour is judged by.
    pub fn judged<W: Workload>(&self, side: Side, round: Round) -> Setting {
        Setting { sequenced: true, noise: round.noise(), ..self.timed::<W>(side, round.pace) }
    }

    /// Runs the solution with threads once.
    ///
    /// # Errors
    /// See [`Failure`].
    pub fn run_threads<W, F>(
        &mut self,
        solution: &Arc<F>,
        setting: Setting,
        plan: W,
    ) -> Result<Completed<W>, Broken<W>>
    where
        W: Workload,
        F: Blocking<W>,
    {
        let solution = Arc::clone(solution);
        self.run(setting, move |stage| {
            let body = threaded::Perform::perform(stage, move |stage| solution.run(stage, plan));
            body()
        })
    }

    /// Runs the solution with tasks once. Its main line is a task like the others, on a worker like theirs.
    ///
    /// # Errors
    /// See [`Failure`].
    pub fn run_tasks<W, F>(
        &mut self,
        solution: &Arc<F>,
        setting: Setting,
        plan: W,
    ) -> Result<Completed<W>, Broken<W>>
    where
        W: Workload,
        F: Suspending<W>,
    {
        let solution = Arc::clone(solution);
        let workers = Arc::clone(&self.workers);
        self.run(setting, move |stage| {
            let main = stage.perform(async move |stage| solution.run(stage, plan).await);
            workers.block_on(async { join(task::spawn(main)).await })
        })
    }

    fn run<W: Workload>(
        &mut self,
        mut setting: Setting,
        body: impl FnOnce(Stage) -> W::Outcome + Send + 'static,
    ) -> Result<Completed<W>, Broken<W>> {
        let fixtures = self.workshop.make(W::FIXTURE);
        setting.fixtures = fixtures.map_err(|error| Failure::Fixture(error.to_string()))?;
        let name = format!("{} on {}", setting.pattern, setting.side.actors());
        let stage = Stage::new(setting);
        let program = stage.program();
        let teller = Teller { run: program.number(), news: self.teller.clone() };
        let before = Usage::now();
        let handle = thread::Builder::new().spawn(move || {
            let _teller = teller;
            body(stage)
        });
        let handle = handle.map_err(|error| Failure::NoRoom(error.kind().to_string()))?;
        self.wait_for::<W>(&program).inspect_err(|broken| {
            if matches!(broken.failure, Failure::Deadline { .. }) {
                self.stuck = Some(name);
                // What hangs may hang on the runtime: later runs get another.
                if let Ok(workers) = Workers::new(&self.settings) {
                    self.workers = Arc::new(workers);
                }
            }
        })?;
        let result = handle.join();
        let usage = Usage::now().since(before);
        self.progress.tick();

        let trace = read::<W>(&program)?;
        if let Err(gone) = self.workshop.check(W::FIXTURE) {
            return Err(Broken { failure: Failure::Fixture(gone.to_string()), trace: Some(trace) });
        }
        match result {
            Ok(outcome) => match trace.gaps() {
                gaps if gaps.is_empty() => Ok(Completed { outcome, trace, usage }),
                gaps => Err(Broken { failure: Failure::Incomplete(gaps), trace: Some(trace) }),
            },
            Err(_) => Err(Broken { failure: first_panic(&trace), trace: Some(trace) }),
        }
    }

    /// Waits until a run is over. The watch is kept here, on a thread of our own: a runtime that hangs could not.
    fn wait_for<W: Workload>(&self, program: &Program) -> Result<(), Broken<W>> {
        let limit = self.settings.timeout;
        let deadline = Instant::now() + limit;
        loop {
            match self.news.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(News::Over(run)) if run == program.number() => return Ok(()),
                // A run that passed its deadline and is over after all.
                Ok(News::Over(_)) => {}
                Ok(News::Interrupted) => return Err(Failure::Interrupted.into()),
                Err(RecvTimeoutError::Timeout) => {
                    let trace = read::<W>(program).ok();
                    let last = trace.as_ref().map(last_steps).unwrap_or_default();
                    return Err(Broken { failure: Failure::Deadline { limit, last }, trace });
                }
                Err(RecvTimeoutError::Disconnected) => unreachable!("the lab has a sender of its own"),
            }
        }
    }
}

/// A runtime whose end waits for nobody: what hangs on it would keep the program from ending.
#[derive(Debug)]
struct Workers(Option<Runtime>);

impl Workers {
    fn new(settings: &Settings) -> io::Result<Self> {
        let mut builder = match settings.runtime {
            Flavour::Multi => Builder::new_multi_thread(),
            Flavour::Current => Builder::new_current_thread(),
        };
        builder
            .worker_threads(settings.workers.get())
            .enable_io()
            .enable_time()
            .build()
            .map(|runtime| Self(Some(runtime)))
    }

    fn block_on<F: Future>(&self, future: F) -> F::Output {
        self.0.as_ref().expect("only its end takes the runtime").block_on(future)
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

/// Tells that a run is over, however it ends.
struct Teller {
    run: u64,
    news: Sender<News>,
}

impl Drop for Teller {
    fn drop(&mut self) {
        // Nobody listens any more where the lab is gone.
        let _ = self.news.send(News::Over(self.run));
    }
}

/// The greatest of three medians: over pauses of less than a millisecond, of one, and of one and a half.
fn measure_timer_error(workers: &Workers) -> Duration {
    let took = |sleep: &dyn Fn()| {
        let start = Instant::now();
        sleep();
        start.elapsed()
    };
    let error = |pause| {
        let thread = took(&|| thread::sleep(pause));
        let task = took(&|| workers.block_on(async { join(task::spawn(time::sleep(pause))).await }));
        task.saturating_sub(thread)
    };
    let errors = [50, 1000, 1500].map(|micros| [(); 7].map(|()| error(Duration::from_micros(micros))));
    errors.iter().filter_map(|errors| median_time(errors)).max().unwrap_or_default()
}

fn read<W: Workload>(program: &Program) -> Result<Trace<W::Step>, Failure> {
    capture::assemble(program.cast(), capture::take(program.number()))
        .map_err(|wrong| Failure::Incomplete(vec![wrong]))
}

fn last_steps<W: shared::Step>(trace: &Trace<W>) -> Vec<String> {
    let lanes = trace.by_actor();
    let last = trace.cast.iter().zip(lanes).take(MOST_TOLD).map(|(member, lane)| match lane.last() {
        Some(&index) => format!("{member}: `{}` at {:.3?}", trace.events[index].what, trace.events[index].at),
        None => format!("{member}: not yet begun"),
    });
    let more = trace.cast.len().saturating_sub(MOST_TOLD);
    last.chain((more > 0).then(|| format!("and {more} more"))).collect()
}

/// The panic that came first: the main line may only have passed on that of an actor.
fn first_panic<S: shared::Step>(trace: &Trace<S>) -> Failure {
    let panic = trace.events.iter().find_map(|event| match &event.what {
        What::Ended(End::Panicked(message)) => Some((trace.cast[event.actor], message)),
        _ => None,
    });
    match panic {
        Some((member, message)) => Failure::Panicked { who: member.to_string(), message: message.clone() },
        None => Failure::Incomplete(vec!["the run ended without an outcome, and no actor panicked".into()]),
    }
}

impl Display for Flavour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Multi => "multi",
            Self::Current => "current",
        })
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZero;
    use std::time::Duration;

    use shared::locks::semaphore::Plan;
    use shared::{Pace, Side};

    use super::{Flavour, Lab, Settings};
    use crate::progress::Progress;
    use crate::rounds::Round;

    #[test]
    fn what_is_timed_has_neither_noise_nor_a_counter() {
        let (runtime, workers) = (Flavour::Multi, NonZero::<usize>::MIN);
        let timeout = Duration::from_secs(1);
        let settings = Settings { pace: Pace::ZERO, runs: 1, seed: 5, runtime, workers, timeout };
        let lab = Lab::new(settings, Progress::hidden()).expect("room for a runtime");
        for side in Side::BOTH {
            let timed = lab.timed::<Plan>(side, Pace::ZERO);
            assert_eq!((timed.noise, timed.sequenced, timed.seed), (None, false, 5));
            let round = Round { number: 2, pace: Pace::ZERO, noise: Some(7) };
            let judged = lab.judged::<Plan>(side, round);
            assert_eq!((judged.noise, judged.sequenced), (round.noise(), true));
        }
    }
}
