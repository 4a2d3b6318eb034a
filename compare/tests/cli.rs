//! The command line, as its users meet it.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::Path;
use std::process::Stdio;

use serde_json::{Value, json as document};
use shared::Pattern;

mod program;

use program::{assert_refused, compare, json, run, text};

#[test]
fn bad_input_gets_one_clear_line() {
    let folder = env!("CARGO_MANIFEST_DIR");
    let overlong = "x".repeat(300);
    let cases: &[(&[&str], &str)] = &[
        (&["frobnicate"], "there is no pattern, section or command \"frobnicate\""),
        (&["run", "sequential", "frobnicate"], "there is no pattern, section or command \"frobnicate\""),
        (&["list", "frobnicate"], "there is no pattern, section or command \"frobnicate\""),
        (&["trace", "frobnicate"], "there is no pattern, section or command \"frobnicate\""),
        (&["semaphor"], "; is \"semaphore\" meant?"),
        (&["trace", "creating"], "\"creating\" is a section: name one of its patterns"),
        (&["trace"], "<PATTERN>"),
        (&["--pace", "-1"], "a pace is 0, or a number from 0.0001 to 1000"),
        (&["--pace", "nan"], "a pace is 0, or a number from 0.0001 to 1000"),
        (&["--pace", "inf"], "a pace is 0, or a number from 0.0001 to 1000"),
        (&["--pace"], "--pace"),
        (&["--runs", "0"], "it takes a whole number from 1 to 1000"),
        (&["--runs", "-3"], "it takes a whole number from 1 to 1000"),
        (&["--runs", "99999999999999999999"], "it takes a whole number from 1 to 1000"),
        (&["--budget", "0"], "it takes a number of seconds from 0.001 to 86400"),
        (&["--min-effect", "-0.1"], "it takes a share from 0 to 1, such as 0.05 for 5 %"),
        (
            &["--arms", "threads,tasks:0"],
            "there is no arm \"tasks:0\": there are threads, tasks, tasks:current, tasks:N with N workers",
        ),
        (&["--seed", "99999999999999999999999"], "it takes a whole number from 0 to 18446744073709551615"),
        (&["--timeout", "0"], "it takes a number of seconds from 0.001 to 86400"),
        (&["--timeout", "1e300"], "it takes a number of seconds from 0.001 to 86400"),
        (&["--arms", "tasks,tasks again"], "there is no arm \"tasks again\""),
        (&["--arms", "threads"], "--arms takes two arms or three, not 1"),
        (&["--arms", "threads,tasks,tasks:1,tasks:2"], "--arms takes two arms or three, not 4"),
        (&["--arms", "threads,tasks:2,tasks:2"], "--arms names tasks:2 twice: only the first may come again"),
        (&["diff", "barrier", "--arms", "threads,tasks,tasks:1"], "--arms takes two arms here, not 3"),
        (&["--format", "yaml"], "'yaml'"),
        (&["trace", "daemon", "--format", "yaml"], "'yaml'"),
        (&["--color", "sometimes"], "'sometimes'"),
        (&["--bogus"], "'--bogus'"),
        (&["list", "--pace", "1"], "'--pace'"),
        (
            &["sequential", "-o", "no/such/folder/report.json"],
            "cannot write no/such/folder/report.json: there is no such folder",
        ),
        (&["sequential", "-o", folder], "it is a folder, name a file"),
        (&["sequential", "-o", "new/"], "it is a folder, name a file"),
        (&["sequential", "-o", &overlong], "its name is too long"),
        (&["--runs", "1", "trace", "daemon"], "the command comes before its flags: compare trace"),
    ];
    for (args, due) in cases {
        assert_refused(&run(args), 2, due);
    }
}

#[test]
fn a_bad_environment_is_bad_input() {
    let output = compare(&["sequential"]).env("COMPARE_PACE", "-1").output().expect("the program starts");
    assert_refused(&output, 2, "a pace is 0, or a number from 0.0001 to 1000");
    let unconcerned = compare(&["list"]).env("COMPARE_PACE", "-1").output().expect("the program starts");
    assert_eq!(unconcerned.status.code(), Some(0), "a list has no pace");
}

