//! Two things at once: threads in a scope borrow what they print, and are over when it is.

use std::thread;
use std::time::Duration;

use shared::introduction::concurrent::{Outcome, Plan};

/// Prints the numbers and the letters at the same time.
pub fn idiom(plan: &Plan) -> Outcome {
    thread::scope(|scope| {
        let numbers = scope.spawn(|| print(0..plan.numbers, plan.interval));
        let letters = scope.spawn(|| print(plan.letters.chars(), plan.interval));
        Outcome {
            numbers: numbers.join().expect("it doesn't panic"),
            letters: letters.join().expect("it doesn't panic"),
        }
    })
}

fn print<T>(items: impl Iterator<Item = T>, interval: Duration) -> usize {
    items.map(|_item| thread::sleep(interval)).count()
}
