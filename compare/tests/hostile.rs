//! Whatever somebody says, in a file, in a plan, on the command line or in place of a child: it is understood, or refused in
//! a line.
//!
//! So many cases are tried as take some seconds; `PROPTEST_CASES=50000 cargo test -p compare --test hostile` tries so many
//! of each.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use compare::archive;
use compare::campaign::{self, Lanes, Reading};
use compare::pair::{Pair, pair};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::TestCaseResult;
use shared::Pattern;
use tempfile::TempDir;

mod kept;
mod laboratory;
#[path = "program/unset.rs"]
mod unset;

use kept::kept;
use laboratory::lab;
use unset::unset;

/// So many cases, unless somebody wants more.
fn cases(cases: u32) -> ProptestConfig {
    let wanted = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    if env::var_os("PROPTEST_CASES").is_some() { wanted } else { ProptestConfig { cases, ..wanted } }
}

fn any_pattern() -> impl Strategy<Value = Pattern> {
    select(Pattern::all().collect::<Vec<_>>())
}

/// A line for people: one, and nothing in it that turns a terminal.
fn check_line(line: &str) -> TestCaseResult {
    prop_assert!(!line.is_empty() && !line.chars().any(char::is_control), "{line:?}");
    Ok(())
}

/// What may happen to what was written, by accident or by malice.
#[derive(Debug, Clone)]
enum Harm {
    Cut(Index),
    Byte(Index, u8),
    Insert(Index, Vec<u8>),
    Drop(Index),
    Twice(Index),
    Swap(Index, Index),
    Digit(Index, u8),
}

fn any_harm() -> impl Strategy<Value = Harm> {
    prop_oneof![
        any::<Index>().prop_map(Harm::Cut),
        any::<(Index, u8)>().prop_map(|(place, other)| Harm::Byte(place, other)),
        (any::<Index>(), any::<Vec<u8>>()).prop_map(|(place, bytes)| Harm::Insert(place, bytes)),
        any::<Index>().prop_map(Harm::Drop),
        any::<Index>().prop_map(Harm::Twice),
        any::<(Index, Index)>().prop_map(|(one, other)| Harm::Swap(one, other)),
        (any::<Index>(), select(b"019-\"{x".to_vec())).prop_map(|(place, other)| Harm::Digit(place, other)),
    ]
}

impl Harm {
    /// What becomes of this, which is not empty and has a digit.
    fn done(&self, bytes: &[u8]) -> Vec<u8> {
        let mut bytes = bytes.to_vec();
        let mut lines: Vec<Vec<u8>> =
            bytes.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
        match self {
            Self::Cut(place) => bytes.truncate(place.index(bytes.len())),
            Self::Byte(place, other) => *place.get_mut(&mut bytes) = *other,
            Self::Insert(place, more) => {
                let at = place.index(bytes.len());
                bytes.splice(at..at, more.iter().copied());
            }
            Self::Digit(place, other) => {
                let digits: Vec<usize> = (0..bytes.len()).filter(|at| bytes[*at].is_ascii_digit()).collect();
                bytes[*place.get(&digits)] = *other;
            }
            Self::Drop(line) => {
                lines.remove(line.index(lines.len()));
                bytes = lines.concat();
            }
            Self::Twice(line) => {
                let line = line.index(lines.len());
                lines.insert(line, lines[line].clone());
                bytes = lines.concat();
            }
            Self::Swap(one, other) => {
                let (one, other) = (one.index(lines.len()), other.index(lines.len()));
                lines.swap(one, other);
                bytes = lines.concat();
            }
        }
        bytes
    }
}

/// An archive of eight rounds of every pattern, made once.
fn archives() -> &'static [(Pair, PathBuf)] {
    static ARCHIVES: OnceLock<Vec<(Pair, PathBuf)>> = OnceLock::new();
    ARCHIVES.get_or_init(|| {
        // Nobody removes what a static has: so in a place of its own, for the next to empty.
        let parent = Path::new(env!("CARGO_TARGET_TMPDIR")).join("archives");
        drop(fs::remove_dir_all(&parent));
        fs::create_dir_all(&parent).expect("a folder");
        let kept = |pair: Pair| {
            let folder = parent.join(pair.problem().card().slug);
            kept(&pair, &folder);
            (pair, folder)
        };
        Pattern::all().map(|pattern| kept(pair(pattern))).collect()
    })
}

