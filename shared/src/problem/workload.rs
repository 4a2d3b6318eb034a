//! A workload: what a pattern is given, what its actors may say, what it must yield, and which laws hold of it.

use std::fmt::Debug;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{
    Await, Breach, Card, Difference, Fixture, Kind, Law, Limit, Overlap, Role, Shape, Stage, Step, Trace,
};

/// The problem of one pattern: the same value for both sides.
///
/// The type that implements it is the pattern's plan (sizes and durations); its `Default` is the notebook's.
pub trait Workload: Clone + Debug + Default + Serialize + DeserializeOwned + Send + Sync + 'static {
    /// The pattern's entry in the catalogue.
    const CARD: Card;

    /// What each number in the plan may be set to. A duration may be up to an hour, a text up to a hundred characters.
    const LIMITS: &'static [Limit];

    /// What a run finds made.
    const FIXTURE: Option<Fixture> = None;

    /// What is timed beside threads and tasks, where the sides can't have the same, in words for the report.
    const COMPARES: Option<&'static str> = None;

    /// What its actors say.
    type Step: Step;

    /// What a run yields.
    type Outcome: Outcome;

    /// Who acts: how many, in which language.
    fn roles(&self) -> Vec<Role>;

    /// What holds across actors.
    fn laws(&self) -> Vec<Law>;

    /// What must be possible at once. Three runs are made for each, in which actors wait for each other there.
    fn overlaps(&self) -> Vec<Overlap> {
        Vec::new()
    }

    /// Where a task awaits what takes its time, instead of doing it on its worker; and where a thread only computes.
    fn awaits(&self) -> Vec<Await> {
        Vec::new()
    }

    /// The roles whose waits are cut short because what they wait for comes: with this plan, and in every run.
    fn cut_short(&self) -> Vec<&'static str> {
        Vec::new()
    }

    /// Whether a run may yield this outcome, whatever its actors said.
    ///
    /// # Errors
    /// What is wrong with it.
    fn judge(&self, outcome: &Self::Outcome) -> Result<(), Breach>;

    /// Whether a run with this trace may yield this outcome, one that [may be](Self::judge). The order among its actors
    /// is none of it: what depends on it is a law.
    ///
    /// # Errors
    /// What in the trace says otherwise.
    fn judge_against(&self, _outcome: &Self::Outcome, _trace: &Trace) -> Result<(), Breach> {
        Ok(())
    }

    /// The steps whose order shows how a run went. Over many runs the different orders are counted, so they are few in
    /// a run: of one that says more, the first dozen count.
    fn key_steps(&self) -> Vec<<Self::Step as Step>::Kind> {
        Vec::new()
    }

    /// Where the two sides differ by nature.
    fn differences(&self) -> Vec<Difference> {
        Vec::new()
    }

    /// The times that the cell prints, in the order in which it prints them. They are read from the trace.
    fn stopwatches(&self) -> Vec<Stopwatch> {
        Vec::new()
    }
}

/// What [is timed beside](Workload::COMPARES) threads and tasks where tasks block.
pub const KEPT_THREADS: &str = "threads that a runtime keeps, with such as each run starts";

/// What a run yields, in two parts: one to be compared, one to be judged only.
///
/// It can be written to a file and read back, so that a run can be judged again later.
pub trait Outcome: Debug + Serialize + DeserializeOwned + Send + 'static {
    /// What is equal on both sides in every run, by field.
    fn fixed(&self) -> Value;

    /// What may vary lawfully, by field. Nothing, unless the pattern says otherwise.
    fn observed(&self) -> Value {
        Value::Object(serde_json::Map::new())
    }
}

/// A time that the notebook's cell prints: between the first step of one kind and the first of another.
#[derive(Debug, Clone, Copy)]
pub struct Stopwatch {
    /// The words with which it is printed.
    pub label: &'static str,
    /// The shape of the step where it starts.
    pub from: &'static Shape,
    /// The shape of the step where it stops.
    pub to: &'static Shape,
}

impl Stopwatch {
    /// The time from the first step of one kind to the first of another.
    pub fn new<K: Kind>(label: &'static str, from: K, to: K) -> Self {
        Self { label, from: from.shape(), to: to.shape() }
    }
}

/// A solution with threads. Every `fn(Stage, W) -> W::Outcome` is one.
pub trait Blocking<W: Workload>: Send + Sync + 'static {
    /// Runs the pattern once.
    fn run(&self, stage: Stage, plan: W) -> W::Outcome;
}

impl<W, F> Blocking<W> for F
where
    W: Workload,
    F: Fn(Stage, W) -> W::Outcome + Send + Sync + 'static,
{
    fn run(&self, stage: Stage, plan: W) -> W::Outcome {
        self(stage, plan)
    }
}

/// A solution with tasks. Every `async fn(Stage, W) -> W::Outcome` is one, if its future is `Send`.
pub trait Suspending<W: Workload>: Send + Sync + 'static {
    /// Runs the pattern once.
    fn run(&self, stage: Stage, plan: W) -> impl Future<Output = W::Outcome> + Send + 'static;
}

impl<W, F, R> Suspending<W> for F
where
    W: Workload,
    F: Fn(Stage, W) -> R + Send + Sync + 'static,
    R: Future<Output = W::Outcome> + Send + 'static,
{
    fn run(&self, stage: Stage, plan: W) -> impl Future<Output = W::Outcome> + Send + 'static {
        self(stage, plan)
    }
}
