//! A buffer with so much room: a bounded channel, whose sender waits where it is full and whose receiver where it is empty.
//! std's `sync_channel` would do, were nobody to ask how full it is, or to receive in two places.

use std::thread;

use crossbeam_channel::bounded;
use shared::exercises::bounded_buffer::{Outcome, Plan};

/// Fills the buffer, empties it nearly, and lets a putter and a getter go on.
pub fn idiom(plan: &Plan) -> Outcome {
    let (sender, receiver) = bounded(plan.capacity);
    for item in plan.first() {
        sender.try_send(item).expect("there is room");
    }
    let got: Vec<usize> = receiver.iter().take(plan.capacity - 1).collect();
    let left = receiver.len();
    let got_later = thread::scope(|scope| {
        let putter = sender.clone();
        let putter = scope.spawn(move || plan.more().try_for_each(|item| putter.send(item)));
        let getter = scope.spawn(move || receiver.iter().collect());
        putter.join().expect("it doesn't panic").expect("the getter listens");
        sender.send(plan.last()).expect("the getter listens");
        drop(sender);
        getter.join().expect("it doesn't panic")
    });
    Outcome { got, left, got_later }
}
