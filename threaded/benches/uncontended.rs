//! What a primitive costs when nobody else wants it: `cargo bench -p threaded --bench uncontended`.
//!
//! Each is taken and given back by one thread. The rounds of all of them are interleaved, so that what else the machine
//! does meets all alike; the ratio is to a bare mutex of the same round.

use std::hint::black_box;
use std::sync::{Condvar, Mutex};
use std::time::{Duration, Instant};

use threaded::primitives::bounded_semaphore::BoundedSemaphore;
use threaded::primitives::lock::Lock;
use threaded::primitives::reentrant_lock::ReentrantLock;
use threaded::primitives::semaphore::Semaphore;

const ROUNDS: usize = 31;
const TURNS: u32 = 20_000;

/// The plain form of a semaphore, which notifies whether somebody waits or not.
struct Plain {
    value: Mutex<usize>,
    available: Condvar,
}

impl Plain {
    fn acquire(&self) {
        let value = self.value.lock().expect("nobody panics");
        *self.available.wait_while(value, |value| *value == 0).expect("nobody panics") -= 1;
    }

    fn release(&self) {
        *self.value.lock().expect("nobody panics") += 1;
        self.available.notify_one();
    }
}

fn main() {
    let mutex = Mutex::new(0_usize);
    let plain = Plain { value: Mutex::new(3), available: Condvar::new() };
    let (lock, reentrant) = (Lock::new(), ReentrantLock::new());
    let (semaphore, bounded) = (Semaphore::new(3), BoundedSemaphore::new(3));
    let subjects: [(&str, &dyn Fn()); 6] = [
        ("bare mutex", &|| *mutex.lock().expect("nobody panics") += 1),
        ("Lock", &|| drop(black_box(lock.guard()))),
        ("ReentrantLock", &|| drop(black_box(reentrant.guard()))),
        ("Semaphore", &|| drop(black_box(semaphore.guard()))),
        ("BoundedSemaphore", &|| drop(black_box(bounded.guard()))),
        ("semaphore that always notifies", &|| {
            plain.acquire();
            plain.release();
        }),
    ];
    let rounds: Vec<Vec<Duration>> =
        (0..ROUNDS).map(|_| subjects.map(|(_, turn)| time(turn)).to_vec()).collect();

    println!("{:<32} {:>10} {:>7}  least–greatest", "taken and given back", "median", "ratio");
    for (number, (name, _)) in subjects.iter().enumerate() {
        let mut times: Vec<Duration> = rounds.iter().map(|round| round[number]).collect();
        let mut ratios: Vec<f64> =
            rounds.iter().map(|round| round[number].as_secs_f64() / round[0].as_secs_f64()).collect();
        times.sort_unstable();
        ratios.sort_by(f64::total_cmp);
        let (median, ratio) = (times[ROUNDS / 2], ratios[ROUNDS / 2]);
        println!("{name:<32} {median:>10.1?} {ratio:>7.2}  {:.2}–{:.2}", ratios[0], ratios[ROUNDS - 1]);
    }
}

/// The time of one turn.
fn time(turn: &dyn Fn()) -> Duration {
    let start = Instant::now();
    for _ in 0..TURNS {
        turn();
    }
    start.elapsed() / TURNS
}
