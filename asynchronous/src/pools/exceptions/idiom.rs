//! What may fail returns a `Result`, and that is what comes back, as soon as it is there.

use futures::{StreamExt as _, stream};
use shared::pools::exceptions::{Outcome, Plan};
use tokio::time;

/// Tries all items, so many at once, and takes what comes as it comes.
pub async fn idiom(plan: &Plan) -> Outcome {
    let attempts = (0..plan.items).map(|item| async move { (item, attempt(plan, item).await) });
    let mut tried: Vec<_> = stream::iter(attempts).buffer_unordered(plan.workers).collect().await;
    let completed = tried.iter().map(|(item, _)| *item).collect();
    tried.sort_by_key(|(item, _)| *item);
    Outcome { results: tried.into_iter().map(|(_, result)| result).collect(), completed }
}

/// # Errors
/// For one of the items.
async fn attempt(plan: &Plan, item: usize) -> Result<usize, String> {
    let result = plan.due(item)?;
    time::sleep(plan.working).await;
    Ok(result)
}
