//! Waiting until something holds, in threads.

pub mod idiom;

use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use shared::signals::condition::{Outcome, Plan, Step};
use shared::{Actor, Stage};

use crate::primitives::condition::Condition;
use crate::{Perform as _, join, pause};

/// Lets the consumers wait for what the producer prepares.
pub fn run(stage: Stage, plan: Plan) -> Outcome {
    let exchange = Arc::new(Exchange::default());
    let spawn = |number| {
        let exchange = Arc::clone(&exchange);
        thread::spawn(stage.actor("consumer", number).perform(move |consumer| exchange.take(&consumer)))
    };
    let consumers: Vec<_> = (1..=plan.consumers).map(spawn).collect();
    let producer = {
        let exchange = Arc::clone(&exchange);
        thread::spawn(stage.actor("producer", 1).perform(move |producer| {
            for _ in 1..plan.parts {
                pause(&producer, plan.preparation);
                producer.says(Step::FalseAlarm);
                exchange.ready.notify_all();
            }
            pause(&producer, plan.preparation);
            exchange.put(&producer, plan.payload);
        }))
    };

    let mut received = Vec::new();
    for consumer in consumers {
        received.push(join(consumer));
    }
    join(producer);
    Outcome { received }
}

/// The data, once it is ready, and the condition that it has become so.
#[derive(Default)]
struct Exchange {
    data: Mutex<Option<String>>,
    ready: Condition,
}

impl Exchange {
    fn put(&self, producer: &Actor, payload: String) {
        let mut data = self.data.lock().unwrap_or_else(PoisonError::into_inner);
        *data = Some(payload);
        producer.says(Step::Ready);
        self.ready.notify_all();
    }

    /// `wait_for` would do the same in a line; the cell has the loop, and a line to print in it.
    fn take(&self, consumer: &Actor) -> String {
        let mut data = self.data.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(payload) = &*data {
                consumer.says(Step::Received);
                return payload.clone();
            }
            consumer.says(Step::Waiting);
            data = self.ready.wait(data);
        }
    }
}