#[test]
fn who_calls_it_as_a_child_and_orders_nothing_loses_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let name = folder.path().to_str().expect("a name");
    for order in ["", "semaphore\n"] {
        let mut child = compare(&["serve-pair", name, name])
            .stdin(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        let mut stdin = child.stdin.take().expect("it is a pipe");
        stdin.write_all(order.as_bytes()).expect("it reads");
        drop(stdin);
        let output = child.wait_with_output().expect("it ends");
        assert_refused(&output, 2, "this is for `compare` itself to call");
        assert!(folder.path().is_dir());
    }
}

#[test]
fn the_environment_stands_in_for_flags() {
    let mut command = compare(&["sequential", "--runs", "1"]);
    let output =
        command.env("COMPARE_PACE", "0").env("COMPARE_FORMAT", "json").env("COMPARE_RUNS", "7").output();
    let report = json(&output.expect("the program starts"));
    assert_eq!(report["settings"]["pace"], 0.0);
    assert_eq!(report["effort"]["processes"], 1, "a flag beats its twin");
}

#[test]
fn help_says_the_exit_statuses() {
    let help = run(&["--help"]);
    assert_eq!(help.status.code(), Some(0));
    assert!(text(&help.stdout).contains("130  interrupted"));
    assert_eq!(run(&["--version"]).status.code(), Some(0));
}

#[test]
fn the_report_is_one_document() {
    let report =
        json(&run(&["race-condition", "sequential", "--runs", "2", "--pace", "0.001", "--format", "json"]));
    assert_eq!(report["schema"], 6);
    for field in ["os", "cpu", "cores", "rustc", "profile", "version"] {
        assert!(report["environment"].get(field).is_some(), "{field}");
    }
    for field in ["pace", "runs", "seed"] {
        assert!(report["settings"].get(field).is_some(), "{field}");
    }
    let pairs = report["pairs"].as_array().expect("a list");
    let patterns: Vec<&Value> = pairs.iter().map(|pair| &pair["pattern"]).collect();
    assert_eq!(patterns, ["sequential", "race_condition"], "in the notebook's order");
    for pair in pairs {
        assert_eq!(pair["behaviour"]["verdict"], "same");
        assert_eq!(pair["behaviour"]["reason"], Value::Null);
        let levels: Vec<&Value> = pair["behaviour"]["levels"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|level| &level["level"])
            .collect();
        assert_eq!(levels, ["outcome", "scripts", "laws", "relations", "interleavings", "habits"]);
        for side in pair["sides"].as_array().expect("of both") {
            assert!(side["actors"].is_u64() && side["steps"].is_u64());
        }
        let timing = &pair["timing"];
        let processes = timing["processes"].as_array().expect("a list");
        assert_eq!(processes.len(), 2);
        for process in processes {
            for (arm, runs) in process["runs_ns"].as_array().expect("of both").iter().enumerate() {
                let runs = runs.as_array().expect("a list");
                assert!(matches!(runs.len(), 2 | 4) && runs.iter().all(Value::is_u64), "{process}");
                assert_eq!(
                    Some(runs.len()),
                    process["runs_ns"][0].as_array().map(Vec::len),
                    "as many of each"
                );
                let usage = &process["usage"][arm];
                for field in ["cpu_user_ns", "cpu_system_ns", "switches_voluntary", "switches_involuntary"] {
                    assert!(usage[field].is_u64() || cfg!(not(unix)), "{field}: {usage}");
                }
            }
        }
        assert!(timing["ratio"].as_f64().is_some_and(|ratio| ratio > 0.0), "{timing}");
        let unbounded = (&timing["low"], &timing["high"], &timing["winner"]);
        assert_eq!(unbounded, (&0.0.into(), &Value::Null, &"open".into()), "two processes are no evidence");
        let waits = &pair["waits"]["took_ns"];
        assert!([0, 1].iter().all(|arm| waits[arm].as_array().map(Vec::len) == Some(2)), "{waits}");
    }
    let race = &pairs[1];
    assert_eq!((&race["section"], &race["cells"]), (&"synchronization".into(), &vec![9].into()));
    assert_eq!(race["sides"][0]["outcome"]["fixed"]["expected"], 500);
    assert!(race["sides"][1]["outcome"]["observed"]["actual"].is_u64());
    assert_eq!(race["sides"][0]["actors"], 6);
    assert_eq!(race["sides"][0]["steps"], 1001);
}

#[test]
fn at_a_pace_of_zero_nobody_waits() {
    let report = json(&run(&["sequential", "--runs", "1", "--pace", "0", "--format", "json"]));
    let pair = &report["pairs"][0];
    assert_eq!(pair["waits"], Value::Null);
    assert!(pair["timing"].is_object());
}

