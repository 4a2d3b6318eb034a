//! A queue that ends: when the sender is dropped, the receiver's loop is over. No sentinel, and nothing to count.

use shared::practices::producer_consumer::{Outcome, Plan};
use tokio::sync::mpsc;
use tokio::{task, time};

/// Sends the letters to a consumer.
pub async fn idiom(plan: &Plan) -> Outcome {
    let (sender, mut receiver) = mpsc::unbounded_channel();
    let consuming = plan.consuming;
    let consumer = task::spawn(async move {
        let mut consumed = String::new();
        while let Some(item) = receiver.recv().await {
            time::sleep(consuming).await;
            consumed.push(item);
        }
        consumed
    });
    for item in plan.items.chars() {
        time::sleep(plan.producing).await;
        sender.send(item).expect("the consumer listens");
    }
    let done = consumer.is_finished();
    drop(sender);
    // The join takes the handle: who has what it returns need not ask whether the consumer is done.
    Outcome { consumed: consumer.await.expect("it doesn't panic"), all_done: [done, true] }
}
