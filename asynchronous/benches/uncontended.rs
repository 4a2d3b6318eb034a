//! What a primitive costs when nobody else wants it: `cargo bench -p asynchronous --bench uncontended`.
//!
//! Each is taken and given back by one task. The rounds of all of them are interleaved, so that what else the machine
//! does meets all alike; the ratio is to tokio's own mutex of the same round.

use std::hint::black_box;
use std::time::{Duration, Instant};

use asynchronous::primitives::bounded_semaphore::BoundedSemaphore;
use asynchronous::primitives::lock::Lock;
use asynchronous::primitives::reentrant_lock::{Owner, ReentrantLock};
use asynchronous::primitives::semaphore::Semaphore;
use tokio::runtime::Builder;
use tokio::sync::{self, Mutex};

const ROUNDS: usize = 31;
const TURNS: u32 = 20_000;

const NAMES: [&str; 6] =
    ["tokio's mutex", "Lock", "ReentrantLock", "Semaphore", "BoundedSemaphore", "tokio's semaphore"];

fn main() {
    let runtime = Builder::new_current_thread().build().expect("room for a runtime");
    let rounds = runtime.block_on(measure());

    println!("{:<32} {:>10} {:>7}  least–greatest", "taken and given back", "median", "ratio");
    for (number, name) in NAMES.iter().enumerate() {
        let mut times: Vec<Duration> = rounds.iter().map(|round| round[number]).collect();
        let mut ratios: Vec<f64> =
            rounds.iter().map(|round| round[number].as_secs_f64() / round[0].as_secs_f64()).collect();
        times.sort_unstable();
        ratios.sort_by(f64::total_cmp);
        let (median, ratio) = (times[ROUNDS / 2], ratios[ROUNDS / 2]);
        println!("{name:<32} {median:>10.1?} {ratio:>7.2}  {:.2}–{:.2}", ratios[0], ratios[ROUNDS - 1]);
    }
}

async fn measure() -> Vec<[Duration; 6]> {
    let mutex = Mutex::new(0_usize);
    let (lock, reentrant, owner) = (Lock::new(), ReentrantLock::new(), Owner::new());
    let (semaphore, bounded, theirs) = (Semaphore::new(3), BoundedSemaphore::new(3), sync::Semaphore::new(3));
    let mut rounds = Vec::new();
    for _ in 0..ROUNDS {
        rounds.push([
            time(async || *mutex.lock().await += 1).await,
            time(async || drop(black_box(lock.guard().await))).await,
            time(async || drop(black_box(reentrant.guard(&owner).await))).await,
            time(async || drop(black_box(semaphore.guard().await))).await,
            time(async || drop(black_box(bounded.guard().await))).await,
            time(async || drop(black_box(theirs.acquire().await.expect("it is never closed")))).await,
        ]);
    }
    rounds
}

/// The time of one turn.
async fn time(turn: impl AsyncFn()) -> Duration {
    let start = Instant::now();
    for _ in 0..TURNS {
        turn().await;
    }
    start.elapsed() / TURNS
}
