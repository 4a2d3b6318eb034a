//! A queue between two tasks, with an end.

pub mod idiom;

use std::sync::Arc;
use std::time::Duration;

use shared::practices::producer_consumer::{Outcome, Plan, Step};
use shared::{Actor, Stage};
use tokio::task;

use crate::primitives::queue::Queue;
use crate::{Perform as _, join, pause};

/// Lets a producer and a consumer work, and looks at the queue they leave.
pub async fn run(stage: Stage, plan: Plan) -> Outcome {
    let queue = Arc::new(Queue::new(0));
    let producer = {
        let (plan, queue) = (plan.clone(), Arc::clone(&queue));
        task::spawn(
            stage.actor("producer", 1).perform(async move |producer| produce(&producer, &plan, &queue).await),
        )
    };
    let consumer = {
        let (plan, queue) = (plan.clone(), Arc::clone(&queue));
        task::spawn(
            stage.actor("consumer", 1).perform(async move |consumer| consume(&consumer, &plan, &queue).await),
        )
    };
    join(producer).await;
    let received = join(consumer).await;
    let all_done = queue.join_timeout(Duration::ZERO).await;
    stage.main().says(Step::Joined { all_done });
    queue.task_done().expect("the sentinel was got, and not said to be done");
    let all_done_then = queue.join_timeout(Duration::ZERO).await;
    stage.main().says(Step::SentinelDone { all_done: all_done_then });
    Outcome { consumed: received, all_done: [all_done, all_done_then] }
}

async fn produce(producer: &Actor, plan: &Plan, queue: &Queue<Option<(usize, char)>>) {
    for (number, item) in plan.items.chars().enumerate() {
        pause(producer, plan.producing).await;
        producer.says(Step::Producing { number, item });
        queue.put(Some((number, item))).await;
        producer.says(Step::Produced { number, item });
    }
    // The sentinel: nothing comes any more.
    queue.put(None).await;
    producer.says(Step::Ended);
}

async fn consume(consumer: &Actor, plan: &Plan, queue: &Queue<Option<(usize, char)>>) -> String {
    let mut received = String::new();
    while let Some((number, item)) = queue.get().await {
        consumer.says(Step::Took { number, item });
        pause(consumer, plan.consuming).await;
        consumer.says(Step::Consumed { number, item });
        received.push(item);
        queue.task_done().expect("it was got, and is done once");
    }
    consumer.says(Step::Stopped);
    received
}
