//! A queue that ends: when the sender is dropped, the receiver's loop is over. No sentinel, and nothing to count.

use std::sync::mpsc;
use std::thread;

use shared::practices::producer_consumer::{Outcome, Plan};

/// Sends the letters to a consumer.
pub fn idiom(plan: &Plan) -> Outcome {
    let (sender, receiver) = mpsc::channel();
    thread::scope(|scope| {
        let consumer = scope.spawn(move || {
            let mut consumed = String::new();
            for item in receiver {
                thread::sleep(plan.consuming);
                consumed.push(item);
            }
            consumed
        });
        for item in plan.items.chars() {
            thread::sleep(plan.producing);
            sender.send(item).expect("the consumer listens");
        }
        let done = consumer.is_finished();
        drop(sender);
        // The join takes the handle: who has what it returns need not ask whether the consumer is done.
        Outcome { consumed: consumer.join().expect("it doesn't panic"), all_done: [done, true] }
    })
}
