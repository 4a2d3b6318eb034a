//! Results in the order of the items: a buffered stream keeps it, whoever is done first.

use futures::{StreamExt as _, stream};
use shared::pools::ordered_map::{Outcome, Plan};
use tokio::time;

/// Squares the items, so many at once.
pub async fn idiom(plan: &Plan) -> Outcome {
    let processing = plan.processing;
    let square = |item| async move {
        time::sleep(processing).await;
        item * item
    };
    Outcome { results: stream::iter(0..plan.items).map(square).buffered(plan.workers).collect().await }
}
