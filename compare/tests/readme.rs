//! The README shows what the program prints.

use std::fs;
use std::path::Path;
use std::process::Command;

use compare::Exit;
use compare::campaign;
use compare::pair::pair;
use compare::render::{Medium, table};
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

/// A line without what may differ from run to run and from machine to machine: figures, units, bars and winners.
fn shape(line: &str) -> String {
    let words = line.split_whitespace().filter(|word| !word.contains(['│', '█']));
    let words = words.map(|word| {
        let bare = word.trim_matches(|c: char| c == '(' || c == ')' || c == ';' || c == ',');
        if bare.parse::<f64>().is_ok() {
            return word.replace(bare, "N");
        }
        match bare {
            "ns" | "µs" | "ms" | "s" => word.replace(bare, "U"),
            "core" | "cores" => word.replace(bare, "cores"),
            "worker" | "workers" => word.replace(bare, "workers"),
            "run" | "runs" => word.replace(bare, "runs"),
            _ => word.into(),
        }
    });
    let mut words: Vec<String> = words.collect();
    // A row ends with who is faster; only there does such a word follow a ratio.
    if let Some(last) = words.iter().rposition(|word| word == "N")
        && matches!(words[last + 1..].join(" ").as_str(), "threads" | "tasks" | "no clear" | "timer")
    {
        words.truncate(last + 1);
        words.push("W".into());
    }
    words.join(" ")
}

#[test]
fn the_output_is_the_programs() {
    let mut lab = lab(|settings| {
        settings.pace = Pace::new(0.001).expect("a pace");
        settings.runs = 1;
    });
    let pairs: Vec<_> = Pattern::all().map(pair).collect();
    let (mut report, exit) = campaign::compare(&pairs, &mut lab);
    assert_eq!(exit, Exit::Agree);
    // On a slow machine, a few pairs have fewer runs than they should, and a line says so.
    report.pairs.iter_mut().for_each(|pair| pair.behaviour.runs.judged = Vec::new());
    let printed = table(&report, Medium { colour: false, width: Some(80) });

    let readme = readme();
    let shown = between(&readme, "```text\n", "```\n");
    // Where a line is wrapped depends on the figures, so words are compared, not lines.
    let shapes = |text: &str| text.lines().map(shape).collect::<Vec<_>>().join(" ");
    assert_eq!(shapes(shown), shapes(&printed), "the README shows another form than:\n{printed}");
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
        let head = "semaphore: ✓ same\n200 runs of each side: 1 at pace 0.05, 1 at pace 1.2, 3 at pace 0.2, 146 with noise";
        assert!(text.starts_with(head), "{text}");
        assert!(text.contains("\nplan: hold 500ms, permits 3, workers 3\n"), "{text}");
        let bound = " runs of each side with this plan (";
        assert!(text.contains(bound), "{text}");
        for level in ["outcome", "scripts", "laws", "relations", "interleavings", "habits"] {
            assert!(text.contains(&format!(" {level:<15}")), "{level}: {text}");
        }
        for part in ["threads, run ", "main      (", "inside ≤3 "] {
            assert!(text.contains(&format!("\n{part}")), "{part}: {text}");
        }
        assert!(text.contains(" orders on threads in ") && text.contains(" orders on tasks in "), "{text}");
        assert!(text.contains("\nA Acquired, C Completed, R Releasing, W Waiting, ~ pauses"), "{text}");
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
