//! The document of `compare run` is the one that `document.md` describes, and the lines of `compare trace` are as `trace.md`
//! has them.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

#[path = "program/unset.rs"]
mod unset;

use unset::unset;

/// A line of the description: a path, and which forms a value may have there.
struct Described {
    path: String,
    forms: Vec<String>,
}

fn described(file: &str) -> Vec<Described> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    let text = fs::read_to_string(file).expect("it is there");
    let cells = text.lines().filter_map(|line| line.strip_prefix("| `")?.split_once("` | "));
    let described = cells.map(|(path, rest)| {
        let forms = rest.split(" | ").next().expect("a form follows").split(" or ");
        Described { path: path.to_owned(), forms: forms.map(str::to_owned).collect() }
    });
    described.collect()
}

/// The forms that this value has.
fn forms(value: &Value) -> &'static [&'static str] {
    match value {
        Value::Null => &["null"],
        Value::Bool(_) => &["truth"],
        Value::Number(number) if number.is_u64() || number.is_i64() => &["whole", "number"],
        Value::Number(_) => &["number"],
        Value::String(_) => &["text"],
        Value::Array(_) => &["list"],
        Value::Object(fields) if fields.keys().eq(["high_ns", "low_ns", "median_ns"]) => {
            &["figure", "object"]
        }
        Value::Object(_) => &["object"],
    }
}

/// Holds a value to the lines of its path, and what is in it, and notes which lines it keeps to.
fn hold(
    value: &Value,
    path: &str,
    described: &[Described],
    kept: &mut BTreeSet<String>,
    wrong: &mut Vec<String>,
) {
    let line = described.iter().find(|line| line.path == path);
    if let Some(Described { forms: due, .. }) = line {
        kept.insert(path.to_owned());
        if due.iter().any(|form| form == "any" || form == "figure" && forms(value).contains(&"figure")) {
            return;
        }
        if !forms(value).iter().any(|form| due.iter().any(|due| due == form)) {
            wrong.push(format!("{path} is {:?}, and not {due:?}", forms(value)));
        }
    }
    match value {
        Value::Array(values) => {
            for value in values {
                hold(value, &format!("{path}[]"), described, kept, wrong);
            }
        }
        Value::Object(fields) => {
            for (field, value) in fields {
                let dot = if path.is_empty() { "" } else { "." };
                hold(value, &format!("{path}{dot}{field}"), described, kept, wrong);
            }
        }
        _ if line.is_none() => wrong.push(format!("{path} is not described")),
        _ => {}
    }
}

#[test]
fn the_document_is_as_it_is_described() {
    let described = described("document.md");
    let (mut kept, mut wrong) = (BTreeSet::new(), Vec::new());
    let document = |args: &[&str]| -> Value {
        let mut command = Command::new(env!("CARGO_BIN_EXE_compare"));
        unset(&mut command);
        let output = command.args(args).args(["--runs", "2", "--format", "json"]).output();
        let output = output.expect("the program starts");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).expect("it is a document")
    };
    let paced = ["--pace", "0.001"];
    let logged = ["sequential", "race_condition", "daemon", "--log", "off"];
    for names in [&logged[..], &["condition", "as_completed", "attributes"]] {
        hold(&document(&[names, &paced].concat()), "", &described, &mut kept, &mut wrong);
    }
    let idioms = document(&["idioms", "singleton"]);
    for report in idioms["reports"].as_array().expect("a report of each side") {
        hold(report, "", &described, &mut kept, &mut wrong);
    }
    hold(&idioms["memory"], "memory", &described, &mut kept, &mut wrong);
    let arms = idioms["memory"].as_array().map_or(0, Vec::len);
    assert_eq!(arms, 4, "each side's cell and idiom: {}", idioms["memory"]);
    assert_eq!(wrong, Vec::<String>::new());
    // What these pairs, which agree, don't have: pauses that `compare cost` alone measures, and what would be wrong.
    let rare = ["costs[].late[]", "pairs[].behaviour.findings[]"];
    let lines: BTreeSet<String> = described.into_iter().map(|line| line.path).collect();
    let missing: Vec<&String> =
        lines.difference(&kept).filter(|path| !rare.contains(&path.as_str())).collect();
    assert!(missing.is_empty(), "nothing in the documents is {missing:?}");
}

#[test]
fn the_lines_of_a_trace_are_as_they_are_described() {
    let described = described("examples/loading/trace.md");
    let (mut kept, mut wrong) = (BTreeSet::new(), Vec::new());
    for pattern in ["daemon", "semaphore", "event_timeout", "cpu_bound"] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_compare"));
        unset(&mut command);
        let args = ["trace", pattern, "--pace", "0.001", "--format", "json"];
        let output = command.args(args).output().expect("the program starts");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        for line in String::from_utf8(output.stdout).expect("text").lines() {
            let event: Value = serde_json::from_str(line).expect("an event");
            hold(&event, "", &described, &mut kept, &mut wrong);
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    let missing: Vec<String> =
        described.into_iter().map(|line| line.path).filter(|path| !kept.contains(path)).collect();
    assert!(missing.is_empty(), "no event has {missing:?}");
}