#[test]
fn any_arms_are_compared_the_first_with_each_of_the_others() {
    let flags = ["cpu_bound", "--runs", "1", "--pace", "0", "--format", "json"];
    let report = json(&run(&[&flags, ["--arms", "tasks:3,tasks:current,tasks:3"].as_slice()].concat()));
    assert_eq!(report["arms"], document!(["tasks:3", "tasks:current", "tasks:3"]));
    let pairs = report["pairs"].as_array().expect("a list");
    let arms: Vec<&Value> = pairs.iter().map(|pair| &pair["behaviour"]["arms"]).collect();
    assert_eq!(arms, [&document!(["tasks:3", "tasks:current"]), &document!(["tasks:3", "tasks:3 again"])]);
    for pair in pairs {
        assert_eq!(pair["sides"][1]["outcome"]["fixed"]["at_once"][0], "41666654166667500000");
    }
}

#[test]
fn a_report_goes_into_a_file_whole_or_not_at_all() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("report.md");
    let name = file.to_str().expect("a name");
    let written = run(&["sequential", "--runs", "1", "--pace", "0", "--format", "markdown", "-o", name]);
    assert_eq!((written.status.code(), text(&written.stdout).as_str()), (Some(0), ""));
    let report = fs::read_to_string(&file).expect("it was written");
    assert!(report.contains("| sequential | ✓ same | "), "{report}");

    assert_eq!(run(&["sequential", "--pace", "-1", "-o", name]).status.code(), Some(2));
    assert_eq!(fs::read_to_string(&file).expect("it is still there"), report, "a refused call loses nothing");
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1, "and leaves nothing");
}

#[test]
fn colour_is_for_who_wants_it() {
    let escape = '\u{1b}';
    assert!(!text(&run(&["list"]).stdout).contains(escape));
    assert!(text(&run(&["list", "--color", "always"]).stdout).contains(escape));
    let forced = compare(&["list"]).env("CLICOLOR_FORCE", "1").output().expect("the program starts");
    assert!(text(&forced.stdout).contains(escape));
    let never =
        compare(&["list", "--color", "never"]).env("CLICOLOR_FORCE", "1").output().expect("it starts");
    assert!(!text(&never.stdout).contains(escape));
}

#[test]
fn the_list_says_what_there_is_and_where() {
    let output = run(&["list", "--format", "json"]);
    let list = json(&output);
    let list = list.as_array().expect("a list");
    assert_eq!(list.len(), Pattern::COUNT);
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for listed in list {
        assert_eq!(listed["built"], true);
        for side in ["shared", "threaded", "asynchronous"] {
            let file = listed["files"][side].as_str().expect("a path");
            assert!(root.join(file).is_file(), "{file}");
        }
    }
    assert_eq!(list[7]["pattern"], "daemon");
    assert_eq!(list[7]["differences"].as_array().map(Vec::len), Some(2));
    let table = text(&run(&["list"]).stdout);
    assert!(Pattern::all().all(|pattern| table.contains(&format!("   {pattern} "))), "{table}");
}

#[test]
fn a_closed_pipe_ends_quietly() {
    for args in
        [["list"].as_slice(), &["trace", "sequential", "--pace", "0"], &["--help"], &["list", "--help"]]
    {
        // Nobody reads it, from before the program starts.
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let output = compare(args).stdout(writer).stderr(Stdio::piped()).output().expect("it starts");
        assert_eq!((output.status.code(), text(&output.stderr).as_str()), (Some(0), ""), "{args:?}");
    }
}

