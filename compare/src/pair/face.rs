//! The face of a pair: all that can be asked of it, and no type of its pattern.

use std::fmt::{self, Debug};
use std::pin::Pin;
use std::sync::Arc;

use asynchronous::{Perform as _, join};
use serde_json::{Map, Value};
use shared::{Blocking, Outcome, Stage, Suspending, Workload};
use tokio::task;

use super::idioms::{Given, Idioms};
use super::plan::{self, PlanError};
use super::{Problem, Yielded, visible};

/// A run with threads, to be called on a thread of its own.
pub type Threads = Box<dyn FnOnce() -> Finish + Send>;

/// A run with tasks, to be awaited on a runtime: its main line is a task like the others, on a worker like theirs.
pub type Tasks = Pin<Box<dyn Future<Output = Finish> + Send>>;

/// Makes plain data of what a run has yielded. It takes its time, so it is for when nothing is measured any more.
pub type Finish = Box<dyn FnOnce() -> Yielded + Send>;

/// The two solutions of one pattern, and the plan that both are given.
pub struct Pair(Box<dyn Face>);

/// What only a pair that knows its types can do.
trait Face: Send + Sync {
    fn problem(&self) -> &dyn Problem;
    fn with_plan(&self, plan: &Value) -> Result<Box<dyn Face>, serde_json::Error>;
    fn has_idiom(&self) -> bool;
    fn threads(&self, stage: Stage, idiom: bool) -> Threads;
    fn tasks(&self, stage: Stage, idiom: bool) -> Tasks;
}

struct Solutions<W: Workload, T, A> {
    plan: W,
    threaded: Arc<T>,
    asynchronous: Arc<A>,
    /// None where the solutions are the idioms.
    idioms: Option<Idioms<W>>,
}

impl Pair {
    /// The pair of these two, with the notebook's plan.
    pub fn of<W, T, A>(threaded: T, asynchronous: A) -> Self
    where
        W: Workload,
        T: Blocking<W>,
        A: Suspending<W>,
    {
        Self::with(threaded, asynchronous, None)
    }

    /// The same with what one would write in Rust, where that is something else.
    pub(super) fn with<W, T, A>(threaded: T, asynchronous: A, idioms: Option<Idioms<W>>) -> Self
    where
        W: Workload,
        T: Blocking<W>,
        A: Suspending<W>,
    {
        let (threaded, asynchronous) = (Arc::new(threaded), Arc::new(asynchronous));
        Self(Box::new(Solutions { plan: W::default(), threaded, asynchronous, idioms }))
    }

    /// What both sides are to solve.
    pub fn problem(&self) -> &dyn Problem {
        self.0.problem()
    }

    /// Sets a field of the plan.
    ///
    /// # Errors
    /// If there is no such field, or it can't hold this value.
    pub fn set(&mut self, key: &str, value: &str) -> Result<(), PlanError> {
        let plan = plan::set(self.problem(), key, value)?;
        *self = self.with_plan(&plan)?;
        Ok(())
    }

    /// The same pair with the plan that was written as this value.
    ///
    /// # Errors
    /// If it is none of this pattern, or beyond its limits: a plan from a file must not ask for more than one from the
    /// command line.
    pub fn with_plan(&self, plan: &Value) -> Result<Self, PlanError> {
        let pattern = self.problem().card().slug;
        // Serde calls a missing field by its name, a wrong one by its type.
        let foreign =
            |error: serde_json::Error| PlanError::Foreign { pattern, why: visible(&error.to_string()) };
        let pair = Self(self.0.with_plan(plan).map_err(foreign)?);
        plan::check(pair.problem(), plan)?;
        Ok(pair)
    }

    /// The same pair with these fields of the plan instead of its own.
    ///
    /// # Errors
    /// If the pattern has no such plan, or it is beyond its limits.
    pub fn with_fields(&self, fields: &Map<String, Value>) -> Result<Self, PlanError> {
        let mut plan = self.problem().plan();
        plan.extend(fields.clone());
        self.with_plan(&Value::Object(plan))
    }

    /// Whether it has an idiom that is something else than the solution, and yields the same.
    pub fn has_idiom(&self) -> bool {
        self.0.has_idiom()
    }

    /// A run with threads on this stage: of the solution, or of its idiom.
    pub fn threads(&self, stage: Stage, idiom: bool) -> Threads {
        self.0.threads(stage, idiom)
    }

    /// A run with tasks on this stage: of the solution, or of its idiom.
    pub fn tasks(&self, stage: Stage, idiom: bool) -> Tasks {
        self.0.tasks(stage, idiom)
    }
}

impl<W: Workload, T: Blocking<W>, A: Suspending<W>> Face for Solutions<W, T, A> {
    fn problem(&self) -> &dyn Problem {
        &self.plan
    }

    fn with_plan(&self, plan: &Value) -> Result<Box<dyn Face>, serde_json::Error> {
        let (threaded, asynchronous) = (Arc::clone(&self.threaded), Arc::clone(&self.asynchronous));
        let idioms = self.idioms.clone();
        Ok(Box::new(Self { plan: W::deserialize(plan)?, threaded, asynchronous, idioms }))
    }

    fn has_idiom(&self) -> bool {
        self.idioms.is_some()
    }

    fn threads(&self, stage: Stage, idiom: bool) -> Threads {
        let plan = self.plan.clone();
        if let Some(Idioms { threads, .. }) = self.idioms.as_ref().filter(|_| idiom) {
            let threads = Arc::clone(threads);
            return Box::new(move || {
                let main = threaded::Perform::perform(stage, move |stage| threads(&Given::of(&stage, &plan)));
                finish(main())
            });
        }
        let solution = Arc::clone(&self.threaded);
        Box::new(move || {
            let main = threaded::Perform::perform(stage, move |stage| solution.run(stage, plan));
            finish(main())
        })
    }

    fn tasks(&self, stage: Stage, idiom: bool) -> Tasks {
        let plan = self.plan.clone();
        if let Some(Idioms { tasks, .. }) = self.idioms.as_ref().filter(|_| idiom) {
            let tasks = Arc::clone(tasks);
            return Box::pin(async move {
                let main = stage.perform(async move |stage| tasks(Given::of(&stage, &plan)).await);
                finish(join(task::spawn(main)).await)
            });
        }
        let solution = Arc::clone(&self.asynchronous);
        Box::pin(async move {
            let main = stage.perform(async move |stage| solution.run(stage, plan).await);
            finish(join(task::spawn(main)).await)
        })
    }
}

fn finish(outcome: impl Outcome) -> Finish {
    Box::new(move || Yielded::of(&outcome))
}

impl Debug for Pair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Pair").field(&self.problem().card().slug).finish()
    }
}
