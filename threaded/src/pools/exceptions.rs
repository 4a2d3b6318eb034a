//! One job fails in a pool of threads, the others don't.

pub mod idiom;

use shared::pools::exceptions::{Outcome, Plan, Step};
use shared::{Actor, Stage};

use crate::pause;
use crate::primitives::handle::{JobError, as_completed};
use crate::primitives::pool::Pool;

/// Tries all items in a pool, and reports what came of each as soon as its job is done.
pub fn run(stage: Stage, plan: Plan) -> Outcome {
    let pool = Pool::of_actors((0..plan.workers).map(|number| stage.actor("worker", number)));
    let submit = |item| {
        let plan = plan.clone();
        pool.submit(move |worker| risk(&worker, &plan, item)).expect("the pool is open")
    };
    let handles: Vec<_> = (0..plan.items).map(submit).collect();

    let (mut results, mut completed) = (vec![Ok(0); plan.items], Vec::new());
    for handle in as_completed(handles) {
        let item = handle.number();
        let result = handle.result();
        stage.main().says(Step::Item { item, failed: result.is_err() });
        results[item] = result.map_err(|error| match error {
            JobError::Panicked(message) => message,
            JobError::Cancelled => error.to_string(),
        });
        completed.push(item);
    }
    pool.shutdown(true);
    Outcome { results, completed }
}

/// The job: it panics for one of the items.
fn risk(worker: &Actor, plan: &Plan, item: usize) -> usize {
    worker.says(Step::Trying { item });
    match plan.due(item) {
        Ok(result) => {
            pause(worker, plan.working);
            worker.says(Step::Returning { item });
            result
        }
        Err(error) => {
            worker.says(Step::Failing { item });
            panic!("{error}")
        }
    }
}
