//! Waiting until something holds, in tasks.

pub mod idiom;

use std::sync::Arc;

use shared::signals::condition::{Outcome, Plan, Step};
use shared::{Actor, Stage};
use tokio::sync::Mutex;
use tokio::task;

use crate::primitives::condition::Condition;
use crate::{Perform as _, join, pause};

/// Lets the consumers wait for what the producer prepares.
pub async fn run(stage: Stage, plan: Plan) -> Outcome {
    let exchange = Arc::new(Exchange::default());
    let spawn = |number| {
        let exchange = Arc::clone(&exchange);
        task::spawn(
            stage.actor("consumer", number).perform(async move |consumer| exchange.take(&consumer).await),
        )
    };
    let consumers: Vec<_> = (1..=plan.consumers).map(spawn).collect();
    let producer = {
        let exchange = Arc::clone(&exchange);
        task::spawn(stage.actor("producer", 1).perform(async move |producer| {
            for _ in 1..plan.parts {
                pause(&producer, plan.preparation).await;
                producer.says(Step::FalseAlarm);
                exchange.ready.notify_all();
            }
            pause(&producer, plan.preparation).await;
            exchange.put(&producer, plan.payload).await;
        }))
    };

    let mut received = Vec::new();
    for consumer in consumers {
        received.push(join(consumer).await);
    }
    join(producer).await;
    Outcome { received }
}

/// The data, once it is ready, and the condition that it has become so.
#[derive(Default)]
struct Exchange {
    data: Mutex<Option<String>>,
    ready: Condition,
}

impl Exchange {
    async fn put(&self, producer: &Actor, payload: String) {
        let mut data = self.data.lock().await;
        *data = Some(payload);
        producer.says(Step::Ready);
        self.ready.notify_all();
    }

    /// `wait_for` would do the same in a line; the cell has the loop, and a line to print in it.
    async fn take(&self, consumer: &Actor) -> String {
        let mut data = self.data.lock().await;
        loop {
            if let Some(payload) = &*data {
                consumer.says(Step::Received);
                return payload.clone();
            }
            consumer.says(Step::Waiting);
            data = self.ready.wait(data).await;
        }
    }
}
