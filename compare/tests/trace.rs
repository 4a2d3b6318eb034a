//! What `compare trace` shows: a timeline, text, JSON, a log, and a file for Perfetto, which keeps the rules of the
//! trace-event format as its description has them: known phases, times in order, slices of a lane that are apart or nested,
//! names for all lanes, arrows with both ends.

use std::collections::{BTreeMap, BTreeSet};
use std::panic;

use serde_json::{Value, json as document};
use shared::Pattern;

mod program;

use program::{assert_refused, json, run, text as written};

/// What a trace of this shows, called so besides.
fn trace(pattern: &str, args: &[&str]) -> String {
    let output = run(&[&["trace", pattern, "--color", "never"], args].concat());
    assert_eq!(output.status.code(), Some(0), "{}", written(&output.stderr));
    written(&output.stdout)
}

fn widest(text: &str) -> &str {
    text.lines().max_by_key(|line| line.chars().count()).unwrap_or_default()
}

#[test]
fn a_timeline_shows_both_arms_on_one_clock() {
    let stacked = trace("semaphore", &["--width", "80"]);
    let lines: Vec<&str> = stacked.lines().collect();
    for arm in ["threads", "tasks"] {
        let title =
            lines.iter().position(|line| line.starts_with(&format!("{arm}, run 1: "))).expect("a title");
        assert!(lines[title + 1].contains("╷0"), "{stacked}");
        assert!(lines[title + 2].starts_with("0 main "), "{stacked}");
        let worker = lines[title + 3];
        assert!(
            worker.starts_with("1 worker 0 ") && worker.contains('≈') && worker.contains('W'),
            "{stacked}"
        );
    }
    assert!(stacked.contains("\n  thread 1 "), "tasks share their threads: {stacked}");
    assert!(stacked.contains("W Waiting, A Acquired, R Releasing, C Completed"), "{stacked}");
    assert!(stacked.contains("who woke whom, and ready for how long at most: worker"), "{stacked}");
    let beside = trace("semaphore", &["--width", "160"]);
    assert!(
        beside.lines().any(|line| line.contains("threads, run 1") && line.contains("tasks, run 1")),
        "{beside}"
    );
}

#[test]
fn what_is_shown_fits_the_width_and_can_do_with_ascii() {
    for pattern in Pattern::all() {
        for width in [80, 160] {
            for format in ["timeline", "text"] {
                let args = ["--pace", "0.001", "--width", &width.to_string(), "--format", format, "--ascii"];
                let shown = trace(pattern.card().slug, &args);
                assert!(widest(&shown).chars().count() <= width, "{}", widest(&shown));
                assert!(shown.is_ascii(), "{shown}");
            }
        }
    }
}

#[test]
fn a_part_of_a_trace_can_be_looked_at() {
    let part = trace("semaphore", &["--side", "tasks", "--actor", "worker:2", "--actor", "main"]);
    assert!(
        !part.contains("threads, run 1") && part.contains("3 worker 2") && !part.contains("worker 3  "),
        "{part}"
    );
    let part = trace("semaphore", &["--format", "text", "--from", "10ms", "--actor", "worker"]);
    assert!(!part.contains("began") && part.contains("Releasing") && !part.contains(" main "), "{part}");
    let refused = [
        (["--actor", "nobody"], "nobody is \"nobody\" in this pattern: its roles are main, worker"),
        (["--actor", "worker:x"], "as in worker:2"),
        (["--to", "0s"], "--to is not later than --from"),
        (["--width", "7"], "it takes a number of columns from 60 to 1000"),
        (["--from", "soon"], "it takes a time of at most a day, such as 250us or 20ms"),
        (["--actor", "worker:99"], "nothing is in view"),
        (["--from", "20s"], "nothing is in view"),
        (["--log", "in[fo"], "it is no filter"),
    ];
    for (args, due) in refused {
        assert_refused(&run(&[&["trace", "semaphore"], args.as_slice()].concat()), 2, due);
    }
    let none = run(&["trace", "semaphore", "--side", "threads", "--arms", "tasks,tasks:2"]);
    assert_refused(&none, 2, "--side leaves none of the arms");
}

#[test]
fn a_trace_reads_as_text() {
    let trace = trace("worker-struct", &["--pace", "0", "--format", "text", "--width", "80"]);
    assert_eq!(trace.lines().filter(|line| line.ends_with(" Added total=45")).count(), 2, "{trace}");
    assert_eq!(trace.matches("# outcome: {\"after\":45,\"before\":null}").count(), 2, "{trace}");
    let coloured = run(&["trace", "sequential", "--pace", "0", "--color", "always"]);
    assert!(written(&coloured.stdout).contains('\u{1b}'));
}

