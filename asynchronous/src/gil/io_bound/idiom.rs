//! Work that waits: futures in one task wait at once, and cost next to nothing while they do.

use shared::gil::io_bound::{Outcome, Plan};
use tokio::{join, time};

/// Waits twice, one after the other, and twice at once; says that it slept for so many seconds.
pub async fn idiom(plan: &Plan, seconds: f64) -> Outcome {
    let sleep = async || {
        time::sleep(plan.wait).await;
        format!("Slept for {seconds}s")
    };
    let in_sequence = [sleep().await, sleep().await];
    let at_once = join!(sleep(), sleep()).into();
    Outcome { in_sequence, at_once }
}
