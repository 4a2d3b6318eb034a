//! Other commands, other limits, and a parent that is gone.

use std::collections::BTreeMap;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::Path;

use nix::sys::signal::{Signal, kill};
use nix::unistd::{Pid, geteuid};
use serde_json::Value;
use shared::Pattern;
use shared::conformance::until;

use super::{Answer, Call, document, failed, is_right};

/// A check and its name.
type Check = (&'static str, fn() -> Answer);

pub(super) const OTHERS: &[Check] = &[
    ("diff", diff),
    ("trace", trace),
    ("the parent is killed", parent_is_killed),
    ("the parent is killed while it keeps", keeping_parent_is_killed),
    ("all are killed", all_are_killed),
    ("no file may grow", || {
        let due = "the database could not be filled";
        without_a_file("ulimit -f 0 &&", 0o777, due)
    }),
    ("a result may grow no further", result_may_not_grow),
    ("a temporary folder to read", || {
        without_a_file("", 0o555, "no temporary file could be made for the database: Permission denied")
    }),
    ("64 descriptors", || limited("ulimit -n 64 &&", &[])),
    ("few descriptors", few_descriptors),
    ("few processes", few_processes),
    ("400 MB of addresses", || limited("ulimit -v 400000 &&", &[])),
];

/// The runs that were made are kept, and can be read.
fn diff() -> Answer {
    let call = Call::new("tasks:abort:Tenth", "");
    let parent = tempfile::tempdir().expect("a folder");
    let folder = parent.path().join("traces");
    let folder = folder.to_str().expect("a name");
    let flags = ["lock", "--pace", "0", "--runs", "20", "--format", "json"];
    let output = call.run("diff", &[&flags, ["--save-traces", folder].as_slice()].concat());
    is_right(output.status.code() == Some(1), &output, "exit 1 is due")?;
    let made = document(&output)?;
    let reason = failed(&made["behaviour"], "its process was aborted (SIGABRT)")?;
    is_right(reason.starts_with("run 10 of tasks"), &output, "it names another run")?;
    let output = call.run("diff", &["lock", "--format", "json", "--from", folder, "--lanes=9"]);
    let read = document(&output)?;
    let rounds = |document: &Value| document["rounds"].as_array().map(Vec::len);
    if (rounds(&made), rounds(&read)) != (Some(9), Some(9)) || read["behaviour"] != made["behaviour"] {
        return Err(format!("{:?} rounds, and read again {:?}", rounds(&made), rounds(&read)));
    }
    is_right(read["lanes"].as_array().is_some_and(|lanes| lanes.len() == 2), &output, "no lanes")?;
    call.leaves_nothing()?;
    Ok(format!("{reason}, and 9 rounds are kept"))
}

/// The other side is shown, and what it did until then is in the log.
fn trace() -> Answer {
    let call = Call::new("tasks:abort:Over", "");
    let output = call.run("trace", &["lock", "--pace", "0"]);
    is_right(output.status.code() == Some(1), &output, "exit 1 is due")?;
    let (shown, complaint) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    is_right(shown.contains("threads, run 1"), &output, "the other side is not shown")?;
    let due = "compare: tasks of lock: its process was aborted (SIGABRT); --log info shows what it did until then\n";
    is_right(complaint == due, &output, "it has to say what happened")?;
    let logged = call.run("trace", &["lock", "--pace", "0", "--log", "info"]);
    let is_logged = String::from_utf8_lossy(&logged.stderr).contains("asynchronous::locks::lock: Held");
    is_right(is_logged, &logged, "it has to log what it did")?;
    call.leaves_nothing()?;
    Ok(complaint.trim_end().to_owned())
}

/// What does not fit where it was to go is printed, and no part of it is left.
fn result_may_not_grow() -> Answer {
    let call = Call::new("none", "ulimit -f 1 &&");
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("report.json");
    let flags = ["sequential", "--pace=0", "--runs=1", "--format=json", "-o", path.to_str().expect("a name")];
    let output = call.run("run", &flags);
    is_right(output.status.code() == Some(2), &output, "exit 2 is due")?;
    let complaint = String::from_utf8_lossy(&output.stderr);
    let is_told = complaint.lines().count() == 1 && complaint.contains("file too large");
    is_right(is_told, &output, "it has to say why")?;
    let left: Vec<_> = fs::read_dir(folder.path()).expect("a folder").flatten().collect();
    if !left.is_empty() {
        return Err(format!("it leaves {left:?}"));
    }
    call.leaves_nothing()?;
    Ok(complaint.trim_end().replace(&folder.path().display().to_string(), "…"))
}

/// A child knows its limits, and that its parent is gone.
fn parent_is_killed() -> Answer {
    let call = Call::new("threads:sleep:Begins", "");
    let mut parent = call.start("run", &["lock"]);
    let limit = || {
        let limits = fs::read_to_string(format!("/proc/{}/limits", child_of(parent.id())?)).ok()?;
        let limit = limits.lines().find_map(|line| line.strip_prefix("Max data size"))?;
        limit.split_whitespace().next()?.parse::<u64>().ok()
    };
    until("it has a child with a limit", || limit().is_some());
    let limit = limit().unwrap_or_default() >> 20;
    let pid = Pid::from_raw(i32::try_from(parent.id()).expect("a process id"));
    kill(pid, Signal::SIGKILL).expect("it is ours");
    parent.wait().expect("it is ours");
    call.leaves_nothing()?;
    Ok(format!("its child, limited to {limit} MiB, has ended, and its temporary files are gone"))
}

/// What nobody will finish is not kept.
fn keeping_parent_is_killed() -> Answer {
    let call = Call::new("tasks:sleep:Tenth", "");
    let parent = tempfile::tempdir().expect("a folder");
    let entries = || fs::read_dir(parent.path()).expect("a folder").flatten().count();
    let folder = parent.path().join("traces");
    let mut diff =
        call.start("diff", &["lock", "--pace=0", "--save-traces", folder.to_str().expect("a name")]);
    // Whoever is killed before it has a child leaves an empty folder.
    until("traces are kept", || {
        let folders = fs::read_dir(parent.path()).expect("a folder").flatten();
        folders.filter_map(|folder| fs::read_dir(folder.path()).ok()).flatten().next().is_some()
    });
    diff.kill().expect("it is ours");
    diff.wait().expect("it is ours");
    call.leaves_nothing()?;
    until("they are gone", || entries() == 0);
    Ok("its child has ended, and with it the traces".into())
}

/// What nobody was left to remove, the next call removes.
fn all_are_killed() -> Answer {
    let call = Call::new("threads:sleep:Begins", "");
    let mut parent = call.start("run", &["lock"]);
    until("it has a child", || child_of(parent.id()).is_some());
    let child = child_of(parent.id()).and_then(|id| id.parse().ok()).expect("it has one");
    // A child that is stopped removes nothing when its parent goes.
    kill(Pid::from_raw(child), Signal::SIGSTOP).expect("it is ours");
    parent.kill().expect("it is ours");
    parent.wait().expect("it is ours");
    kill(Pid::from_raw(child), Signal::SIGKILL).expect("it is ours");
    if call.leaves_nothing().is_ok() {
        return Err("nothing is left to be removed".into());
    }
    call.run("run", &["sequential", "--pace=0", "--runs=1"]);
    call.leaves_nothing()?;
    Ok("the next call removes what they left".into())
}

fn child_of(parent: u32) -> Option<String> {
    statuses().find(|status| status.get("PPid").is_some_and(|id| *id == parent.to_string()))?.remove("Pid")
}

/// What Linux says of every process.
fn statuses() -> impl Iterator<Item = BTreeMap<String, String>> {
    let processes = fs::read_dir("/proc").expect("Linux has it").flatten();
    let statuses = processes.filter_map(|process| fs::read_to_string(process.path().join("status")).ok());
    statuses.map(|status| {
        let fields = status.lines().filter_map(|line| line.split_once(':'));
        fields.map(|(name, value)| (name.to_owned(), value.trim().to_owned())).collect()
    })
}

/// Just enough processes for itself, beside those of whoever it is.
fn few_processes() -> Answer {
    let user = if geteuid().is_root() { NOBODY } else { geteuid().as_raw() };
    let of_user = statuses().filter(|status| {
        status.get("Uid").is_some_and(|ids| ids.split_whitespace().next() == Some(&user.to_string()))
    });
    let threads = of_user.filter_map(|status| status.get("Threads")?.parse::<usize>().ok());
    let threads: usize = threads.sum();
    each([6, 9, 12, 16], |more| limited(&format!("ulimit -u {} &&", threads + more), &[]))
}

/// So many open files that a download may have no socket, which is not the page's fault.
fn few_descriptors() -> Answer {
    each([18, 20, 22, 24, 26, 28], |most| limited(&format!("ulimit -n {most} &&"), &["as_completed"]))
}

/// What comes of the same check with each of these limits, the tightest of which has to be felt.
fn each<const N: usize>(limits: [usize; N], check: impl FnMut(usize) -> Answer) -> Answer {
    let answers = limits.into_iter().map(check).collect::<Result<Vec<String>, String>>()?;
    if answers.first().is_none_or(|tightest| tightest.starts_with("0 of")) {
        return Err("nothing fails at the tightest limit".into());
    }
    Ok(answers.join("; "))
}

/// These pairs, all if none is named, with these limits: each comes to an end, in one way or another.
fn limited(limits: &str, names: &[&str]) -> Answer {
    let call = Call::new("none", limits);
    let report = unprivileged(&call, names, 0o777)?;
    let pairs = report["pairs"].as_array().ok_or("it reports no pairs")?;
    let mut failures = 0;
    for pair in pairs {
        let behaviour = &pair["behaviour"];
        if !["same", "documented"].iter().any(|verdict| behaviour["verdict"] == *verdict) {
            failed(behaviour, "").map_err(|wrong| format!("{}: {wrong}", pair["pattern"]))?;
            failures += 1;
        }
    }
    let due = if names.is_empty() { Pattern::all().count() } else { names.len() };
    if pairs.len() != due {
        return Err(format!("it reports {} pairs", pairs.len()));
    }
    call.leaves_nothing()?;
    Ok(format!("{failures} of {} have failed", pairs.len()))
}

/// A pair that needs a file, and one that doesn't.
fn without_a_file(limits: &str, mode: u32, due: &str) -> Answer {
    let call = Call::new("none", limits);
    let report = unprivileged(&call, &["sequential", "connection_per_worker"], mode)?;
    let [sound, needy] = [0, 1].map(|place| &report["pairs"][place]["behaviour"]);
    if sound["verdict"] != "same" {
        return Err(format!("the other is {}", sound["verdict"]));
    }
    let reason = failed(needy, due)?;
    call.leaves_nothing()?;
    Ok(reason)
}

/// Nobody, for whom limits hold; for root they don't.
const NOBODY: u32 = 65_534;

/// The report of a call by somebody without privileges, whose temporary folder has this mode.
fn unprivileged(call: &Call, names: &[&str], mode: u32) -> Result<Value, String> {
    let everybodys = tempfile::tempdir().expect("a folder");
    let program = everybodys.path().join("compare");
    fs::copy(std::env::current_exe().expect("it runs"), &program).expect("there is room");
    let open =
        |path: &Path, mode| fs::set_permissions(path, Permissions::from_mode(mode)).expect("it is ours");
    open(everybodys.path(), 0o755);
    open(&program, 0o755);
    open(call.temporary.path(), mode);
    let flags = ["--pace", "0", "--runs", "1", "--timeout", "5", "--format", "json"];
    let mut command = call.command(&program, "run", &[names, &flags].concat());
    if geteuid().is_root() {
        command.uid(NOBODY).gid(NOBODY);
    }
    let output = command.output().expect("there is a shell");
    // Where an actor panics because there is no room for a thread, another may wait for it in vain.
    let is_due = output.status.code().is_some_and(|status| [0, 1, 3].contains(&status));
    is_right(is_due, &output, "exit 0, 1 or 3 is due")?;
    document(&output)
}
