//! What `compare show` shows, and what helps to find a name.

use std::fs;
use std::path::Path;

use shared::Pattern;

mod program;

use program::{assert_refused, json, run, text};

fn show(pattern: &str, args: &[&str]) -> String {
    let output = run(&[&["show", pattern, "--color", "never"], args].concat());
    assert_eq!((output.status.code(), text(&output.stderr).as_str()), (Some(0), ""), "{pattern}");
    text(&output.stdout)
}

/// Nothing of any file is lost, and nothing is wider than asked.
#[test]
fn all_of_both_sources_is_shown_however_narrow() {
    let letters = |text: &str| -> String { text.split_whitespace().collect() };
    for pattern in Pattern::all() {
        let slug = pattern.card().slug;
        for width in ["80", "160"] {
            let shown = show(slug, &["--width", width]);
            let widest = shown.lines().map(|line| line.chars().count()).max();
            assert!(widest <= width.parse().ok(), "{shown}");
            assert!(
                shown.contains("\nwhat differs: ") && shown.contains(" lines of code, beyond `async`"),
                "{shown}"
            );
        }
        let problem = show(slug, &["--problem", "--width", "1000"]);
        let file = format!("shared/src/{}", pattern.card().path());
        assert!(problem.starts_with(&file), "{problem}");
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let source = fs::read_to_string(root.join(file)).expect("it is a file of the workspace");
        let unnumbered = problem.lines().skip(1).map(|line| line.get(4..).unwrap_or_default());
        assert_eq!(letters(&unnumbered.collect::<Vec<_>>().join("\n")), letters(&source));
    }
}

#[test]
fn what_was_said_stands_beside_its_line() {
    let shown = show("semaphore", &["--trace", "--pace", "0", "--width", "160"]);
    let line = shown.lines().find(|line| line.contains("says(Step::Acquired)")).expect("the line is shown");
    assert_eq!(line.matches("6× ").count(), 2, "{shown}");
    let silent = shown.lines().find(|line| line.contains("drop(permit)")).expect("the line is shown");
    assert!(!silent.contains('×'), "{shown}");
}

#[test]
fn the_plan_of_a_pattern_is_listed_with_its_limits() {
    let listed = text(&run(&["list", "semaphore"]).stdout);
    for field in ["hold=500ms (at most an hour)", "permits=3 (1 to 1000)", "workers=6 (0 to 1000)"] {
        assert!(listed.contains(&format!("\n  {field}\n")), "{listed}");
    }
    let document = json(&run(&["list", "--format", "json"]));
    for listed in document.as_array().expect("a list") {
        for field in listed["plan"].as_array().expect("a list") {
            assert!(
                ["name", "kind", "default", "limits"].iter().all(|key| field[key].is_string()),
                "{field}"
            );
        }
    }
}

#[test]
fn what_is_nearly_right_is_asked_for() {
    let cases: &[(&[&str], &str)] = &[
        (&["semaphor"], "is \"semaphore\" meant?"),
        (&["tracee"], "is \"trace\" meant?"),
        (&["run", "--pce", "0"], "is \"--pace\" meant?"),
        (&["trace", "lock", "--format", "chrom"], "is \"chrome\" meant?"),
        (&["diff", "semaphore", "--set", "wrkers=2"], "is \"workers\" meant?"),
    ];
    for (args, due) in cases {
        assert_refused(&run(args), 2, due);
    }
}

#[test]
fn idioms_are_shown_and_compared() {
    let shown = show("semaphore", &["--idiom", "--width", "160"]);
    assert!(
        shown.starts_with("threaded/src/locks/semaphore/idiom.rs") && shown.contains("acquire_owned()"),
        "{shown}"
    );
    let narrow = show("semaphore", &["--idiom", "--width", "80"]);
    let (threads, tasks) = narrow.split_once("asynchronous/src/locks/semaphore/idiom.rs").expect("both");
    assert!(
        threads.contains("thread::scope")
            && !threads.contains("acquire_owned")
            && !tasks.contains("thread::scope"),
        "one after the other: {narrow}"
    );
    assert_refused(
        &run(&["show", "sequential", "--idiom"]),
        2,
        "the cell of sequential is what one would write",
    );
    assert_refused(&run(&["idioms", "sequential"]), 2, "a cell is the idiom itself");
    let table = text(&run(&["idioms", "singleton", "condition", "--runs", "2"]).stdout);
    let rows = |pattern: &str| -> Vec<&str> {
        table.lines().filter(|line| line.trim_start().starts_with(pattern)).collect()
    };
    assert_eq!((rows("singleton").len(), rows("condition").len()), (2, 2), "a row a side: {table}");
    assert!(rows("singleton").iter().all(|row| row.ends_with(')')), "two processes decide nothing: {table}");
    assert!(rows("condition")[1].ends_with(" -"), "tokio's timer: {table}");
    let is_weighed = |row: &&str| row.matches(" kB").count() == 2;
    assert!(!cfg!(target_os = "linux") || rows("condition").iter().all(is_weighed), "{table}");
    assert!(table.lines().take(6).all(|line| line.chars().count() <= 80) && !table.contains('✗'), "{table}");
}

#[test]
fn shells_learn_the_names() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = text(&run(&["completions", shell]).stdout);
        assert!(script.contains("completions") && script.contains("save-traces"), "{shell}");
        // The others complete no names but those of commands and flags.
        assert!(script.contains("many_producers_consumers") || !["bash", "zsh"].contains(&shell), "{shell}");
    }
    assert_refused(&run(&["completions", "tcsh"]), 2, "'tcsh'");
}
