//! What actors say reads well through an ordinary subscriber. A binary of its own, because a process has one.

use std::io::{self, Write};
use std::mem;
use std::sync::{Arc, Mutex};

use asynchronous::synchronization::race_condition as a;
use shared::synchronization::race_condition::Plan;
use shared::{Pace, Setting, Side, Stage};
use threaded::synchronization::race_condition as t;
use tokio::runtime::Runtime;
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

    let plan = Plan { workers: 1, times: 1, ..Plan::default() };
    for side in Side::BOTH {
        let stage = Stage::new(Setting { pace: Pace::ZERO, ..Setting::new("race_condition", side) });
        let number = stage.program().number();
        let plan = plan.clone();
        match side {
            Side::Threaded => {
                threaded::Perform::perform(stage, |stage| t::run(stage, plan))();
            }
            Side::Asynchronous => {
                let runtime = Runtime::new().expect("room for a runtime");
                runtime.block_on(asynchronous::Perform::perform(stage, |stage| a::run(stage, plan)));
            }
        }
        let text = mem::take(&mut *written.0.lock().expect("nobody panics with it"));
        let text = String::from_utf8(text).expect("text");
        let run = format!("run{{pattern=race_condition side={side} number={number}}}");
        let line =
            |actor: &str, target: &str, what: &str| format!(" INFO {run}:actor{{{actor}}}: {target}: {what}");
        let (main, worker) = ("role=main number=0", "role=worker number=1");
        let (does, says) = ("shared::run::actor", &format!("{side}::synchronization::race_condition"));
        let due = [
            line(main, does, "began"),
            line(worker, does, "began line=N"),
            line(worker, says, "Read value=0 line=N"),
            line(worker, does, "pauses 100µs line=N"),
            line(worker, says, "Wrote value=1 line=N"),
            line(worker, does, "returned"),
            line(main, says, "Finished actual=1 line=N"),
            line(main, does, "returned"),
        ];
        assert_eq!(text.lines().map(without_number).collect::<Vec<_>>(), due);
    }
}

/// Which line of a pattern said it may change; that one did is the point.
fn without_number(line: &str) -> String {
    match line.split_once(" line=") {
        Some((said, number)) if number.parse::<u32>().is_ok() => format!("{said} line=N"),
        _ => line.into(),
    }
}