#[test]
fn a_trace_as_json_has_an_event_a_line() {
    let trace = trace("sequential", &["--pace", "0", "--format", "json"]);
    let events: Vec<Value> =
        trace.lines().map(|line| serde_json::from_str(line).expect("an object")).collect();
    // Its begin and end, its start and finish, and each of the ten with a pause; on both sides.
    assert_eq!(events.len(), 2 * (2 + 2 + 2 * 10));
    assert_eq!((&events[3]["step"], &events[3]["values"]), (&"Number".into(), &document!({ "value": 0 })));
    assert_eq!((&events[2]["kind"], &events[2]["notebook_ns"]), (&"paused".into(), &100_000_000.into()));
    assert_eq!(events[23]["end"], "returned");
    assert_eq!((&events[3]["role"], &events[3]["kind"]), (&"main".into(), &"said".into()));
    assert!(
        events[3]["source"].as_str().is_some_and(|source| source.contains("sequential.rs:"))
            && events[3]["at_ns"].is_u64()
            && events[3]["thread"].is_u64()
    );
}

#[test]
fn a_log_is_what_an_ordinary_subscriber_writes() {
    for command in ["run", "trace", "diff"] {
        for place in [&[][..], &["--in-process"]] {
            let args = [&[command, "lock", "--pace", "0", "--runs", "1", "--log", "info"], place].concat();
            let args: Vec<&str> =
                args.into_iter().filter(|arg| command != "trace" || !["--runs", "1"].contains(arg)).collect();
            let output = run(&args);
            let (log, shown) = (written(&output.stderr), written(&output.stdout));
            let line = "run{pattern=lock side=threaded number=1}:actor{role=main number=0}: threaded::locks::lock: Held";
            assert!(log.lines().any(|text| text.contains(line)), "{args:?}: {log}");
            assert_eq!(shown.contains("logged"), command == "run", "{shown}");
        }
    }
    let filtered = written(&run(&["trace", "lock", "--pace", "0", "--log", "asynchronous=info"]).stderr);
    assert!(filtered.lines().all(|line| line.contains(" INFO asynchronous::locks::lock: ")), "{filtered}");
    assert!(filtered.contains("Held"), "{filtered}");
}

/// A time in nanoseconds: the format has microseconds with a fraction.
fn nanos(event: &Value, field: &str) -> u64 {
    let micros = event[field].as_f64().unwrap_or_else(|| panic!("{field} is a number in {event}"));
    assert!((0.0..1e12).contains(&micros), "{event}");
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is a time of a run")]
    let nanos = (micros * 1e3).round() as u64;
    nanos
}

/// The process and the lane of an event.
fn place(event: &Value) -> (u64, u64) {
    let [process, lane] = ["pid", "tid"].map(|field| event[field].as_u64());
    (process.expect("a process"), lane.expect("a lane"))
}

fn text<'a>(event: &'a Value, field: &str) -> &'a str {
    event[field].as_str().unwrap_or_else(|| panic!("{field} is text in {event}"))
}

