//! The README shows what the program prints.

use std::fs;
use std::path::Path;
use std::process::Command;

use compare::Exit;
use compare::campaign;
use compare::lab::Arm;
use compare::pair::pair;
use compare::render::{Medium, table};
use compare::report::Effort;
use shared::{Pace, Pattern};

mod laboratory;

use laboratory::lab;

fn readme() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md")).expect("the README")
}

/// The text between two lines of the README.
fn between<'a>(readme: &'a str, start: &str, end: &str) -> &'a str {
    let (_, rest) = readme.split_once(start).expect("the README has this start");
    rest.split_once(end).expect("and this end").0
}

/// The heading and the table, and which pairs are documented to differ, without what may differ from run to run and from
/// machine to machine: figures, winners, and what is told where it is unusual.
fn shape(text: &str) -> String {
    for told in ["\nwithout waits, of 33 pairs: tasks ahead in ", "a pause lasts longer than"] {
        assert!(text.contains(told), "{told}: {text}");
    }
    let line = |line: &str| {
        let is_row = line.trim_start().starts_with(['✓', '≈']);
        let words = line.split_whitespace().take(if is_row { 2 } else { usize::MAX });
        let is_number = |word: &str| word.trim_end_matches(',').parse::<f64>().is_ok();
        words.map(|word| if is_number(word) { "N" } else { word }).collect::<Vec<_>>().join(" ")
    };
    let (_, documented) = text.split_once("≈ documented in ").expect("some pairs are");
    let documented = documented.split_once("\n\n").expect("more is told").0.replace("\n ", "");
    let table = text.split("\n\n").take(2).flat_map(str::lines).map(line);
    let lines: Vec<String> = table.chain([documented]).collect();
    lines.join(" ").replace(" core;", " cores;")
}

#[test]
fn the_output_is_the_programs() {
    let mut lab = lab(|settings| {
        settings.pace = Pace::new(0.001).expect("a pace");
        settings.runs = 1;
    });
    let pairs: Vec<_> = Pattern::all().map(pair).collect();
    let (report, exit) = campaign::compare(&pairs, &Arm::DEFAULT, &mut lab, &Effort::fixed(2));
    assert_eq!(exit, Exit::Agree);
    let printed = table(&report, Medium { colour: false, width: Some(80) }, false);

    let readme = readme();
    let (_, rest) = readme.split_once("## The table of all pairs").expect("the README has this section");
    let shown = between(rest, "```text\n", "```\n");
    assert_eq!(shape(shown), shape(&printed), "the README shows another form than:\n{printed}");
    for line in shown.lines() {
        assert!(line.chars().count() <= 80, "a terminal of 80 columns breaks {line}");
    }
}

#[test]
fn the_table_of_patterns_is_the_programs() {
    let list = Command::new(env!("CARGO_BIN_EXE_compare")).args(["list", "--format", "markdown"]).output();
    let list = String::from_utf8(list.expect("the program starts").stdout).expect("text");
    let readme = readme();
    let shown = between(&readme, "## The patterns\n\n", "\n## ");
    assert!(shown.ends_with(&list), "the README shows another table than:\n{list}");
}

#[test]
fn the_links_lead_to_files() {
    let readme = readme();
    let targets =
        readme.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(target, _)| target);
    let files: Vec<&str> =
        targets.filter(|target| !target.starts_with("http") && !target.starts_with('#')).collect();
    assert!(!files.is_empty());
    for file in files {
        assert!(Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(file).exists(), "{file}");
    }
}

/// What stands where a line of a timeline begins, but for the times.
#[test]
fn the_timeline_is_the_programs() {
    let args = ["trace", "semaphore", "--set", "workers=3", "--set", "permits=2", "--color", "never"];
    let output = Command::new(env!("CARGO_BIN_EXE_compare")).args(args).output().expect("the program starts");
    let printed = String::from_utf8(output.stdout).expect("text");
    let readme = readme();
    let shown = between(&readme, "```text\n", "```\n");
    // Those of the lanes: a digit and who it is.
    let lanes = |text: &str| -> Vec<String> {
        let begins =
            text.lines().filter_map(|line| line.split_once('(')).map(|(begin, _)| begin.trim().to_owned());
        begins.filter(|begin| begin.starts_with(|first: char| first.is_ascii_digit())).collect()
    };
    let (_, tasks) = printed.split_once("\ntasks, run 1").expect("it is of both arms");
    assert_eq!(lanes(shown), lanes(tasks), "the README shows another form than:\n{printed}");
    for part in [
        "running    ready  waiting  pausing   inside",
        "who woke whom, and ready for how long at most: worker",
    ] {
        assert!(shown.contains(part) && printed.contains(part), "{part}: {printed}");
    }
}

/// Its figures differ from run to run; what it says of them doesn't.
#[test]
fn the_diff_is_the_programs() {
    let readme = readme();
    let (_, rest) = readme.split_once("## How they behave").expect("the README has this section");
    let args =
        ["diff", "semaphore", "--set", "workers=3", "--lanes", "--format", "table", "--color", "never"];
    let output = Command::new(env!("CARGO_BIN_EXE_compare")).args(args).output().expect("the program starts");
    let printed = String::from_utf8(output.stdout).expect("text");
    for text in [between(rest, "```text\n", "```\n"), &printed] {
        let head = "semaphore: ✓ same\n200 runs of each side: 2 at pace 0.05, 1 at pace 1.2, 3 at pace 0.2, 146 with noise";
        assert!(text.starts_with(head), "{text}");
        assert!(text.contains("\nplan: hold 500ms, permits 3, workers 3\n"), "{text}");
        let bound = " runs of each side with this plan (";
        assert!(text.contains(bound), "{text}");
        for level in ["outcome", "scripts", "laws", "relations", "interleavings", "habits"] {
            assert!(text.contains(&format!(" {level:<15}")), "{level}: {text}");
        }
        for part in ["threads, run ", "0 main ", "tasks, run "] {
            assert!(text.contains(&format!("\n{part}")), "{part}: {text}");
        }
        assert!(text.contains(" orders on threads in ") && text.contains(" orders on tasks in "), "{text}");
        assert!(text.contains("\nW Waiting, A Acquired, R Releasing, C Completed, ( begins"), "{text}");
    }
}

/// A bound is soon read as more than it says.
#[test]
fn the_readme_says_what_the_bound_does_not_say() {
    let words = readme().split_whitespace().collect::<Vec<_>>().join(" ");
    let due =
        "It speaks of runs like these: of this plan, on this machine, with such noise as often as here.";
    assert!(words.contains(due));
}
