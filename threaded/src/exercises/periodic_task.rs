//! The same again at intervals, in a thread.

use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use shared::exercises::periodic_task::{LAST_WAIT, LIVES, Outcome, Plan, Step, next_tick};
use shared::{Actor, Stage};

use crate::primitives::event::Event;
use crate::{Perform as _, join};

/// Starts a task, lets it tick, and stops it; and once more.
pub fn run(stage: Stage, plan: Plan) -> Outcome {
    let main = stage.main();
    let mut task = PeriodicTask::new(plan);
    let mut ticks = Vec::new();
    for life in 1..=LIVES {
        if task.start(&stage, life) {
            main.says(Step::Started { life });
        }
        if !task.start(&stage, life) {
            main.says(Step::StartIgnored);
        }
        task.all_done.wait();
        main.says(Step::Stopping { life });
        task.stop();
        ticks.extend(task.join());
        main.says(Step::Stopped { life });
    }
    Outcome { ticks }
}

/// A function that is called at intervals: here, to tick.
struct PeriodicTask {
    plan: Plan,
    /// Set to stop it.
    stop: Arc<Event>,
    /// Set when it has ticked as often as planned.
    all_done: Arc<Event>,
    handle: Option<JoinHandle<usize>>,
}

impl PeriodicTask {
    fn new(plan: Plan) -> Self {
        Self { plan, stop: Arc::default(), all_done: Arc::default(), handle: None }
    }

    /// Starts the task, unless it is alive; says whether it did.
    fn start(&mut self, stage: &Stage, life: usize) -> bool {
        if self.handle.is_some() {
            return false;
        }
        self.stop.clear();
        self.all_done.clear();
        let plan = self.plan.clone();
        let (stop, all_done) = (Arc::clone(&self.stop), Arc::clone(&self.all_done));
        let tick = move |ticker: Actor| tick(&ticker, &plan, &stop, &all_done);
        self.handle = Some(thread::spawn(stage.actor("ticker", life).perform(tick)));
        true
    }

    /// Asks the task to stop, and waits for nothing.
    fn stop(&self) {
        self.stop.set();
    }

    /// Waits for the end of a task that was started, and says how often it ticked.
    fn join(&mut self) -> Option<usize> {
        let handle = self.handle.take()?;
        Some(join(handle))
    }
}

/// Ticks until it is stopped, each time at its start plus a whole number of intervals.
fn tick(ticker: &Actor, plan: &Plan, stop: &Event, all_done: &Event) -> usize {
    let start = Instant::now();
    let (mut number, mut ticks) = (0, 0);
    loop {
        ticker.says(Step::Tick { number });
        ticks += 1;
        let wait = if ticks == plan.ticks {
            all_done.set();
            LAST_WAIT
        } else if let Some(interval) = ticker.pauses(plan.interval) {
            let (next, left) = next_tick(start.elapsed(), interval);
            number = next;
            left
        } else {
            number += 1;
            Duration::ZERO
        };
        if stop.wait_timeout(wait) {
            ticker.says(Step::Stops);
            return ticks;
        }
    }
}
