//! Results in the order of the items, from a pool of tasks.

pub mod idiom;

use shared::Stage;
use shared::pools::ordered_map::{Outcome, Plan, Step};

use crate::pause;
use crate::primitives::pool::Pool;

/// Squares all items in a pool.
pub async fn run(stage: Stage, plan: Plan) -> Outcome {
    let pool = Pool::of_actors((0..plan.workers).map(|number| stage.actor("worker", number)));
    let results = pool
        .map(0..plan.items, async move |worker, item| {
            worker.says(Step::Processing { item });
            pause(&worker, plan.processing).await;
            worker.says(Step::Processed { item });
            item * item
        })
        .await;
    pool.shutdown(true).await;

    let results = results.expect("the pool was open");
    let results: Vec<_> = results.into_iter().map(|result| result.expect("squaring never fails")).collect();
    stage.main().says(Step::Collected { count: results.len() });
    Outcome { results }
}
