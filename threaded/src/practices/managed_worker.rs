//! A thread that stops when asked.

use std::sync::Arc;
use std::thread::{self, JoinHandle};

use shared::practices::managed_worker::{LAST_WAIT, LIVES, Outcome, Plan, Step};
use shared::{Actor, Stage};

use crate::primitives::event::Event;
use crate::{Perform as _, join};

/// Starts and stops a worker, in the right order and in the wrong one.
pub fn run(stage: Stage, plan: Plan) -> Outcome {
    let main = stage.main();
    let mut worker = ManagedWorker::new(plan);
    if worker.stop().is_none() {
        main.says(Step::StopIgnored);
    }
    let mut rounds = Vec::new();
    for life in 1..=LIVES {
        if worker.start(&stage, life) {
            main.says(Step::Started { life });
        }
        if !worker.start(&stage, life) {
            main.says(Step::StartIgnored);
        }
        worker.all_done.wait();
        main.says(Step::Stopping { life });
        rounds.extend(worker.stop());
        main.says(Step::Stopped { life });
    }
    Outcome { rounds }
}

/// A worker that its owner starts and stops.
struct ManagedWorker {
    plan: Plan,
    /// Set to stop it.
    stop: Arc<Event>,
    /// Set when it has worked its rounds and only waits.
    all_done: Arc<Event>,
    handle: Option<JoinHandle<usize>>,
}

impl ManagedWorker {
    fn new(plan: Plan) -> Self {
        Self { plan, stop: Arc::default(), all_done: Arc::default(), handle: None }
    }

    /// Starts the worker, unless it works already; says whether it did.
    fn start(&mut self, stage: &Stage, life: usize) -> bool {
        if self.handle.is_some() {
            return false;
        }
        self.stop.clear();
        self.all_done.clear();
        let plan = self.plan.clone();
        let (stop, all_done) = (Arc::clone(&self.stop), Arc::clone(&self.all_done));
        let work = move |worker: Actor| work(&worker, &plan, &stop, &all_done);
        self.handle = Some(thread::spawn(stage.actor("worker", life).perform(work)));
        true
    }

    /// Stops the worker and waits for its end; says how many rounds it worked, if it did.
    fn stop(&mut self) -> Option<usize> {
        let handle = self.handle.take()?;
        self.stop.set();
        Some(join(handle))
    }
}

/// Works until it is stopped: the event is waited for instead of sleeping, so that a wait ends at once.
fn work(worker: &Actor, plan: &Plan, stop: &Event, all_done: &Event) -> usize {
    let mut rounds = 0;
    loop {
        worker.says(Step::Working);
        rounds += 1;
        let wait = if rounds < plan.rounds {
            worker.pauses(plan.interval).unwrap_or_default()
        } else {
            all_done.set();
            LAST_WAIT
        };
        if stop.wait_timeout(wait) {
            worker.says(Step::StoppedCleanly);
            return rounds;
        }
    }
}
