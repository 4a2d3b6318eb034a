//! Many at both ends of a queue: whoever takes part has a handle, and it ends when the last sender is dropped. Nobody asks
//! again and again whether it is over.

use std::thread;
use std::time::Duration;

use crossbeam_channel::{Receiver, unbounded};
use shared::practices::many_producers_consumers::{Outcome, Plan};

/// Sends each producer's items, which take so long to be made and to be consumed, to whichever consumer is free.
pub fn idiom(plan: &Plan, work: &[Vec<(Duration, Duration)>]) -> Outcome {
    let (sender, receiver) = unbounded();
    thread::scope(|scope| {
        for (producer, items) in work.iter().enumerate() {
            let sender = sender.clone();
            scope.spawn(move || {
                for (number, (producing, consuming)) in items.iter().enumerate() {
                    thread::sleep(*producing);
                    sender.send(((producer, number), *consuming)).expect("the consumers listen");
                }
            });
        }
        drop(sender);
        let consumers: Vec<_> = (0..plan.consumers).map(|_| scope.spawn(|| consume(&receiver))).collect();
        let consumed = consumers.into_iter().map(|consumer| consumer.join().expect("it doesn't panic"));
        Outcome { consumed: consumed.collect() }
    })
}

fn consume(items: &Receiver<((usize, usize), Duration)>) -> Vec<(usize, usize)> {
    let consume = |(item, consuming)| {
        thread::sleep(consuming);
        item
    };
    items.iter().map(consume).collect()
}
