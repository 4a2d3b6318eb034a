//! `compare diff`, as its users meet it.

use std::fs;

use serde_json::{Value, json};

mod program;
mod sources;

use program::{assert_refused, compare, json, run, text};
use sources::without_sources;

const QUICK: [&str; 4] = ["--runs", "12", "--pace", "0.001"];

/// What so few runs don't look for.
const UNTRIED: [&str; 4] = [
    "threads that ask again and again, or are busy, in long waits",
    "tasks that ask again and again in long waits",
    "tasks that block the thread which they share",
    "tasks that block that thread instead of pausing",
];

fn diff(args: &[&str]) -> Vec<&'static str> {
    // Leaked, because a test's arguments live as long as the test.
    let all = ["diff"].iter().chain(args).chain(&QUICK);
    all.map(|arg| &*String::from(*arg).leak()).collect()
}

fn lines(args: &[&str]) -> Vec<String> {
    let output = run(args);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    text(&output.stdout).lines().map(String::from).collect()
}

#[test]
fn the_verdict_comes_first_and_then_a_line_for_each_level() {
    let lines = lines(&diff(&["semaphore"]));
    assert_eq!(lines[0], "semaphore: ✓ same");
    assert!(lines[1].starts_with("12 runs of each side: 2 at pace 0.001, 8 with noise ("));
    assert_eq!(lines[2], "plan: hold 500ms, permits 3, workers 6");
    // One had another plan; 1 - 0.05^(1/11), and what that doesn't speak of.
    assert_eq!(
        lines[3],
        "11 runs of each side with this plan (7 with noise): what shows in more than 23.8\u{a0}% of such runs was seen, \
         at 95\u{a0}% confidence; another plan, machine or noise may show more"
    );
    assert_eq!(lines[4], format!("not looked for, or in too few runs: {}", UNTRIED.join("; ")));
    let levels = ["outcome", "scripts", "laws", "relations", "interleavings", "habits"];
    for (line, level) in lines[6..].iter().zip(levels) {
        assert_eq!(line.split_whitespace().nth(1), Some(level), "{line}");
    }
}

#[test]
fn what_must_be_possible_is_not_looked_for_in_two_runs() {
    let document = json(&run(&["diff", "singleton", "--pace", "0", "--runs", "2", "--format", "json"]));
    let behaviour = &document["behaviour"];
    let seen = &behaviour["at_once"][0]["seen"][0];
    assert_eq!([&seen["brought_about"], &seen["tries"], &seen["of"]], [2, 2, 0]);
    // It was brought about, so that it is possible.
    assert_eq!(behaviour["untried"].as_array().map(Vec::len), Some(UNTRIED.len()), "{behaviour}");
}

#[test]
fn a_documented_difference_is_reported_with_a_run_that_shows_it() {
    let text = lines(&diff(&["daemon"])).join("\n");
    assert!(text.starts_with("daemon: ≈ documented\n"), "{text}");
    assert!(text.contains("≈ daemon (daemon: cancelled)") && text.contains("(run 1 of tasks)"), "{text}");
}

#[test]
fn lanes_show_a_run_of_each_side() {
    let lines = lines(&diff(&["semaphore", "--set", "workers=2", "--lanes=3"]));
    let titles = lines.iter().position(|line| line.starts_with("threads, run 3: ")).expect("a title");
    assert!(lines.iter().any(|line| line.starts_with("tasks, run 3: ")));
    let lane = &lines[titles + 3];
    assert!(lane.starts_with("1 worker 0 ") && lane.contains('('), "{lane}");
    assert!(lines.iter().any(|line| line.starts_with("W Waiting, A Acquired, R Releasing, C Completed")));
}

#[test]
fn one_side_is_compared_with_itself_in_another_folder() {
    let parent = tempfile::tempdir().expect("a folder");
    let folders = ["one", "other"].map(|name| parent.path().join(name));
    let [one, other] = folders.each_ref().map(|folder| folder.to_str().expect("a name"));
    for (folder, seed) in [(one, "1"), (other, "2")] {
        json(&run(&diff(&["semaphore", "--seed", seed, "--save-traces", folder, "--format", "json"])));
    }
    let against = |args: &[&str]| {
        run(&[&["diff", "semaphore", "--from", one, "--against", other, "--format", "json"], args].concat())
    };
    for (side, arm) in [("tasks", "tasks"), ("threads", "threads")] {
        let document = json(&against(&["--side", side, "--lanes=1"]));
        assert_eq!(document["behaviour"]["arms"], json!([arm, format!("{arm} again")]));
        assert_eq!((&document["traces"], &document["against"]["folder"]), (&json!(one), &json!(other)));
        assert_eq!(document["against"]["settings"]["seed"], 2);
        assert_eq!(document["lanes"][1]["arm"], format!("{arm} again"));
        assert_eq!(document["behaviour"]["verdict"], "same", "{document}");
    }
    let text = text(&run(&["diff", "semaphore", "--from", one, "--against", other]).stdout);
    assert!(text.contains(&format!("tasks: {one} (seed 1); tasks again: {other} (seed 2)\n")), "{text}");
    let set = run(&diff(&["semaphore", "--set", "workers=2", "--save-traces", &format!("{other}2")]));
    assert_eq!(set.status.code(), Some(0));
    let plans = run(&["diff", "semaphore", "--from", one, "--against", &format!("{other}2")]);
    assert_refused(&plans, 2, "have different plans");
    assert_refused(&run(&["diff", "semaphore", "--against", other]), 2, "--from");
}

