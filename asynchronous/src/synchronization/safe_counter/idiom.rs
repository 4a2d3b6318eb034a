//! No update is lost under a lock, std's own: it is held for a moment, and never across an `.await`. That is cheaper than
//! tokio's, which is for guards that must be held across one.
//!
//! A guard of std's that is held across an `.await` keeps the future from being spawned: it might go on in another thread,
//! and a guard belongs to the one that took it.
//!
//! ```compile_fail
//! # async fn pause() {}
//! let counter = std::sync::Arc::new(std::sync::Mutex::new(0));
//! tokio::task::spawn(async move {
//!     let mut value = counter.lock().unwrap();
//!     pause().await; // future cannot be sent between threads safely
//!     *value += 1;
//! });
//! ```

use std::sync::{Arc, Mutex};

use shared::synchronization::safe_counter::{Outcome, Plan};
use tokio::task::JoinSet;
use tokio::time;

/// Lets all tasks increment one counter.
pub async fn idiom(plan: &Plan) -> Outcome {
    let Plan { workers, times, processing } = *plan;
    let counter = Arc::new(Mutex::new(0));
    let mut tasks = JoinSet::new();
    for _worker in 0..workers {
        let counter = Arc::clone(&counter);
        tasks.spawn(async move {
            for _time in 0..times {
                time::sleep(processing).await;
                *counter.lock().expect("no holder panics") += 1;
            }
        });
    }
    tasks.join_all().await;
    let actual = *counter.lock().expect("no holder panics");
    Outcome { expected: workers * times, actual }
}
