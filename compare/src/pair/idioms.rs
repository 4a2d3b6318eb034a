//! Idioms: what of a run a solution is given that has no stage.

use std::net::SocketAddr;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use shared::practices::many_producers_consumers;
use shared::signals::barrier;
use shared::{Fixtures, Member, Pace, Stage, Workload};

use super::plan::scaled;

/// What an idiom may be given.
#[derive(Debug)]
pub(super) struct Given<W> {
    /// The plan, with its times as long as they are to last.
    pub(super) plan: W,
    /// The plan, with its times as in the notebook.
    pub(super) notebook: W,
    fixtures: Fixtures,
    pace: Pace,
    seed: u64,
}

impl<W: Workload> Given<W> {
    /// What this stage has for this plan.
    pub(super) fn of(stage: &Stage, notebook: &W) -> Self {
        let plan = serde_json::to_value(notebook).expect("a plan is plain data");
        let plan = W::deserialize(scaled(plan, stage.pace())).expect("it is the same but for its times");
        let (fixtures, pace, seed) = (stage.fixtures().clone(), stage.pace(), stage.seed());
        Self { plan, notebook: notebook.clone(), fixtures, pace, seed }
    }

    /// Where the origin is.
    pub(super) fn origin(&self) -> SocketAddr {
        self.fixtures.origin.expect("it is this workload's fixture")
    }

    /// Where the database is.
    pub(super) fn database(&self) -> &Path {
        self.fixtures.database.as_deref().expect("it is this workload's fixture")
    }

    /// So much of the spread beyond the least as this actor draws with this key, scaled.
    fn drawn(&self, role: &'static str, number: usize, key: u64, [least, spread]: [Duration; 2]) -> Duration {
        let drawn = least + spread.mul_f64(Member { role, number }.draw(self.seed, key));
        self.pace.of(drawn).unwrap_or_default()
    }
}

impl Given<barrier::Plan> {
    /// How long each party works.
    pub(super) fn work(&self) -> Vec<Duration> {
        let worked = |number| self.drawn("worker", number, 0, [Duration::ZERO, self.notebook.longest]);
        (0..self.plan.parties).map(worked).collect()
    }
}

impl Given<many_producers_consumers::Plan> {
    /// How long each item of each producer takes to be made, and to be consumed.
    pub(super) fn work(&self) -> Vec<Vec<(Duration, Duration)>> {
        let plan = &self.notebook;
        let item = |producer, number| {
            let key = many_producers_consumers::Plan::key(number);
            let drawn = |key, times| self.drawn("producer", producer, key, times);
            let producing = drawn(key, [plan.producing, plan.producing_spread]);
            (producing, drawn(key | 1, [plan.consuming, plan.consuming_spread]))
        };
        let items = |producer| (0..plan.items).map(|number| item(producer, number)).collect();
        (0..plan.producers).map(items).collect()
    }
}

/// An idiom with threads.
pub(super) type Threads<W> = Arc<dyn Fn(&Given<W>) -> <W as Workload>::Outcome + Send + Sync>;

/// A future of such an outcome.
type Future<O> = Pin<Box<dyn std::future::Future<Output = O> + Send>>;

/// An idiom with tasks.
pub(super) type Tasks<W> = Arc<dyn Fn(Given<W>) -> Future<<W as Workload>::Outcome> + Send + Sync>;

/// Both idioms of a pattern.
pub(super) struct Idioms<W: Workload> {
    pub(super) threads: Threads<W>,
    pub(super) tasks: Tasks<W>,
}

impl<W: Workload> Clone for Idioms<W> {
    fn clone(&self) -> Self {
        Self { threads: Arc::clone(&self.threads), tasks: Arc::clone(&self.tasks) }
    }
}
