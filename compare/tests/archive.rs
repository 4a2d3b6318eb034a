//! Archives: what was kept is read back as it was, and what is torn or hostile gets one clear line.

use std::fs;
use std::path::{Path, PathBuf};

use compare::archive::{self, Archive, KEPT};
use compare::behaviour::Verdict;
use compare::campaign::{self, Diffed, Kept, Lanes, Reading};
use compare::pair::{Pair, pair};
use serde_json::{Value, json};
use shared::Pattern;
use tempfile::TempDir;

mod kept;
mod laboratory;
mod sources;

use kept::kept;
use sources::without_sources;

/// What an archive shows when it is read again, or the line that says why it can't be.
fn read(pair: &Pair, folder: &Path) -> Result<Diffed, String> {
    let contents =
        archive::contents(folder, pair.problem().card().pattern).map_err(|error| error.to_string())?;
    let reading = Reading { lanes: Some(Lanes::Run(3)) };
    campaign::read(pair, Kept::both(folder, &contents), reading).map_err(|error| error.to_string())
}

fn semaphore() -> Pair {
    pair(Pattern::Semaphore)
}

fn folder() -> (TempDir, PathBuf) {
    let parent = TempDir::new().expect("a folder");
    let folder = parent.path().join("traces");
    (parent, folder)
}

#[test]
fn what_was_kept_is_read_back() {
    for pair in Pattern::all().map(pair) {
        let (_parent, folder) = folder();
        let behaviour = kept(&pair, &folder);
        let again = read(&pair, &folder).expect("it was written whole");
        assert_eq!(without_sources(&again.behaviour), without_sources(&behaviour), "{pair:?}");
        assert_eq!(again.lanes.len(), 2);
    }
}

#[test]
fn a_place_that_is_taken_is_not_overwritten() {
    let (_parent, folder) = folder();
    fs::create_dir(&folder).expect("a folder");
    drop(Archive::create(&folder).expect("an empty folder gives way"));
    fs::write(folder.join("precious"), "").expect("a file");
    assert!(Archive::create(&folder).is_err());
    assert!(folder.join("precious").exists());
}

#[test]
fn what_is_not_finished_leaves_nothing() {
    let (parent, folder) = folder();
    drop(Archive::create(&folder).expect("a new folder"));
    assert_eq!(fs::read_dir(parent.path()).expect("a folder").count(), 0);
}

/// Does something to a file of an archive, and reads it.
fn after(file: &str, harm: impl FnOnce(String) -> Option<String>) -> Result<Diffed, String> {
    let (_parent, folder) = folder();
    kept(&semaphore(), &folder);
    let path = folder.join(file);
    match harm(fs::read_to_string(&path).expect("it was written")) {
        Some(text) => fs::write(&path, text).expect("it can be written"),
        None => fs::remove_file(&path).expect("it is there"),
    }
    read(&semaphore(), &folder)
}

/// What is done to the text of a file; none removes it.
type Done = Box<dyn FnOnce(String) -> Option<String>>;

const RUN: &str = "tasks-00002.jsonl";

#[test]
fn what_is_kept_is_as_it_would_be_written() {
    let others = [
        (RUN, "\"pattern\":\"semaphore\",\"side\":", "\"pattern\":\"barrier\",\"side\":"),
        (RUN, "\"asynchronous\",\"event\":", "\"threaded\",\"event\":"),
        (RUN, "\"event\":1,", "\"event\":1,\"extra\":0,"),
        (RUN, "\"event\":1,", "\"event\": 1,"),
        (RUN, "\"cast\":", "\"extra\":0,\"cast\":"),
        ("diff.json", "\"plan\":", "\"extra\":0,\"plan\":"),
    ];
    for (file, written, otherwise) in others {
        let read = after(file, |text| {
            assert!(text.contains(written), "{written}");
            Some(text.replacen(written, otherwise, 1))
        });
        let error = read.map(|_| ()).expect_err(otherwise);
        let due = ["on it is not as it would be written", "unknown field `extra`"];
        assert!(due.iter().any(|due| error.contains(due)), "{error}");
    }
}

