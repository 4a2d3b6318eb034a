//! One queue between many threads.

pub mod idiom;

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use shared::practices::many_producers_consumers::{Item, Outcome, Plan, Step};
use shared::{Actor, Stage};

use crate::primitives::event::Event;
use crate::primitives::queue::Queue;
use crate::{Perform as _, join, pause};

/// Lets everybody work, and ends it in order: the producers, the queue, the consumers.
pub fn run(stage: Stage, plan: Plan) -> Outcome {
    let main = stage.main();
    let (queue, stop) = (Arc::new(Queue::new(0)), Arc::new(Event::new()));
    let polling = plan.polling;
    let spawn_consumer = |number| {
        let (queue, stop) = (Arc::clone(&queue), Arc::clone(&stop));
        thread::spawn(
            stage
                .actor("consumer", number)
                .perform(move |consumer| consume(&consumer, &queue, &stop, polling)),
        )
    };
    let consumers: Vec<_> = (0..plan.consumers).map(spawn_consumer).collect();
    let spawn_producer = |number| {
        let (plan, queue) = (plan.clone(), Arc::clone(&queue));
        thread::spawn(
            stage.actor("producer", number).perform(move |producer| produce(&producer, &plan, &queue)),
        )
    };
    let producers: Vec<_> = (0..plan.producers).map(spawn_producer).collect();

    for producer in producers {
        join(producer);
    }
    main.says(Step::AllProduced);
    queue.join();
    main.says(Step::AllConsumed);
    main.says(Step::Stopping);
    stop.set();
    if stage.pace().of(polling).is_none() {
        for _ in &consumers {
            queue.put(None);
        }
    }
    let mut consumed = Vec::new();
    for consumer in consumers {
        consumed.push(join(consumer));
    }
    main.says(Step::AllDone);
    Outcome { consumed }
}

fn produce(producer: &Actor, plan: &Plan, queue: &Queue<Option<Item>>) {
    let id = producer.number();
    for number in 0..plan.items {
        let key = Plan::key(number);
        pause(producer, plan.producing + plan.producing_spread.mul_f64(producer.draw(key)));
        let consuming = plan.consuming + plan.consuming_spread.mul_f64(producer.draw(key + 1));
        producer.says(Step::Producing { producer: id, number });
        queue.put(Some(Item { producer: id, number, consuming }));
        producer.says(Step::Produced { producer: id, number });
    }
}

fn consume(
    consumer: &Actor,
    queue: &Queue<Option<Item>>,
    stop: &Event,
    polling: Duration,
) -> Vec<(usize, usize)> {
    let mut received = Vec::new();
    while !stop.is_set() {
        let item = match consumer.waits(polling) {
            Some(polling) => queue.get_timeout(polling).ok().flatten(),
            // Nobody comes by to look: an item comes, or the wake-up at the end.
            None => queue.get(),
        };
        if let Some(Item { producer, number, consuming }) = item {
            consumer.says(Step::Took { producer, number });
            pause(consumer, consuming);
            consumer.says(Step::Consumed { producer, number });
            received.push((producer, number));
            queue.task_done().expect("it was got, and is done once");
        }
    }
    consumer.says(Step::Stopped);
    received
}
