//! A thread in the background.

pub mod idiom;

use std::sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender, TryRecvError};
use std::thread;
use std::time::Duration;

use shared::creating::daemon::{Outcome, Plan, Step};
use shared::{Actor, Stage};

use crate::{Perform as _, join, pause};

/// Starts a daemon and a normal worker, waits for the normal one, and finds the daemon still at work.
pub fn run(stage: Stage, plan: Plan) -> Outcome {
    let rounds_after = plan.rounds_after();
    let (report, rounds) = mpsc::sync_channel(plan.rounds);
    let (stop, stopped) = mpsc::channel();
    let daemon = thread::spawn(
        stage
            .actor("daemon", 1)
            .perform(move |daemon| work_for_ever(&daemon, plan.daemon_interval, &report, &stopped)),
    );
    let normal = thread::spawn(
        stage.actor("normal", 1).perform(move |normal| work(&normal, plan.count, plan.normal_interval)),
    );

    let normal = join(normal);
    stage.main().says(Step::NormalDone);
    for _ in 0..rounds_after {
        rounds.recv().expect("the daemon works on");
    }
    let outcome = Outcome { normal, rounds: rounds_after };

    // A thread can't be aborted: it is stopped through the channels that it listens to, and waited for.
    drop((rounds, stop));
    join(daemon);
    outcome
}

fn work(normal: &Actor, count: usize, interval: Duration) -> usize {
    let mut printed = 0;
    for index in 0..count {
        normal.says(Step::Normal { index });
        pause(normal, interval);
        printed += 1;
    }
    printed
}

/// Works until there is nobody to report to.
fn work_for_ever(daemon: &Actor, interval: Duration, report: &SyncSender<()>, stopped: &Receiver<()>) {
    loop {
        daemon.says(Step::Working);
        if report.send(()).is_err() || pause_unless_stopped(daemon, interval, stopped) {
            return;
        }
    }
}

/// A pause that ends at once when the daemon is to stop: a sleeping thread would hear of it only afterwards.
fn pause_unless_stopped(daemon: &Actor, interval: Duration, stopped: &Receiver<()>) -> bool {
    let Some(scaled) = daemon.waits(interval) else {
        thread::yield_now();
        return stopped.try_recv() == Err(TryRecvError::Disconnected);
    };
    stopped.recv_timeout(scaled) == Err(RecvTimeoutError::Disconnected)
}