#[test]
fn what_is_wrong_with_a_file_is_reported_in_a_line() {
    let cut = |text: String| Some(text[..text.len() / 2].into());
    let cases: Vec<(&str, Done, &str)> = vec![
        (
            "diff.json",
            Box::new(|_| None),
            "there is no diff.json there: name a folder that --save-traces made",
        ),
        ("diff.json", Box::new(|_| Some(String::new())), "line 1: the file is empty"),
        ("diff.json", Box::new(cut), "it ends in the middle"),
        ("diff.json", Box::new(|_| Some(format!("[{KEPT}]"))), "line 1: "),
        (
            "diff.json",
            Box::new(|text| Some(text.replace(&format!("\"schema\": {KEPT}"), "\"schema\": 2"))),
            "it has schema 2, and this program reads schema 6",
        ),
        (
            "diff.json",
            Box::new(|text| Some(text.replace("semaphore", "barrier"))),
            "it is of barrier, not of semaphore",
        ),
        (
            "diff.json",
            Box::new(|text| Some(text.replace("\"workers\": 6", "\"workers\": 1000000000"))),
            "workers of semaphore takes a whole number from 0 to 1000, not 1000000000",
        ),
        (
            "diff.json",
            Box::new(|text| Some(text.replacen("\"plan\": {}", "\"plan\": {\"permit\": 1}", 1))),
            "semaphore has no \"permit\" to set: it has hold, permits, workers",
        ),
        (RUN, Box::new(|_| Some(String::new())), "line 1: the file is empty"),
        (RUN, Box::new(cut), "it ends in the middle: it was not written whole"),
        (RUN, Box::new(|_| Some("what?\n".into())), "line 1: it is no JSON"),
        (
            RUN,
            Box::new(|text| Some(text.replace(&format!("\"schema\":{KEPT}"), "\"schema\":70"))),
            "it has schema 70",
        ),
        (
            RUN,
            Box::new(|text| Some(text.replace(&format!("\"schema\":{KEPT},"), ""))),
            "missing field `schema`",
        ),
        (
            RUN,
            Box::new(|text| Some(text.replace("\"role\":\"worker\"", "\"role\":\"thief\""))),
            "has no role \"thief\"",
        ),
        (RUN, Box::new(|text| Some(text.replace("Acquired", "Stolen"))), "the pattern has no step"),
        (RUN, Box::new(|text| Some(text.replace("\"actor\":3", "\"actor\":300"))), "is out of its place"),
        (RUN, Box::new(|text| Some(text.replace("\"actor\":3", "\"actor\":4"))), "is out of its place"),
        (RUN, Box::new(|text| Some("x".repeat(5 << 20) + &text)), "it is longer than 4 MiB"),
        ("diff.json", Box::new(|text| Some(text + &" ".repeat(5 << 20))), "it is longer than 4 MiB"),
        (
            "diff.json",
            Box::new(|text| Some(text.replace("\"number\": 2", "\"number\": 1"))),
            "its rounds are not numbered one after the other",
        ),
        (
            "diff.json",
            Box::new(|text| Some(text.replace("\"runs\": 8", "\"runs\": 9"))),
            "it has 8 rounds, and 9 are due",
        ),
        (
            "diff.json",
            Box::new(|text| Some(text.replace("\"pace\": 0.0", "\"pace\": -1.0"))),
            "a pace is 0, or a number",
        ),
        (
            "diff.json",
            Box::new(|text| Some(text.replace("\"tasks\"", "\"threads\""))),
            "it compares threads with themselves, and not with their twin",
        ),
        (
            "diff.json",
            Box::new(|text| Some(text.replace("\"tasks\"", "\"\\u001b\""))),
            "there is no arm \"\\u{1b}\"",
        ),
        (
            RUN,
            Box::new(|text| Some(text.replace("\"number\":2}", "\"number\":3}"))),
            "it is run 3 of tasks, not run 2",
        ),
        (
            RUN,
            Box::new(|text| text.trim_end().rsplit_once('\n').map(|(most, _)| most.to_owned() + "\n")),
            "it was not written whole",
        ),
    ];
    for (file, harm, due) in cases {
        let line = after(file, harm).expect_err(due);
        assert!(line.contains(due) && line.contains("traces"), "{line:?} does not say {due:?}");
        assert!(!line.chars().any(char::is_control), "{line:?}");
    }
}

#[test]
fn what_was_interrupted_is_said_so_again() {
    let early = |rounds: usize| {
        move |text: String| {
            let mut contents: Value = serde_json::from_str(&text).ok()?;
            contents["interrupted"] = json!(true);
            contents["rounds"].as_array_mut()?.truncate(rounds);
            Some(contents.to_string())
        }
    };
    let some = after("diff.json", early(5)).expect("it can be read");
    assert!(some.interrupted);
    assert_eq!((some.behaviour.verdict, some.behaviour.runs.made[0]), (Verdict::Same, 5));
    let none = after("diff.json", early(0)).expect("it can be read");
    assert_eq!(none.behaviour.verdict, Verdict::Incomplete, "nothing agrees with nothing");
}

#[test]
fn what_is_missing_makes_it_incomplete() {
    let missing = after(RUN, |_| None).expect("it can be read");
    assert_eq!(missing.behaviour.verdict, Verdict::Incomplete);
    assert_eq!(missing.behaviour.reason.as_deref(), Some("run 2 of tasks is missing"));

    let no_end = |text: String| {
        // The last event is the main line's end; it is lost, and the count of events with it.
        let (most, _) = text.trim_end().rsplit_once('\n')?;
        let (head, rest) = most.split_once('\n')?;
        let mut head: Value = serde_json::from_str(head).ok()?;
        head["events"] = json!(rest.lines().count());
        Some(format!("{head}\n{rest}\n"))
    };
    let ended = after(RUN, no_end).expect("it can be read");
    assert_eq!(ended.behaviour.verdict, Verdict::Incomplete);
    let reason = ended.behaviour.reason.expect("something is missing");
    assert!(
        reason.starts_with("run 2 of tasks: nobody waited for main, which never ended; its last event is "),
        "{reason}"
    );
    assert!(ended.behaviour.relations.is_none(), "nothing is concluded from what is incomplete");
}
