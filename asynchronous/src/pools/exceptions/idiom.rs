//! What may fail returns a `Result`, and that is what comes back; a panic is a bug, and shows at the join.

use shared::pools::exceptions::{Outcome, Plan};
use tokio::task::JoinSet;
use tokio::time;

/// Tries all items, so many at once, and takes what comes as it comes.
pub async fn idiom(plan: &Plan) -> Outcome {
    let (mut items, mut attempts) = (0..plan.items, JoinSet::new());
    let (mut results, mut completed) = (vec![Ok(0); plan.items], Vec::new());
    loop {
        while attempts.len() < plan.workers
            && let Some(item) = items.next()
        {
            let (due, working) = (plan.due(item), plan.working);
            attempts.spawn(async move {
                if due.is_ok() {
                    time::sleep(working).await;
                }
                (item, due)
            });
        }
        let Some(tried) = attempts.join_next().await else { break };
        let (item, result) = tried.expect("it doesn't panic");
        results[item] = result;
        completed.push(item);
    }
    Outcome { results, completed }
}