/// What is wrong with a file, by the format's own rules.
fn check(file: &Value) {
    let events = file["traceEvents"].as_array().expect("a list of events");
    let mut names: BTreeMap<(u64, u64), &str> = BTreeMap::new();
    let (mut processes, mut lanes) = (BTreeSet::new(), BTreeSet::new());
    let mut open: BTreeMap<(u64, u64), Vec<(u64, u64)>> = BTreeMap::new();
    let mut arrows: BTreeMap<u64, Vec<(&str, u64)>> = BTreeMap::new();
    let mut moments: BTreeMap<((u64, u64), u64), &str> = BTreeMap::new();
    let mut before = 0;
    for event in events {
        let phase = text(event, "ph");
        if phase == "M" {
            match text(event, "name") {
                "process_name" => assert!(processes.insert(place(event).0), "named twice: {event}"),
                "thread_name" => {
                    let twice = names.insert(place(event), text(&event["args"], "name"));
                    assert_eq!(twice, None, "{event}");
                    assert!(lanes.insert(place(event).1), "a thread of two processes: {event}");
                }
                "process_sort_index" | "thread_sort_index" => {
                    assert!(event["args"]["sort_index"].is_u64(), "{event}");
                }
                other => panic!("there are no such metadata: {other}"),
            }
            continue;
        }
        let at = nanos(event, "ts");
        assert!(at >= before, "earlier than the event before: {event}");
        before = at;
        assert!(processes.contains(&place(event).0) && names.contains_key(&place(event)), "unnamed: {event}");
        assert!(!text(event, "name").is_empty() && !text(event, "cat").is_empty());
        match phase {
            "X" => {
                let end = at + nanos(event, "dur");
                let around = open.entry(place(event)).or_default();
                around.retain(|(_, its)| *its > at);
                assert!(around.iter().all(|(_, its)| end <= *its), "it overlaps another: {event}");
                around.push((at, end));
            }
            "i" => {
                assert!(["t", "p", "g"].contains(&text(event, "s")), "{event}");
                moments.insert((place(event), at), text(event, "name"));
            }
            "s" | "f" => {
                assert!(phase == "s" || text(event, "bp") == "e", "it would end at the next slice: {event}");
                let begins = moments.get(&(place(event), at)).is_some_and(|name| name.starts_with("wakes "));
                assert!(phase == "f" || begins, "it would begin at what was said before: {event}");
                arrows.entry(event["id"].as_u64().expect("an id")).or_default().push((phase, at));
            }
            other => panic!("there is no such phase: {other}"),
        }
    }
    for (arrow, ends) in arrows {
        assert!(matches!(ends.as_slice(), [("s", from), ("f", to)] if from <= to), "arrow {arrow}: {ends:?}");
    }
}

#[test]
fn the_files_of_all_patterns_keep_the_rules_of_the_format() {
    for pattern in Pattern::all() {
        let output = run(&["trace", pattern.card().slug, "--format", "chrome", "--pace", "0.001"]);
        let file = json(&output);
        check(&file);
        let named = |name: &str| {
            let events = file["traceEvents"].as_array().into_iter().flatten();
            events.filter(|event| event["name"] == name).count()
        };
        assert_eq!(named("process_name"), 2, "{pattern}: a process an arm");
        for event in file["traceEvents"].as_array().into_iter().flatten() {
            let (process, lane) = place(event);
            let is_main = event["name"] == "thread_name" && event["args"]["name"] == "main";
            assert_eq!(
                is_main,
                event["name"] == "thread_name" && lane == process,
                "whose is the main thread? {event}"
            );
            assert!(event["name"] != "ready" || event["args"]["woken_by"].is_string(), "{event}");
            assert!(event["name"] != "running" || event["args"]["on"].is_string(), "{event}");
        }
        assert!(named("running") > 0, "{pattern}");
    }
}

#[test]
fn the_rules_are_felt() {
    let file = |last: &str| -> Value {
        let text = format!(
            r#"{{"traceEvents":[{{"ph":"M","name":"process_name","pid":1,"tid":0,"args":{{"name":"p"}}}},
            {{"ph":"M","name":"thread_name","pid":1,"tid":1,"args":{{"name":"l"}}}},
            {{"ph":"X","name":"a","cat":"c","pid":1,"tid":1,"ts":1.0,"dur":2.0}},{last}]}}"#
        );
        serde_json::from_str(&text).expect("a document")
    };
    check(&file(r#"{"ph":"X","name":"b","cat":"c","pid":1,"tid":1,"ts":1.5,"dur":1.5}"#));
    let wrong = [
        r#"{"ph":"X","name":"b","cat":"c","pid":1,"tid":1,"ts":2.0,"dur":2.0}"#,
        r#"{"ph":"X","name":"b","cat":"c","pid":1,"tid":1,"ts":0.5,"dur":0.1}"#,
        r#"{"ph":"X","name":"b","cat":"c","pid":1,"tid":2,"ts":2.0,"dur":0.1}"#,
        r#"{"ph":"s","name":"b","cat":"c","pid":1,"tid":1,"ts":2.0,"id":1},
           {"ph":"f","name":"b","cat":"c","pid":1,"tid":1,"ts":2.0,"id":1,"bp":"e"}"#,
        r#"{"ph":"i","name":"wakes b","cat":"c","pid":1,"tid":1,"ts":2.0,"s":"t"},
           {"ph":"s","name":"b","cat":"c","pid":1,"tid":1,"ts":2.0,"id":1}"#,
        r#"{"ph":"B","name":"b","cat":"c","pid":1,"tid":1,"ts":2.0}"#,
    ];
    for last in wrong {
        let checked = panic::catch_unwind(|| check(&file(last)));
        assert!(checked.is_err(), "{last}");
    }
}
