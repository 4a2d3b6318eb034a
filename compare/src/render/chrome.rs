//! Runs as a file that Perfetto opens, in the trace-event format: a process is an arm, a lane an actor or an OS thread, and an
//! arrow leads from what wakes a task to where it runs.
//!
//! Source: the trace-event format's own description. Whoever reads it takes slices of one lane for calls: of two that
//! overlap, one has to be inside the other. What it leaves open was tried in Perfetto's viewer and in catapult's importer: the
//! lane whose number is that of its process is the main thread's; an arrow begins at the slice or moment that was begun last,
//! and ends at a slice that has begun before.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde_json::{Value, json};

use crate::archive::{ShownEvent, ShownWhat};
use crate::report::{Lane, Shown, State, Stretch, Wake, name_of};

/// The numbers of processes are so far apart, so that each has room for its lanes: no two have the same.
const PROCESS: usize = 1_000_000;

/// The lanes of the OS threads come after those of so many actors.
const THREADS: usize = 100_000;

/// The file for these runs.
pub fn chrome(runs: &[Shown]) -> String {
    let mut events: Vec<Value> = Vec::new();
    let (mut timed, mut arrows) = (Vec::new(), 0);
    for (process, run) in (1..).map(|number| number * PROCESS).zip(runs) {
        let (lanes, woken) = (run.lanes(), run.wakes());
        named(run, &lanes, process, &mut events);
        timed.extend(slices(&lanes, &woken, process));
        timed.extend(run.events.iter().filter_map(|event| step(event, process)));
        timed.extend(wakes(&lanes, &woken, process, &mut arrows));
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
    name("process_name", process, json!({ "name": format!("{} of {}", run.arm, run.pattern) }));
    name("process_sort_index", process, json!({ "sort_index": process }));
    let threads: BTreeSet<u32> =
        lanes.iter().flat_map(|lane| &lane.stretches).filter_map(|stretch| stretch.thread).collect();
    let actors = lanes.iter().map(|lane| (process + lane.actor, lane.name.clone()));
    let threads = threads.iter().map(|thread| (of_thread(process, *thread), os_thread(*thread)));
    for (lane, its) in actors.chain(threads) {
        name("thread_name", lane, json!({ "name": its }));
        name("thread_sort_index", lane, json!({ "sort_index": lane }));
    }
}

fn of_thread(process: usize, thread: u32) -> usize {
    process + THREADS + thread as usize
}

fn os_thread(thread: u32) -> String {
    format!("OS thread {thread}")
}

/// What each actor does, and who runs on each OS thread.
fn slices(lanes: &[Lane], wakes: &[Wake], process: usize) -> Vec<Timed> {
    let by = |wake: &Wake| wake.by.and_then(|by| name_of(lanes, by)).unwrap_or("the runtime");
    let woken_by: BTreeMap<(usize, Duration), &str> =
        wakes.iter().map(|wake| ((wake.whom, wake.began), by(wake))).collect();
    let mut slices = Vec::new();
    let mut running: Vec<(usize, String, Stretch)> = Vec::new();
    for lane in lanes {
        for stretch in &lane.stretches {
            let mut arguments = json!({ "inside": stretch.inside });
            match stretch.state {
                State::Running => arguments["on"] = stretch.thread.map(os_thread).into(),
                State::Ready => {
                    arguments["woken_by"] = woken_by.get(&(lane.actor, stretch.to)).copied().into();
                }
                State::Waiting | State::Pausing => {}
            }
            let word = stretch.state.word();
            slices.push(slice(word, "state", (process, process + lane.actor), stretch, &arguments));
            let (State::Running, Some(thread)) = (stretch.state, stretch.thread) else { continue };
            let thread = of_thread(process, thread);
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
        "ph": "i", "s": "t", "name": step, "cat": "step", "pid": process, "tid": process + event.actor,
        "ts": micros(at), "args": arguments,
    });
    Some(Timed { at, lasts: Duration::ZERO, event })
}

/// An arrow from who wakes a task to where that has its turn. It begins at a moment of its own, because who wakes may have
/// said nothing in that turn, which is not known then to have been one.
fn wakes(lanes: &[Lane], wakes: &[Wake], process: usize, arrows: &mut usize) -> Vec<Timed> {
    let mut events = Vec::new();
    for wake in wakes {
        let Some(by) = wake.by else { continue };
        *arrows += 1;
        let event = |phase: &str, name: &str, actor: usize, at: Duration, more: &[(&str, Value)]| {
            let mut event = json!({
                "ph": phase, "name": name, "cat": "wake", "pid": process, "tid": process + actor, "ts": micros(at),
            });
            for (field, value) in more {
                event[*field] = value.clone();
            }
            Timed { at, lasts: Duration::ZERO, event }
        };
        let wakes = format!("wakes {}", name_of(lanes, wake.whom).unwrap_or("somebody"));
        // Within the slice that begins there, not at its begin, where the one before ends.
        let began = wake.began + Duration::from_nanos(1);
        events.push(event("i", &wakes, by, wake.at, &[("s", "t".into())]));
        events.push(event("s", "wakes", by, wake.at, &[("id", (*arrows).into())]));
        events.push(event("f", "wakes", wake.whom, began, &[("id", (*arrows).into()), ("bp", "e".into())]));
    }
    events
}

/// In microseconds with three digits behind the point, as the format has it.
fn micros(time: Duration) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "no run lasts a hundred days")]
    let nanos = time.as_nanos() as f64;
    nanos / 1e3
}