#[test]
fn the_document_holds_all_of_it() {
    let document = json(&run(&diff(&["condition", "--format", "json"])));
    assert_eq!((&document["schema"], &document["pattern"]), (&6.into(), &"condition".into()));
    assert_eq!(document["plan"]["consumers"], 2);
    assert_eq!(document["rounds"].as_array().map(Vec::len), Some(12));
    assert_eq!(
        (&document["rounds"][0]["pace"], &document["rounds"][0]["noise"]),
        (&0.001.into(), &Value::Null)
    );
    let behaviour = &document["behaviour"];
    assert_eq!(behaviour["runs"]["made"][0], 12);
    let judged = |arm| json!({ "arm": arm, "runs": 12, "noisy": 8, "calm": 2, "paced": 2, "other_plans": 0 });
    assert_eq!(behaviour["runs"]["judged"], json!(["threads", "tasks"].map(judged)));
    let bound = behaviour["missed_at_most"].as_f64().expect("a number");
    assert!((bound - (1.0 - 0.05_f64.powf(1.0 / 12.0))).abs() < 1e-9, "{bound}");
    for list in ["levels", "differences", "findings"] {
        assert!(behaviour[list].is_array(), "{list}");
    }
    assert!(behaviour["relations"]["both"][0]["bond"].is_string());
    let at_once = &behaviour["at_once"][0];
    assert_eq!(at_once["what"], "2 × consumer and 1 × producer at the begin at once");
    for (seen, arm) in at_once["seen"].as_array().expect("a list").iter().zip(["threads", "tasks"]) {
        // Each of two overlaps is brought about three times.
        assert_eq!(
            [&seen["arm"], &seen["brought_about"], &seen["tries"], &seen["of"]],
            [&json!(arm), &json!(3), &json!(3), &json!(6)]
        );
        assert!(seen["shown"].as_u64().is_some_and(|shown| shown <= 6));
    }
    assert_eq!(behaviour["untried"], json!(UNTRIED));
    for arm in 0..2 {
        for figure in ["runs", "distinct", "unseen", "unseen_at_most"] {
            assert!(behaviour["interleavings"]["spreads"][arm][figure].is_number(), "{figure}");
        }
    }
    assert!(behaviour["habits"]["tested"].is_u64());
    let lanes = json(&run(&diff(&["condition", "--format", "json", "--lanes=2"])));
    assert_eq!((&lanes["lanes"][1]["arm"], &lanes["lanes"][1]["number"]), (&"tasks".into(), &2.into()));
}

#[test]
fn kept_traces_show_the_same_again() {
    let parent = tempfile::tempdir().expect("a folder");
    let folder = parent.path().join("traces");
    let folder = folder.to_str().expect("a name");
    let mut made = json(&run(&diff(&["barrier", "--save-traces", folder, "--format", "json"])));
    let mut read = json(&run(&["diff", "barrier", "--from", folder, "--format", "json"]));
    for document in [&mut made, &mut read] {
        assert_eq!(document["traces"].take(), folder);
    }
    assert_eq!(without_sources(&made), without_sources(&read));
    let files = fs::read_dir(folder).expect("a folder").count();
    assert_eq!(files, 1 + 2 * 12, "the contents, and a file for each run");
    let refused = run(&["diff", "barrier", "--save-traces", folder]);
    assert_refused(&refused, 2, "there is something in its place, name a new one");
}

