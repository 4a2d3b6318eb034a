//! Tasks, timed; [`threads`](super::threads) is the same of threads.

use std::io;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use tokio::sync::Notify;
use tokio::{task, time};

use super::timed::{ASLEEP, Timed};
use crate::lab::{Runtime, Workers};

/// Tasks on a runtime.
pub(super) struct Tasks(Workers);

impl Tasks {
    /// Tasks on such a runtime.
    pub(super) fn on(runtime: Runtime) -> io::Result<Self> {
        Workers::new(runtime).map(Self)
    }

    /// What comes of this on the runtime, as a task like the others.
    fn run<T: Send + 'static>(&self, timed: impl Future<Output = T> + Send + 'static) -> T {
        self.0.block_on(async { task::spawn(timed).await.expect("it doesn't panic") })
    }
}

/// Does nothing, as the main line of a run with tasks.
pub(super) fn do_nothing(workers: &Workers) {
    let main = || workers.block_on(async { task::spawn(async {}).await });
    let done = thread::scope(|scope| scope.spawn(main).join().expect("it does nothing"));
    done.expect("it does nothing");
}

impl Timed for Tasks {
    fn do_nothing(&mut self) {
        do_nothing(&self.0);
    }

    fn spawn(&mut self, count: u32) -> Duration {
        self.run(async move {
            let start = Instant::now();
            let spawned: Vec<_> = (0..count).map(|_| task::spawn(async {})).collect();
            for task in spawned {
                task.await.expect("it does nothing");
            }
            start.elapsed()
        })
    }

    fn give_way(&mut self, count: u32) -> Option<Duration> {
        Some(self.run(async move {
            let start = Instant::now();
            for _ in 0..count {
                task::yield_now().await;
            }
            start.elapsed()
        }))
    }

    fn wake(&mut self, count: u32) -> Option<Duration> {
        Some(self.run(async move {
            let (asks, answers) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
            let other = task::spawn(echo(Arc::clone(&asks), Arc::clone(&answers), count));
            let mut took = Duration::ZERO;
            for _ in 0..count {
                // It waits by then; and where it has a worker of its own, that sleeps.
                task::yield_now().await;
                thread::sleep(ASLEEP);
                let start = Instant::now();
                asks.notify_one();
                took += start.elapsed();
                answers.notified().await;
            }
            other.await.expect("it doesn't panic");
            took
        }))
    }

    fn hand_over(&mut self, count: u32) -> Option<Duration> {
        Some(self.run(async move {
            let (asks, answers) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
            let other = task::spawn(echo(Arc::clone(&asks), Arc::clone(&answers), count / 2 + 1));
            let both = async || {
                asks.notify_one();
                answers.notified().await;
            };
            // The other begins.
            both().await;
            let start = Instant::now();
            for _ in 0..count / 2 {
                both().await;
            }
            let took = start.elapsed();
            other.await.expect("it doesn't panic");
            took
        }))
    }

    fn pause(&mut self, asked: Duration) -> Option<Duration> {
        Some(self.run(async move {
            let start = Instant::now();
            time::sleep(asked).await;
            start.elapsed()
        }))
    }
}

/// Answers so often when it is asked.
async fn echo(asks: Arc<Notify>, answers: Arc<Notify>, count: u32) {
    for _ in 0..count {
        asks.notified().await;
        answers.notify_one();
    }
}
