//! All meet before anybody goes on: tokio's barrier also says who leads.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures::future;
use shared::signals::barrier::{Outcome, Plan};
use tokio::sync::Barrier;
use tokio::time;

/// Lets the workers meet, after each has worked for so long.
pub async fn idiom(plan: &Plan, work: &[Duration]) -> Outcome {
    let (barrier, followers) = (Barrier::new(plan.parties), AtomicUsize::new(0));
    let meet = async |work| {
        time::sleep(work).await;
        // The leader has the first place, the others those behind it.
        if barrier.wait().await.is_leader() { 0 } else { 1 + followers.fetch_add(1, Ordering::Relaxed) }
    };
    Outcome { places: future::join_all(work.iter().map(|work| meet(*work))).await }
}
