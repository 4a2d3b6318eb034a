//! The same for each item, so many at once: a buffered stream keeps the order of results and of errors.

use futures::{StreamExt as _, TryStreamExt as _, stream};
use shared::exercises::parallel_map::{Failed, Outcome, Plan, error_of, fails};
use shared::misuse::JobError;
use tokio::task;

/// Squares the items, with a function that never fails, with one that does at times, and where there are none.
pub async fn idiom(plan: &Plan) -> Outcome {
    let square = |item: u64| task::spawn(async move { item * item });
    let squares = |items: u64| stream::iter(0..items).map(square).buffered(plan.workers).try_collect();
    let failing = |item: u64| {
        task::spawn(
            async move { fails(item).then(|| (item, JobError::Panicked(error_of(item)).to_string())) },
        )
    };
    let failed = stream::iter(0..plan.items).map(failing).buffered(plan.workers);
    let failed = failed.filter_map(async |failed| failed.expect("it doesn't panic"));
    let failed =
        failed.map(|(item, error)| (usize::try_from(item).expect("there are a thousand at most"), error));
    let failed: Vec<_> = failed.collect().await;
    Outcome {
        squares: squares(plan.items).await.expect("they don't panic"),
        error: (!failed.is_empty()).then(|| Failed(failed).to_string()),
        nothing: squares(0).await.expect("they don't panic"),
    }
}
