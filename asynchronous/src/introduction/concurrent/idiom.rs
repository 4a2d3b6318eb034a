//! Two things at once in one task: `join!` polls both, and nothing has to be moved, shared or spawned.

use std::time::Duration;

use shared::introduction::concurrent::{Outcome, Plan};
use tokio::{join, time};

/// Goes through the numbers and the letters at the same time.
pub async fn idiom(plan: &Plan) -> Outcome {
    let numbers = count(0..plan.numbers, plan.interval);
    let letters = count(plan.letters.chars(), plan.interval);
    let (numbers, letters) = join!(numbers, letters);
    Outcome { numbers, letters }
}

async fn count<T>(items: impl Iterator<Item = T>, interval: Duration) -> usize {
    let mut counted = 0;
    for _item in items {
        time::sleep(interval).await;
        counted += 1;
    }
    counted
}
