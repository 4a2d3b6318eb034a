//! Work that computes: a thread for each part, in a scope. Of two parts, `rayon::join(sum, sum)` is the same without
//! starting a thread, and of many parts its iterators are.

use std::hint::black_box;
use std::thread;

use shared::gil::cpu_bound::{Outcome, Plan};

/// Sums twice, one after the other, and twice at once.
pub fn idiom(plan: &Plan) -> Outcome {
    let sum = || sum_of_squares(plan.iterations);
    let in_sequence = [sum(), sum()];
    let at_once = thread::scope(|scope| {
        [scope.spawn(sum), scope.spawn(sum)].map(|thread| thread.join().expect("it doesn't panic"))
    });
    Outcome { in_sequence, at_once }
}

fn sum_of_squares(below: u64) -> u128 {
    (0..below).map(|number| u128::from(black_box(number)).pow(2)).sum()
}
