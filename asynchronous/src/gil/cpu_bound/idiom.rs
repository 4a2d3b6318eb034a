//! Work that computes is no work for a task: it goes to a pool that has as many threads as there are cores, and a channel
//! brings back what comes of it. `spawn_blocking` would start a thread for each, up to hundreds: it is for calls that block.
//! (A panic in `rayon::spawn` aborts the process, unless the pool is told otherwise.)

use std::hint::black_box;

use shared::gil::cpu_bound::{Outcome, Plan};
use tokio::join;
use tokio::sync::oneshot;

/// Sums twice, one after the other, and twice at once.
pub async fn idiom(plan: &Plan) -> Outcome {
    let sum = || in_the_pool(plan.iterations);
    let in_sequence = [sum().await, sum().await];
    let at_once = join!(sum(), sum()).into();
    Outcome { in_sequence, at_once }
}

async fn in_the_pool(below: u64) -> u128 {
    let (sender, receiver) = oneshot::channel();
    // If nobody waits for it any more, nobody wants the sum.
    rayon::spawn(move || {
        let _ = sender.send(sum_of_squares(below));
    });
    receiver.await.expect("it doesn't panic")
}

fn sum_of_squares(below: u64) -> u128 {
    (0..below).map(|number| u128::from(black_box(number)).pow(2)).sum()
}
