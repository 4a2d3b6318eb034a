//! Threads, timed; [`tasks`](super::tasks) is the same of tasks.

use std::sync::{Condvar, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::timed::{ASLEEP, Timed};

/// Threads.
pub(super) struct Threads;

impl Timed for Threads {
    fn do_nothing(&mut self) {
        thread::spawn(|| {}).join().expect("it does nothing");
    }

    fn spawn(&mut self, count: u32) -> Duration {
        let start = Instant::now();
        let spawned: Vec<_> = (0..count).map(|_| thread::spawn(|| {})).collect();
        for thread in spawned {
            thread.join().expect("it does nothing");
        }
        start.elapsed()
    }

    fn give_way(&mut self, count: u32) -> Option<Duration> {
        let start = Instant::now();
        for _ in 0..count {
            thread::yield_now();
        }
        Some(start.elapsed())
    }

    fn wake(&mut self, count: u32) -> Option<Duration> {
        let turns = Turns::default();
        thread::scope(|scope| {
            scope.spawn(|| (0..count).for_each(|nth| turns.await_turn(2 * nth + 1)));
            let mut took = Duration::ZERO;
            for nth in 0..count {
                thread::sleep(ASLEEP);
                *turns.turn.lock().unwrap_or_else(PoisonError::into_inner) = 2 * nth + 1;
                let start = Instant::now();
                turns.changed.notify_one();
                took += start.elapsed();
            }
            Some(took)
        })
    }

    fn hand_over(&mut self, count: u32) -> Option<Duration> {
        let turns = Turns::default();
        thread::scope(|scope| {
            scope.spawn(|| {
                for nth in 0..=count / 2 {
                    turns.await_turn(2 * nth + 1);
                    turns.take_turn(2 * nth + 2);
                }
            });
            let both = |nth| {
                turns.take_turn(2 * nth + 1);
                turns.await_turn(2 * nth + 2);
            };
            // The other begins.
            both(0);
            let start = Instant::now();
            (1..=count / 2).for_each(both);
            Some(start.elapsed())
        })
    }

    fn pause(&mut self, asked: Duration) -> Option<Duration> {
        let start = Instant::now();
        thread::sleep(asked);
        Some(start.elapsed())
    }
}

/// Whose turn it is, as a number that grows.
#[derive(Default)]
struct Turns {
    turn: Mutex<u32>,
    changed: Condvar,
}

impl Turns {
    fn take_turn(&self, turn: u32) {
        *self.turn.lock().unwrap_or_else(PoisonError::into_inner) = turn;
        self.changed.notify_one();
    }

    fn await_turn(&self, turn: u32) {
        let now = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        drop(self.changed.wait_while(now, |now| *now < turn));
    }
}