/// Starts the program, waits until the pair of this name is under way, and interrupts it.
#[cfg(unix)]
fn interrupted_in(name: &str, args: &[&str]) -> (Option<i32>, String) {
    use nix::sys::signal::{Signal, kill};
    use nix::unistd::Pid;

    let mut child = compare(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    let mut progress = BufReader::new(child.stderr.take().expect("piped"));
    let mut line = String::new();
    while !line.contains(name) {
        line.clear();
        assert_ne!(progress.read_line(&mut line).expect("text"), 0, "it ended before {name}");
    }
    let pid = i32::try_from(child.id()).expect("a process id");
    kill(Pid::from_raw(pid), Signal::SIGINT).expect("it is ours");
    let mut results = String::new();
    child.stdout.take().expect("piped").read_to_string(&mut results).expect("text");
    (child.wait().expect("it ends").code(), results)
}

#[cfg(unix)]
#[test]
fn an_interruption_prints_what_was_measured() {
    let args = [
        "sequential",
        "io_bound",
        "arguments",
        "--pace",
        "0.1",
        "--runs",
        "3",
        "--progress",
        "always",
        "--format",
        "json",
    ];
    // Two are judged at a time, so when the third begins, one is over.
    let (status, results) = interrupted_in("arguments", &args);
    assert_eq!(status, Some(130));
    let report: Value = serde_json::from_str(&results).expect("a whole document");
    assert_eq!((&report["interrupted"], &report["selected"]), (&true.into(), &3.into()));
    let pairs = report["pairs"].as_array().expect("a list");
    let is_whole = |pair: &&Value| pair["behaviour"]["runs"]["made"][0].as_u64() >= Some(20);
    let whole = pairs.iter().find(is_whole).expect("one is over");
    assert_eq!((&whole["behaviour"]["verdict"], &whole["untimed"]), (&"same".into(), &"interrupted".into()));
}

#[cfg(unix)]
#[test]
fn an_interruption_leaves_a_file_as_it_was() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("report.txt");
    fs::write(&file, "of yesterday").expect("it can be written");
    let name = file.to_str().expect("a name");
    let args = ["io_bound", "--pace", "0.2", "--progress", "always", "-o", name];
    let (status, results) = interrupted_in("io_bound", &args);
    assert_eq!(status, Some(130));
    assert!(results.starts_with("interrupted"), "{results}");
    assert_eq!(fs::read_to_string(&file).expect("it is there"), "of yesterday");
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1);
}

#[cfg(unix)]
#[test]
fn a_file_keeps_its_permissions() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("list.txt");
    fs::write(&file, "of yesterday").expect("it can be written");
    let name = file.to_str().expect("a name");
    let mode = |mode| fs::set_permissions(&file, fs::Permissions::from_mode(mode)).expect("it is ours");

    mode(0o600);
    assert_eq!(run(&["list", "-o", name]).status.code(), Some(0));
    assert_eq!(fs::metadata(&file).expect("it is there").permissions().mode() & 0o777, 0o600);
    mode(0o444);
    assert_refused(&run(&["list", "-o", name]), 2, "permission denied");
    mode(0o4755);
    assert_eq!(run(&["list", "-o", name]).status.code(), Some(0));
    let mode = fs::metadata(&file).expect("it is there").permissions().mode() & 0o7777;
    assert_eq!(mode, 0o755, "a report runs as nobody");
}

#[cfg(unix)]
#[test]
fn a_file_of_several_names_is_still_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let [file, other, link, missing] =
        ["list.txt", "other.txt", "link", "missing.txt"].map(|name| folder.path().join(name));
    fs::write(&file, "of yesterday, and longer than ".repeat(1_000)).expect("it can be written");
    fs::hard_link(&file, &other).expect("a second name");
    std::os::unix::fs::symlink("missing.txt", &link).expect("a link");
    let list = run(&["list"]).stdout;
    for name in [&file, &link] {
        let name = name.to_str().expect("a name");
        let written = run(&["list", "-o", name]);
        assert_eq!(written.status.code(), Some(0), "{}", text(&written.stderr));
    }
    for name in [&file, &other, &missing] {
        assert_eq!(text(&fs::read(name).expect("it was written")), text(&list), "{}", name.display());
    }
    assert!(link.is_symlink());
    let leads_to_itself = folder.path().join("loop");
    std::os::unix::fs::symlink("loop", &leads_to_itself).expect("a link");
    assert_refused(&run(&["list", "-o", leads_to_itself.to_str().expect("a name")]), 2, "cannot write");
}

#[cfg(target_os = "linux")]
#[test]
fn a_pipe_may_have_a_path() {
    let piped = run(&["list", "-o", "/dev/fd/1"]);
    assert_eq!((piped.status.code(), text(&piped.stderr).as_str()), (Some(0), ""));
    assert_eq!(text(&piped.stdout), text(&run(&["list"]).stdout));
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    let closed = compare(&["list", "-o", "/dev/fd/1"]).stdout(writer).stderr(Stdio::piped()).output();
    let closed = closed.expect("it starts");
    assert_eq!((closed.status.code(), text(&closed.stderr).as_str()), (Some(0), ""));
}