proptest! {
    #![proptest_config(cases(2_000))]

    /// What is read again is held to laws, roles and judgement, so it may well differ.
    #[test]
    fn a_harmed_archive_is_read_or_refused(
        which: Index,
        file in select(vec!["diff.json", "threads-00001.jsonl", "tasks-00003.jsonl"]),
        harm in any_harm(),
    ) {
        let (pair, folder) = which.get(archives());
        // Others may read the same archive.
        let harmed = TempDir::new().expect("a folder");
        for whole in fs::read_dir(folder).expect("it was made").flatten() {
            fs::copy(whole.path(), harmed.path().join(whole.file_name())).expect("there is room");
        }
        let path = harmed.path().join(file);
        let bytes = fs::read(&path).expect("it was written");
        fs::write(&path, harm.done(&bytes)).expect("there is room");
        let contents = archive::contents(harmed.path(), pair.problem().card().pattern);
        let reading = Reading { lanes: Some(Lanes::Run(3)) };
        if let Err(error) = contents.and_then(|contents| campaign::read(pair, campaign::Kept::both(harmed.path(), &contents), reading)) {
            check_line(&error.to_string())?;
        }
    }

    /// What a plan is set to, it can be written as and read again.
    #[test]
    fn a_plan_bears_what_it_takes_and_refuses_the_rest(
        pattern in any_pattern(),
        key: Index,
        other in option_of_text(),
        value in prop_oneof![any::<String>(), "[0-9]{1,20}", "[0-9]{1,12}(ns|us|ms|s|m|h|y)", "-?[0-9.]{1,9}"],
    ) {
        let mut pair = pair(pattern);
        let keys: Vec<String> = pair.problem().plan().into_iter().map(|(key, _)| key).collect();
        let key = other.unwrap_or_else(|| key.get(&keys).clone());
        match pair.set(&key, &value) {
            Ok(()) => {
                let plan = pair.problem().plan();
                let again = pair.with_plan(&plan.clone().into()).expect("it is a plan");
                prop_assert_eq!(again.problem().plan(), plan);
            }
            Err(error) => check_line(&error.to_string())?,
        }
    }
}

fn option_of_text() -> impl Strategy<Value = Option<String>> {
    prop::option::weighted(0.1, any::<String>())
}

/// What somebody may type, in whatever order.
const WORDS: &[&str] = &[
    "run",
    "diff",
    "trace",
    "list",
    "lock",
    "sequential",
    "LOCK",
    "nothing",
    "--pace",
    "--pace=1e9",
    "--runs",
    "--runs=2",
    "--seed",
    "--seed=-1",
    "--arms=threads",
    "--arms=tasks,tasks:current",
    "--arms",
    "tasks:1,tasks:2,tasks:3",
    "--timeout",
    "--timeout=1",
    "0",
    "1",
    "-1",
    "nan",
    "1e3",
    "--set",
    "--set=hold=1ms",
    "--set=hold",
    "--set==",
    "--format",
    "json",
    "table",
    "text",
    "markdown",
    "--from",
    "/nowhere",
    "--save-traces=/nowhere/at/all",
    "--lanes",
    "--lanes=1",
    "--lanes=0",
    "-o",
    "/nowhere/at/all",
    "--color=never",
    "--progress=never",
    "--in-process",
    "--help",
    "--version",
    "--",
    "-",
    "",
    "\u{1b}[31m",
    "-x",
    "--pa",
];

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn a_command_line_is_understood_or_refused(words in prop::collection::vec(select(WORDS), 0..7)) {
        // Not all pairs, and not for long.
        let short = ["--pace=0", "--runs=1", "lock"];
        let whole: Vec<&str> = words.iter().copied().chain(short).collect();
        // `-o` may name a file by any of these words.
        let folder = TempDir::new().expect("a folder");
        let mut command = Command::new(env!("CARGO_BIN_EXE_compare"));
        unset(&mut command);
        let output = command.args(&whole).current_dir(&folder).stdin(Stdio::null()).output().expect("it starts");
        let complaint = String::from_utf8_lossy(&output.stderr);
        prop_assert!(matches!(output.status.code(), Some(0..=3)), "{whole:?}: {complaint}");
        let lines = complaint.lines().filter(|line| !line.starts_with("comparing "));
        for line in lines {
            prop_assert!(line.starts_with("compare: "), "{whole:?}: {line}");
            check_line(line)?;
        }
        if output.status.code() == Some(2) {
            prop_assert_eq!((complaint.lines().count(), output.stdout.len()), (1, 0), "{:?}", whole);
        }
    }
}

/// A child that says something else than what it should: a script that says what a real one has said, harmed.
#[cfg(unix)]
mod child {
    use std::fs;
    use std::path::Path;
    use std::process::Command;
    use std::sync::OnceLock;

    use compare::campaign::{Apart, Lanes, Reading, Request};
    use compare::lab::{Arm, Failure, Progress, Round};
    use compare::pair::pair;
    use compare::report::Effort;
    use proptest::prelude::*;
    use shared::Pattern;
    use shared::conformance::until;
    use tempfile::TempDir;

    use super::{any_harm, cases, check_line, lab};

    /// What a child can be asked for, as its order names it.
    const TASKS: [&str; 4] = ["Judge", "Time", "Diff", "Show"];

