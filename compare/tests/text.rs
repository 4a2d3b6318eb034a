//! What actors say reads well through an ordinary subscriber. A binary of its own, because a process has one.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use shared::synchronization::race_condition::Plan;
use shared::{Pace, Setting, Side, Stage};
use threaded::Perform as _;
use threaded::synchronization::race_condition::run;
use tracing_subscriber::fmt;

#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("nobody panics with it").write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn an_ordinary_subscriber_shows_run_actor_and_step() {
    let written = Written::default();
    let writer = written.clone();
    let subscriber = fmt().with_ansi(false).without_time().with_writer(move || writer.clone()).finish();
    tracing::subscriber::set_global_default(subscriber).expect("this is the only test of this binary");

    let stage = Stage::new(Setting { pace: Pace::ZERO, ..Setting::new("race_condition", Side::Threaded) });
    let number = stage.program().number();
    stage.perform(|stage| run(stage, Plan { workers: 1, times: 1, ..Plan::default() }))();

    let text = String::from_utf8(written.0.lock().expect("nobody panics with it").clone()).expect("text");
    let run = format!("run{{pattern=race_condition side=threaded number={number}}}");
    let line = |actor: &str, said: &str| format!(" INFO {run}:actor{{{actor}}}: shared::actor: {said}");
    let (main, worker) = ("role=main number=0", "role=worker number=1");
    let due = [
        line(main, "began"),
        line(worker, "began"),
        line(worker, "Read value=0"),
        line(worker, "pauses 100µs"),
        line(worker, "Wrote value=1"),
        line(worker, "returned"),
        line(main, "Finished actual=1"),
        line(main, "returned"),
    ];
    assert_eq!(text.lines().collect::<Vec<_>>(), due);
}
