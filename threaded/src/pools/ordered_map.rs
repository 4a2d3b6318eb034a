//! Results in the order of the items, from a pool of threads.

pub mod idiom;

use shared::Stage;
use shared::pools::ordered_map::{Outcome, Plan, Step};

use crate::pause;
use crate::primitives::pool::Pool;

/// Squares all items in a pool.
pub fn run(stage: Stage, plan: Plan) -> Outcome {
    let pool = Pool::of_actors((0..plan.workers).map(|number| stage.actor("worker", number)));
    let results = pool.map(0..plan.items, move |worker, item| {
        worker.says(Step::Processing { item });
        pause(&worker, plan.processing);
        worker.says(Step::Processed { item });
        item * item
    });
    pool.shutdown(true);

    let results = results.expect("the pool was open");
    let results: Vec<_> = results.into_iter().map(|result| result.expect("squaring never fails")).collect();
    stage.main().says(Step::Collected { count: results.len() });
    Outcome { results }
}
