//! What may fail returns a `Result`, and that is what comes back, as soon as it is there.

use futures::{StreamExt as _, stream};
use shared::pools::exceptions::{Outcome, Plan};
use tokio::time;

/// Tries all items, so many at once, and takes what comes as it comes.
pub async fn idiom(plan: &Plan) -> Outcome {
    let (mut results, mut completed) = (vec![Ok(0); plan.items], Vec::new());
    let attempts = (0..plan.items).map(|item| async move { (item, attempt(plan, item).await) });
    let mut attempts = stream::iter(attempts).buffer_unordered(plan.workers);
    while let Some((item, result)) = attempts.next().await {
        results[item] = result;
        completed.push(item);
    }
    drop(attempts);
    Outcome { results, completed }
}

/// # Errors
/// For one of the items.
async fn attempt(plan: &Plan, item: usize) -> Result<usize, String> {
    let result = plan.due(item)?;
    time::sleep(plan.working).await;
    Ok(result)
}
