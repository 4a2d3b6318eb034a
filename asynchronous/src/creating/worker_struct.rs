//! A type that owns its task.

pub mod idiom;

use shared::creating::worker_struct::{NAME, Outcome, Plan, Step};
use shared::{Actor, Stage};
use tokio::task::{self, JoinHandle};

use crate::{Perform as _, join, pause};

/// Makes the worker, starts it, joins it, and looks for its result before and after.
pub async fn run(stage: Stage, plan: Plan) -> Outcome {
    let main = stage.main();
    let mut worker = Worker::new(plan);
    let before = worker.result();
    main.says(Step::Before { has_result: before.is_some() });

    worker.start(stage.actor(NAME, 1));
    worker.join().await;
    let after = worker.result();
    main.says(Step::After { result: after.expect("a joined worker has its result") });
    Outcome { before, after }
}

/// A worker that sums the numbers below its count.
struct Worker {
    plan: Plan,
    handle: Option<JoinHandle<usize>>,
    result: Option<usize>,
}

impl Worker {
    fn new(plan: Plan) -> Self {
        Self { plan, handle: None, result: None }
    }

    /// Starts the task, which owns its part of the plan: it can't borrow from `self`, because it may outlive it.
    fn start(&mut self, actor: Actor) {
        let plan = self.plan.clone();
        self.handle = Some(task::spawn(actor.perform(async move |actor| sum(&actor, &plan).await)));
    }

    /// Waits for the task and keeps its result; without a task there is nothing to wait for.
    async fn join(&mut self) {
        if let Some(handle) = self.handle.take() {
            self.result = Some(join(handle).await);
        }
    }

    /// The result, once the task was joined.
    fn result(&self) -> Option<usize> {
        self.result
    }
}

async fn sum(actor: &Actor, plan: &Plan) -> usize {
    let mut total = 0;
    for number in 0..plan.count {
        total += number;
        actor.says(Step::Added { total });
        pause(actor, plan.interval).await;
    }
    total
}