#[test]
fn what_cannot_be_read_gets_one_clear_line() {
    let parent = tempfile::tempdir().expect("a folder");
    let folder = parent.path().to_str().expect("a name");
    assert_refused(&run(&["diff", "barrier", "--from", folder]), 2, "name a folder that --save-traces made");
    assert_refused(
        &run(&["diff", "barrier", "--from", "/dev/null"]),
        2,
        "name a folder that --save-traces made",
    );
    fs::write(parent.path().join("diff.json"), "{ \"schema\": 1, ").expect("it can be written");
    assert_refused(&run(&["diff", "barrier", "--from", folder]), 2, "it was not written whole");
    fs::write(parent.path().join("diff.json"), [0xff, 0xfe]).expect("it can be written");
    assert_refused(&run(&["diff", "barrier", "--from", folder]), 2, "it is no text");
}

#[test]
fn what_a_plan_cannot_hold_gets_one_clear_line() {
    let cases = [
        ("colour=blue", "semaphore has no \"colour\" to set: it has hold, permits, workers"),
        ("permits=0", "permits of semaphore takes a whole number from 1 to 1000, not \"0\""),
        (
            "workers=1000000000",
            "workers of semaphore takes a whole number from 0 to 1000, not \"1000000000\"",
        ),
        (
            "hold=forever",
            "hold of semaphore takes a time of at most an hour, such as 500ms or 2s, not \"forever\"",
        ),
        ("workers", "it takes a field of the plan and its value, such as workers=50"),
    ];
    for (set, due) in cases {
        assert_refused(&run(&["diff", "semaphore", "--set", set]), 2, due);
        assert_refused(&run(&["trace", "semaphore", "--set", set]), 2, due);
        assert_refused(&run(&["run", "semaphore", "--set", set]), 2, due);
    }
    assert_refused(&run(&["locks", "--set", "permits=2"]), 2, "--set is for the plan of one pattern");
    let both = run(&["diff", "semaphore", "--from", "x", "--set", "permits=2"]);
    assert_refused(&both, 2, "cannot be used with");
}

#[test]
fn nothing_acts_on_the_terminal() {
    let output = run(&["diff", "semaphore", "--set", "workers=\u{1b}[31m5\n6"]);
    assert_refused(&output, 2, "workers of semaphore takes a whole number from 0 to 1000, not");
    assert!(!text(&output.stderr).contains('\u{1b}'));
    assert_refused(&run(&["diff", "semaphore", "--from", "\u{1b}[31m"]), 2, "\\u{1b}[31m");
}

#[test]
fn a_plan_is_set_for_every_command() {
    let report =
        json(&run(&["semaphore", "--set", "workers=2", "--pace", "0", "--runs", "1", "--format", "json"]));
    assert_eq!(report["pairs"][0]["sides"][0]["actors"], 3, "two workers and the main line");
    let trace = run(&["trace", "semaphore", "--set", "workers=2", "--pace", "0", "--format", "json"]);
    let began = text(&trace.stdout).lines().filter(|line| line.contains("\"kind\":\"began\"")).count();
    assert_eq!(began, 6, "three actors on each side");
    let diff =
        json(&run(&diff(&["semaphore", "--set", "workers=2", "--set", "hold=20ms", "--format", "json"])));
    assert_eq!(diff["plan"]["workers"], 2);
    assert_eq!(diff["plan"]["hold"]["nanos"], 20_000_000);
}

#[test]
fn other_formats_and_files() {
    let parent = tempfile::tempdir().expect("a folder");
    let file = parent.path().join("diff.md");
    let output =
        compare(&diff(&["event", "--format", "markdown", "-o", file.to_str().expect("a name")])).output();
    let output = output.expect("the program starts");
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(0), String::new()));
    let markdown = fs::read_to_string(&file).expect("it is there");
    assert!(markdown.starts_with("```text\nevent: ✓ same\n") && markdown.ends_with("```\n"), "{markdown}");
    assert_refused(&run(&["diff"]), 2, "<PATTERN>");
    assert_refused(&run(&["diff", "locks"]), 2, "\"locks\" is a section: name one of its patterns");
    assert_refused(&run(&["diff", "semaphore", "--lanes=0"]), 2, "it takes the number of a run, from 1 on");
    let beyond = run(&diff(&["semaphore", "--lanes=13"]));
    assert_refused(&beyond, 2, "there is no run 13 to show as lanes: there are runs 1 to 12");
    let nowhere = run(&["diff", "semaphore", "--save-traces", "no/such/folder"]);
    assert_refused(&nowhere, 2, "cannot keep traces in no/such/folder: there is no such folder");
    assert_refused(&run(&["diff", "semaphore", "--runs", "0"]), 2, "it takes a whole number from 1 to 10000");
    let document: Value = json(&run(&diff(&["event_timeout", "--format", "json"])));
    assert_eq!(document["behaviour"]["interleavings"], Value::Null, "one waiter has no order");
}
