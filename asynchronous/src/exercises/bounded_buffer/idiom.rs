//! A buffer with so much room: a bounded channel, whose sender waits where it is full and whose receiver where it is empty.
//! It has one receiver; where several get, it is `async_channel`'s.

use shared::exercises::bounded_buffer::{Outcome, Plan};
use tokio::join;
use tokio::sync::mpsc;

/// Fills the buffer, empties it nearly, and lets a putter and a getter go on.
pub async fn idiom(plan: &Plan) -> Outcome {
    let (sender, mut receiver) = mpsc::channel(plan.capacity);
    for item in plan.first() {
        sender.try_send(item).expect("there is room");
    }
    let mut got = Vec::new();
    for _item in 1..plan.capacity {
        got.push(receiver.recv().await.expect("the buffer is full"));
    }
    let left = receiver.len();
    let put = async move {
        for item in plan.more().chain([plan.last()]) {
            sender.send(item).await.expect("the getter listens");
        }
    };
    let get = async {
        let mut got = Vec::new();
        while let Some(item) = receiver.recv().await {
            got.push(item);
        }
        got
    };
    let ((), got_later) = join!(put, get);
    Outcome { got, left, got_later }
}
