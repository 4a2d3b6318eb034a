//! A queue between two threads, with an end.

pub mod idiom;

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use shared::practices::producer_consumer::{Outcome, Plan, Step};
use shared::{Actor, Stage};

use crate::primitives::queue::Queue;
use crate::{Perform as _, join, pause};

/// Lets a producer and a consumer work, and looks at the queue they leave.
pub fn run(stage: Stage, plan: Plan) -> Outcome {
    let queue = Arc::new(Queue::new(0));
    let producer = {
        let (plan, queue) = (plan.clone(), Arc::clone(&queue));
        thread::spawn(stage.actor("producer", 1).perform(move |producer| produce(&producer, &plan, &queue)))
    };
    let consumer = {
        let (plan, queue) = (plan.clone(), Arc::clone(&queue));
        thread::spawn(stage.actor("consumer", 1).perform(move |consumer| consume(&consumer, &plan, &queue)))
    };
    join(producer);
    let received = join(consumer);
    let all_done = queue.join_timeout(Duration::ZERO);
    stage.main().says(Step::Joined { all_done });
    queue.task_done().expect("the sentinel was got, and not said to be done");
    let all_done_then = queue.join_timeout(Duration::ZERO);
    stage.main().says(Step::SentinelDone { all_done: all_done_then });
    Outcome { consumed: received, all_done: [all_done, all_done_then] }
}

fn produce(producer: &Actor, plan: &Plan, queue: &Queue<Option<(usize, char)>>) {
    for (number, item) in plan.items.chars().enumerate() {
        pause(producer, plan.producing);
        producer.says(Step::Producing { number, item });
        queue.put(Some((number, item)));
        producer.says(Step::Produced { number, item });
    }
    // The sentinel: nothing comes any more.
    queue.put(None);
    producer.says(Step::Ended);
}

fn consume(consumer: &Actor, plan: &Plan, queue: &Queue<Option<(usize, char)>>) -> String {
    let mut received = String::new();
    while let Some((number, item)) = queue.get() {
        consumer.says(Step::Took { number, item });
        pause(consumer, plan.consuming);
        consumer.says(Step::Consumed { number, item });
        received.push(item);
        queue.task_done().expect("it was got, and is done once");
    }
    consumer.says(Step::Stopped);
    received
}
