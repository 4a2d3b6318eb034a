//! Runs as a file that Perfetto and Chrome open, in their trace-event format: a process is an arm, a lane an actor
//! or an OS thread, and an arrow leads from what wakes a task to where it runs.
//!
//! Source: the trace-event format's own description. Whoever reads it takes slices of one lane for calls: of two that
//! overlap, one has to be inside the other.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Value, json};

use crate::archive::{ShownEvent, ShownWhat};
use crate::report::{Lane, Shown, State, Stretch};

/// The lanes of the OS threads come after those of so many actors.
const THREADS: usize = 100_000;

/// The file for these runs.
pub fn chrome(runs: &[Shown]) -> String {
    let mut events: Vec<Value> = Vec::new();
    let (mut timed, mut arrows) = (Vec::new(), 0);
    for (process, run) in (1..).zip(runs) {
        let lanes = run.lanes();
        named(run, &lanes, process, &mut events);
        timed.extend(slices(&lanes, process));
        timed.extend(run.events.iter().filter_map(|event| step(event, process)));
        timed.extend(wakes(run, process, &mut arrows));
    }
    // A slice that is around others comes first.
    timed.sort_by_key(|timed| (timed.at, Reverse(timed.lasts)));
    events.extend(timed.into_iter().map(|timed| timed.event));
    let lines: Vec<String> = events.iter().map(Value::to_string).collect();
    format!("{{\"displayTimeUnit\":\"ns\",\"traceEvents\":[\n{}\n]}}\n", lines.join(",\n"))
}

/// An event, and where it belongs.
struct Timed {
    at: Duration,
    lasts: Duration,
    event: Value,
}

/// The names of a process and of its lanes.
fn named(run: &Shown, lanes: &[Lane], process: usize, events: &mut Vec<Value>) {
    let mut name = |what: &str, lane: usize, arguments: Value| {
        events.push(json!({ "ph": "M", "name": what, "pid": process, "tid": lane, "args": arguments }));
    };
    name("process_name", 0, json!({ "name": format!("{} of {}", run.arm, run.pattern) }));
    name("process_sort_index", 0, json!({ "sort_index": process }));
    let threads: BTreeSet<u32> =
        lanes.iter().flat_map(|lane| &lane.stretches).filter_map(|stretch| stretch.thread).collect();
    let actors = lanes.iter().map(|lane| (of_actor(lane.actor), lane.name.clone()));
    let threads = threads.iter().map(|thread| (of_thread(*thread), format!("OS thread {thread}")));
    for (lane, its) in actors.chain(threads) {
        name("thread_name", lane, json!({ "name": its }));
        name("thread_sort_index", lane, json!({ "sort_index": lane }));
    }
}

/// The lane of an actor. Not from 0 on: viewers take that for the idle thread of a system.
fn of_actor(actor: usize) -> usize {
    actor + 1
}

fn of_thread(thread: u32) -> usize {
    THREADS + thread as usize
}

/// What each actor does, and who runs on each OS thread.
fn slices(lanes: &[Lane], process: usize) -> Vec<Timed> {
    let mut slices = Vec::new();
    let mut running: Vec<(usize, String, Stretch)> = Vec::new();
    for lane in lanes {
        for stretch in &lane.stretches {
            let arguments = json!({ "inside": stretch.inside });
            let word = stretch.state.word();
            slices.push(slice(word, "state", (process, of_actor(lane.actor)), stretch, &arguments));
            let (State::Running, Some(thread)) = (stretch.state, stretch.thread) else { continue };
            let thread = of_thread(thread);
            match running.last_mut() {
                // What it notes in a turn doesn't end it.
                Some((its, name, last)) if (*its, &*name, last.to) == (thread, &lane.name, stretch.from) => {
                    last.to = stretch.to;
                }
                _ => running.push((thread, lane.name.clone(), *stretch)),
            }
        }
    }
    // Who runs within another's turn, as the jobs of a worker do, is inside of it.
    running.sort_by_key(|(lane, _, stretch)| (*lane, stretch.from, Reverse(stretch.to)));
    let mut around: Vec<(usize, Duration)> = Vec::new();
    for (lane, name, mut stretch) in running {
        while around.last().is_some_and(|(its, to)| *its != lane || *to <= stretch.from) {
            around.pop();
        }
        if let Some((_, to)) = around.last() {
            stretch.to = stretch.to.min(*to);
        }
        around.push((lane, stretch.to));
        slices.push(slice(&name, "turn", (process, lane), &stretch, &json!({})));
    }
    slices
}

fn slice(
    name: &str,
    category: &str,
    (process, lane): (usize, usize),
    stretch: &Stretch,
    arguments: &Value,
) -> Timed {
    let lasts = stretch.lasts();
    let event = json!({
        "ph": "X", "name": name, "cat": category, "pid": process, "tid": lane,
        "ts": micros(stretch.from), "dur": micros(lasts), "args": arguments,
    });
    Timed { at: stretch.from, lasts, event }
}

/// What an actor says, as a moment in its lane.
fn step(event: &ShownEvent, process: usize) -> Option<Timed> {
    let ShownWhat::Said { step, values } = &event.what else { return None };
    let at = Duration::from_nanos(event.at_ns);
    let mut arguments = values.clone();
    arguments.extend(event.source.iter().map(|source| ("source".to_owned(), json!(source))));
    let event = json!({
        "ph": "i", "s": "t", "name": step, "cat": "step", "pid": process, "tid": of_actor(event.actor),
        "ts": micros(at), "args": arguments,
    });
    Some(Timed { at, lasts: Duration::ZERO, event })
}

/// An arrow from who wakes a task to where that has its turn.
fn wakes(run: &Shown, process: usize, arrows: &mut usize) -> Vec<Timed> {
    let mut events = Vec::new();
    for wake in run.wakes() {
        let Some(by) = wake.by else { continue };
        *arrows += 1;
        let end = |phase: &str, actor: usize, at: Duration| {
            let mut event = json!({
                "ph": phase, "id": *arrows, "name": "wakes", "cat": "wake", "pid": process,
                "tid": of_actor(actor), "ts": micros(at),
            });
            if phase == "f" {
                // It ends at the slice that it is in, not at the next one.
                event["bp"] = json!("e");
            }
            Timed { at, lasts: Duration::ZERO, event }
        };
        events.extend([end("s", by, wake.at), end("f", wake.whom, wake.began)]);
    }
    events
}

/// In microseconds, as the format has it.
fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}