    /// Asks a child that is this script for one of these things, and the one that times after the one that judges. What
    /// is wrong, if something is, and whether what it said was understood.
    fn ask(folder: &Path, script: &str, task: usize) -> (Option<String>, bool) {
        let program = folder.join("program");
        let text = folder.join("text");
        fs::write(&text, format!("#!/bin/sh\n{script}\n")).expect("there is room");
        // Written here, it would be open for a moment in whatever another test starts meanwhile, and could not be run.
        let installed = Command::new("install").args(["-m", "755"]).args([&text, &program]).status();
        assert!(installed.is_ok_and(|status| status.success()));
        let settings = lab(|settings| settings.runs = 1).settings;
        let pair = pair(Pattern::Lock);
        let rounds = Round::first(2, pair.problem(), &settings);
        let apart = Apart::new(settings, Progress::hidden()).expect("it needs nothing");
        let mut apart = apart.with_program(&program);
        let behaviour = match TASKS[task] {
            "Show" => {
                let failure = apart.show(&pair, Arm::THREADS).failure;
                let is_lost = matches!(failure, Some(Failure::Lost(_)));
                return (failure.map(|failure| failure.to_string()), !is_lost);
            }
            "Diff" => {
                let reading = Reading { lanes: Some(Lanes::Run(1)) };
                apart
                    .diff(&pair, &Request { arms: Arm::DEFAULT, rounds: &rounds, kept: None, reading })
                    .behaviour
            }
            _ => {
                let (mut report, _) = apart.compare(&[pair], &Arm::DEFAULT, &Effort::fixed(1));
                report.pairs.remove(0).behaviour
            }
        };
        (behaviour.reason, behaviour.verdict.agrees())
    }

    /// A script that passes the order on to the script of this name for what it asks for.
    fn asked(script: impl Fn(&str) -> String) -> String {
        let cases = TASKS.map(|task| format!("*'\"{task}\"'*) {};;", script(task)));
        // What things cost, no such child can say.
        format!("[ $1 = serve-cost ] && exit 1\nread -r order\ncase $order in {} esac", cases.join(" "))
    }

    /// What real ones have said, asked for each of these.
    fn said() -> &'static [Vec<u8>; 4] {
        static SAID: OnceLock<[Vec<u8>; 4]> = OnceLock::new();
        SAID.get_or_init(|| {
            let folder = TempDir::new().expect("a folder");
            let said = |task: &str| folder.path().join(task);
            let program = env!("CARGO_BIN_EXE_compare");
            let script = asked(|task| {
                format!(r#"{{ echo "$order"; cat; }} | {program} "$@" | tee {}"#, said(task).display())
            });
            for task in 1..TASKS.len() {
                assert_eq!(ask(folder.path(), &script, task), (None, true));
            }
            TASKS.map(|task| {
                // Who writes both may have written the one and not yet the other.
                let written = || fs::read_to_string(said(task)).unwrap_or_default();
                until("all is written", || written().contains("Answers") && written().ends_with('\n'));
                written().into_bytes()
            })
        })
    }

    /// Asks for one of these things a child that says what a real one has said, but for this change of what is asked for.
    fn ask_changed(task: usize, change: impl Fn(&[u8]) -> Vec<u8>) -> (Option<String>, bool) {
        let folder = TempDir::new().expect("a folder");
        for (place, (name, said)) in TASKS.iter().zip(said()).enumerate() {
            let said = if place == task { change(said) } else { said.clone() };
            fs::write(folder.path().join(name), said).expect("there is room");
        }
        let script = asked(|name| format!("cat {}", folder.path().join(name).display()));
        ask(folder.path(), &script, task)
    }

    proptest! {
        #![proptest_config(cases(600))]

        /// What is told is told as it was, or it fails.
        #[test]
        fn a_harmed_answer_is_read_or_the_failure_of_its_pair(harm in any_harm(), which in 0..TASKS.len()) {
            let (reason, is_understood) = ask_changed(which, |said| harm.done(said));
            prop_assert_eq!(reason.is_none(), is_understood, "{:?}", reason);
            if let Some(reason) = reason {
                check_line(&reason)?;
            }
        }
    }

    /// What speaks of another pair, or of half of what was asked, is no answer, however well it is said.
    #[test]
    fn an_answer_to_something_else_is_none() {
        let swaps = [
            ("Judge", r#""pattern":"lock""#, r#""pattern":"barrier""#),
            ("Judge", r#""cells":["#, r#""cells":[1,"#),
            ("Time", r#""runs_ns":[["#, r#""runs_ns":[[1,"#),
            ("Diff", r#""plan":{}"#, r#""plan":{"more":1}"#),
            ("Show", r#""arm":"threads""#, r#""arm":"tasks""#),
            ("Show", r#""number":1,"steps""#, r#""number":2,"steps""#),
        ];
        for (swapped, from, to) in swaps {
            let task = TASKS.iter().position(|task| *task == swapped).expect("it is one of them");
            let (reason, _) = ask_changed(task, |said| {
                let said = str::from_utf8(said).expect("it is JSON");
                assert!(said.contains(from), "{from}");
                said.replace(from, to).into_bytes()
            });
            let reason = reason.expect("it is refused");
            assert!(reason.contains("it answers something else"), "{to}: {reason}");
        }
    }
}
