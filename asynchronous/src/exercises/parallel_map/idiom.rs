//! The same for each item, so many at once: a buffered stream keeps the order, of results and of errors. What computes for
//! long would go to rayon; a square is no work.

use futures::{StreamExt as _, stream};
use shared::exercises::parallel_map::{Failed, Outcome, Plan, error_of, fails};
use shared::misuse::JobError;

/// Squares the items, with a function that never fails, with one that does at times, and where there are none.
pub async fn idiom(plan: &Plan) -> Outcome {
    let squares =
        |items: u64| stream::iter(0..items).map(async |item| item * item).buffered(plan.workers).collect();
    let results: Vec<_> = stream::iter(0..plan.items).map(square).buffered(plan.workers).collect().await;
    let failed: Vec<_> =
        (0..).zip(results).filter_map(|(index, result)| Some((index, result.err()?))).collect();
    Outcome {
        squares: squares(plan.items).await,
        error: (!failed.is_empty()).then(|| Failed(failed).to_string()),
        nothing: squares(0).await,
    }
}

/// # Errors
/// For some items.
async fn square(item: u64) -> Result<u64, String> {
    if fails(item) { Err(JobError::Panicked(error_of(item)).to_string()) } else { Ok(item * item) }
}
