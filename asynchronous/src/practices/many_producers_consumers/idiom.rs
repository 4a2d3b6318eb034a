//! Many at both ends of a queue: whoever takes part has a handle, and it ends when the last sender is dropped. Nobody asks
//! again and again whether it is over. tokio's own queue has one receiver; this one has many.

use std::time::Duration;

use futures::future;
use shared::practices::many_producers_consumers::{Outcome, Plan};
use tokio::task::{self, JoinSet};
use tokio::time;

/// Sends each producer's items, which take so long to be made and to be consumed, to whichever consumer is free.
pub async fn idiom(plan: &Plan, work: &[Vec<(Duration, Duration)>]) -> Outcome {
    let (sender, receiver) = async_channel::unbounded();
    let mut producers = JoinSet::new();
    for (producer, items) in work.iter().cloned().enumerate() {
        let sender = sender.clone();
        producers.spawn(async move {
            for (number, (producing, consuming)) in items.into_iter().enumerate() {
                time::sleep(producing).await;
                sender.send(((producer, number), consuming)).await.expect("the consumers listen");
            }
        });
    }
    drop(sender);
    // A set gives what is done first, first; handles keep the consumers in their order.
    let consumers = (0..plan.consumers).map(|_consumer| {
        let receiver = receiver.clone();
        task::spawn(async move {
            let mut consumed = Vec::new();
            while let Ok((item, consuming)) = receiver.recv().await {
                time::sleep(consuming).await;
                consumed.push(item);
            }
            consumed
        })
    });
    let consumed = future::try_join_all(consumers).await.expect("they don't panic");
    producers.join_all().await;
    Outcome { consumed }
}
