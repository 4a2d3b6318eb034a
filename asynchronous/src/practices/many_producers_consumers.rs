//! One queue between many tasks.

pub mod idiom;

use std::sync::Arc;
use std::time::Duration;

use shared::practices::many_producers_consumers::{Item, Outcome, Plan, Step};
use shared::{Actor, Stage};
use tokio::task;

use crate::primitives::event::Event;
use crate::primitives::queue::Queue;
use crate::{Perform as _, join, pause};

/// Lets everybody work, and ends it in order: the producers, the queue, the consumers.
pub async fn run(stage: Stage, plan: Plan) -> Outcome {
    let main = stage.main();
    let (queue, stop) = (Arc::new(Queue::new(0)), Arc::new(Event::new()));
    let polling = plan.polling;
    let spawn_consumer = |number| {
        let (queue, stop) = (Arc::clone(&queue), Arc::clone(&stop));
        task::spawn(
            stage
                .actor("consumer", number)
                .perform(async move |consumer| consume(&consumer, &queue, &stop, polling).await),
        )
    };
    let consumers: Vec<_> = (0..plan.consumers).map(spawn_consumer).collect();
    let spawn_producer = |number| {
        let (plan, queue) = (plan.clone(), Arc::clone(&queue));
        task::spawn(
            stage
                .actor("producer", number)
                .perform(async move |producer| produce(&producer, &plan, &queue).await),
        )
    };
    let producers: Vec<_> = (0..plan.producers).map(spawn_producer).collect();

    for producer in producers {
        join(producer).await;
    }
    main.says(Step::AllProduced);
    queue.join().await;
    main.says(Step::AllConsumed);
    main.says(Step::Stopping);
    stop.set();
    if stage.pace().of(polling).is_none() {
        for _ in &consumers {
            queue.put(None).await;
        }
    }
    let mut consumed = Vec::new();
    for consumer in consumers {
        consumed.push(join(consumer).await);
    }
    main.says(Step::AllDone);
    Outcome { consumed }
}

async fn produce(producer: &Actor, plan: &Plan, queue: &Queue<Option<Item>>) {
    let id = producer.number();
    for number in 0..plan.items {
        let key = Plan::key(number);
        pause(producer, plan.producing + plan.producing_spread.mul_f64(producer.draw(key))).await;
        let consuming = plan.consuming + plan.consuming_spread.mul_f64(producer.draw(key + 1));
        producer.says(Step::Producing { producer: id, number });
        queue.put(Some(Item { producer: id, number, consuming })).await;
        producer.says(Step::Produced { producer: id, number });
    }
}

async fn consume(
    consumer: &Actor,
    queue: &Queue<Option<Item>>,
    stop: &Event,
    polling: Duration,
) -> Vec<(usize, usize)> {
    let mut received = Vec::new();
    while !stop.is_set() {
        let item = match consumer.waits(polling) {
            Some(polling) => queue.get_timeout(polling).await.ok().flatten(),
            // Nobody comes by to look: an item comes, or the wake-up at the end.
            None => queue.get().await,
        };
        if let Some(Item { producer, number, consuming }) = item {
            consumer.says(Step::Took { producer, number });
            pause(consumer, consuming).await;
            consumer.says(Step::Consumed { producer, number });
            received.push((producer, number));
            queue.task_done().expect("it was got, and is done once");
        }
    }
    consumer.says(Step::Stopped);
    received
}
