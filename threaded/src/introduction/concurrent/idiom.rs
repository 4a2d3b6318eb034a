//! Two things at once: threads in a scope borrow what they go through, and are over when it is.

use std::thread;
use std::time::Duration;

use shared::introduction::concurrent::{Outcome, Plan};

/// Goes through the numbers and the letters at the same time.
pub fn idiom(plan: &Plan) -> Outcome {
    thread::scope(|scope| {
        let numbers = scope.spawn(|| count(0..plan.numbers, plan.interval));
        let letters = scope.spawn(|| count(plan.letters.chars(), plan.interval));
        Outcome {
            numbers: numbers.join().expect("it doesn't panic"),
            letters: letters.join().expect("it doesn't panic"),
        }
    })
}

fn count<T>(items: impl Iterator<Item = T>, interval: Duration) -> usize {
    let mut counted = 0;
    for _item in items {
        thread::sleep(interval);
        counted += 1;
    }
    counted
}
