//! The same for each item, so many at once: a buffered stream keeps the order, of results and of errors. It polls what it
//! buffers in one task; so each is a task here, which goes to any worker. What computes for long would go to rayon, because
//! it would hold up the other tasks of its worker; a square is no work.

use futures::{StreamExt as _, TryStreamExt as _, stream};
use shared::exercises::parallel_map::{Failed, Outcome, Plan, error_of, fails};
use shared::misuse::JobError;
use tokio::task;

/// Squares the items, with a function that never fails, with one that does at times, and where there are none.
pub async fn idiom(plan: &Plan) -> Outcome {
    let squares = |items| map(items, plan.workers, |item| async move { item * item });
    let results = map(plan.items, plan.workers, square).await;
    let failed = (0..).zip(results).filter_map(|(index, result)| Some((index, result.err()?.to_string())));
    let failed: Vec<_> = failed.collect();
    Outcome {
        squares: squares(plan.items).await,
        error: (!failed.is_empty()).then(|| Failed(failed).to_string()),
        nothing: squares(0).await,
    }
}

/// What comes of each item, in their order, by so many tasks at once.
async fn map<F>(items: u64, at_once: usize, function: impl Fn(u64) -> F) -> Vec<F::Output>
where
    F: Future<Output: Send> + Send + 'static,
{
    let tasks = stream::iter(0..items).map(|item| task::spawn(function(item))).buffered(at_once);
    tasks.try_collect().await.expect("they don't panic")
}

/// # Errors
/// For some items.
async fn square(item: u64) -> Result<u64, JobError> {
    if fails(item) { Err(JobError::Panicked(error_of(item))) } else { Ok(item * item) }
}
