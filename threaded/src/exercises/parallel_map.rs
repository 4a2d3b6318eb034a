//! A function over many items at once, on threads.

pub mod idiom;

use shared::exercises::parallel_map::{Failed, Outcome, Plan, Step, WORKERS, error_of, fails};
use shared::{Actor, Stage};

use crate::primitives::pool::Pool;

/// Maps the items, maps them so that some fail, and maps nothing.
pub fn run(stage: Stage, plan: Plan) -> Outcome {
    let items: Vec<u64> = (0..plan.items).collect();
    let [all, some, none] = WORKERS;
    let squares = parallel_map(&stage, all, plan.workers, items.clone(), square);
    let error = parallel_map(&stage, some, plan.workers, items, square_at_times);
    let nothing = parallel_map(&stage, none, plan.workers, Vec::new(), square);
    Outcome {
        squares: squares.expect("squaring never fails"),
        error: error.err().map(|failed| failed.to_string()),
        nothing: nothing.expect("nothing never fails"),
    }
}

/// The function over all items, on so many workers; all of them are tried before it returns, whatever fails.
fn parallel_map(
    stage: &Stage,
    worker: &'static str,
    workers: usize,
    items: Vec<u64>,
    function: fn(&Actor, u64) -> u64,
) -> Result<Vec<u64>, Failed> {
    let pool = Pool::of_actors((0..workers).map(|number| stage.actor(worker, number)));
    let tried = pool.map(items, move |worker, item| function(&worker, item));
    let tried = tried.expect("the pool is open");
    pool.shutdown(true);

    let (mut results, mut errors) = (Vec::new(), Vec::new());
    for (index, result) in tried.into_iter().enumerate() {
        match result {
            Ok(result) => results.push(result),
            Err(error) => errors.push((index, error.to_string())),
        }
    }
    if errors.is_empty() {
        stage.main().says(Step::Mapped { count: results.len() });
        Ok(results)
    } else {
        stage.main().says(Step::Refused { count: errors.len() });
        Err(Failed(errors))
    }
}

fn square(worker: &Actor, item: u64) -> u64 {
    worker.says(Step::Applying { item });
    worker.says(Step::Applied { item });
    item * item
}

/// Fails for some.
fn square_at_times(worker: &Actor, item: u64) -> u64 {
    if fails(item) {
        worker.says(Step::Applying { item });
        worker.says(Step::Failing { item });
        panic!("{}", error_of(item))
    }
    square(worker, item)
}
