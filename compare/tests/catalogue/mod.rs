//! The ends, and what is due after each.

use std::env;
use std::fs;
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;
use std::process::{Child, Command, ExitCode, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use compare::pair::{Pair, pair};
use serde_json::Value;
use shared::conformance::until;
use shared::locks::lock::Plan;
use shared::{Pattern, Stage};
use tempfile::TempDir;

mod deeds;
mod others;

use deeds::{DEEDS, Deed};
use others::OTHERS;

use crate::unset::unset;

/// What says which side is to end how and when, as `threads:abort:Begins`.
const END: &str = "COMPARE_TEST_END";

/// What tells the processes of one call from all others.
const MARK: &str = "COMPARE_TEST_MARK";

/// The pair that ends so, among four that don't.
const PATTERNS: [Pattern; 5] =
    [Pattern::Sequential, Pattern::Barrier, Pattern::Lock, Pattern::Semaphore, Pattern::Singleton];

const SIDES: [&str; 2] = ["threads", "tasks"];

pub(crate) fn main() -> ExitCode {
    if env::var_os(END).is_some() {
        return compare::commands::main(pairs).into();
    }
    let filter = env::args().nth(1).filter(|arg| !arg.starts_with('-')).unwrap_or_default();
    let ends = DEEDS.iter().flat_map(|deed| {
        SIDES.map(|side| -> (String, Box<dyn Fn() -> Answer>) {
            (format!("{} on {side}", deed.name), Box::new(move || ended(deed, side)))
        })
    });
    let others = OTHERS
        .iter()
        .map(|(name, check)| -> (String, Box<dyn Fn() -> Answer>) { ((*name).to_owned(), Box::new(check)) });
    let chosen: Vec<_> = ends.chain(others).filter(|(name, _)| name.contains(&filter)).collect();
    let mut all_right = !chosen.is_empty();
    if !all_right {
        println!("no end is called {filter}");
    }
    for (name, check) in chosen {
        // What is wrong with one must not hide the others. A panic has told its place already.
        match panic::catch_unwind(AssertUnwindSafe(check)).unwrap_or_else(|_| Err("a panic".into())) {
            Ok(what) => println!("{name:<34} {what}"),
            Err(wrong) => {
                all_right = false;
                println!("{name:<34} FAILED: {wrong}");
            }
        }
    }
    if all_right { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// In which of its runs a side ends: in the first; in the tenth; in the first, when it has done all but yield.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum When {
    Begins,
    Tenth,
    Over,
}

/// The pairs of this program: one of them ends as it is told.
fn pairs(pattern: Pattern) -> Pair {
    let end = env::var(END).unwrap_or_default();
    let [side, name, when] = *end.split(':').collect::<Vec<_>>() else { return pair(pattern) };
    let deed = DEEDS.iter().find(|deed| deed.name == name).expect("it is in the catalogue").run;
    let whens = [When::Begins, When::Tenth, When::Over];
    let when = whens.into_iter().find(|known| format!("{known:?}") == when).expect("it is one of these");
    let runs = AtomicU32::new(0);
    let is_due = move |now| {
        let runs = if now == When::Over { 0 } else { runs.fetch_add(1, Ordering::Relaxed) };
        when == now || when == When::Tenth && runs == 9
    };
    let (threads, tasks) = (threaded::locks::lock::run, asynchronous::locks::lock::run);
    match (pattern, side) {
        (Pattern::Lock, "threads") => Pair::of(
            move |stage: Stage, plan: Plan| {
                let [begins, over] = [When::Begins, When::Over].map(&is_due);
                if begins {
                    deed();
                }
                let outcome = threads(stage, plan);
                if over {
                    deed();
                }
                outcome
            },
            tasks,
        ),
        (Pattern::Lock, _) => Pair::of(threads, move |stage: Stage, plan: Plan| {
            let [begins, over] = [When::Begins, When::Over].map(&is_due);
            async move {
                if begins {
                    deed();
                }
                let outcome = tasks(stage, plan).await;
                if over {
                    deed();
                }
                outcome
            }
        }),
        _ => pair(pattern),
    }
}

/// Compares five pairs of which one ends so, and says what is wrong with what comes of it, or how it was told.
fn ended(deed: &Deed, side: &str) -> Answer {
    let call = Call::new(&format!("{side}:{}:{:?}", deed.name, When::Begins), deed.limits);
    let flags = ["--pace", "0", "--runs", "2", "--timeout", "2", "--format", "json"];
    let output = call.run("run", &[PATTERNS.map(|pattern| pattern.card().slug).as_slice(), &flags].concat());
    is_right(output.status.code() == Some(deed.status), &output, "another exit status is due")?;
    let report = document(&output)?;
    let pairs = report["pairs"].as_array().ok_or("it reports no pairs")?;
    is_right(pairs.len() == PATTERNS.len(), &output, "it doesn't report all pairs")?;
    let (ended, others): (Vec<&Value>, Vec<&Value>) =
        pairs.iter().partition(|pair| pair["pattern"] == "lock");
    for other in others {
        let is_sound = other["behaviour"]["verdict"] == "same" && !other["timing"].is_null();
        is_right(is_sound, &output, &format!("{} suffers", other["pattern"]))?;
    }
    let reason = failed(&ended[0]["behaviour"], deed.due)?;
    if !reason.starts_with(&format!("run 1 of {side}: ")) {
        return Err(format!("{reason:?} names another run"));
    }
    call.leaves_nothing()?;
    Ok(format!("exit {}  {reason}", deed.status))
}

/// Why this pair has failed, which has to say this.
fn failed(behaviour: &Value, due: &str) -> Answer {
    let (verdict, reason) = (&behaviour["verdict"], behaviour["reason"].as_str().unwrap_or_default());
    let for_us = ["Os {", "RUST_BACKTRACE", "stack backtrace"];
    if verdict == "failed" && reason.contains(due) && !for_us.iter().any(|words| reason.contains(words)) {
        return Ok(reason.to_owned());
    }
    Err(format!("it is {verdict} because of {reason:?}"))
}

fn is_right(is: bool, Output { status, stderr, .. }: &Output, due: &str) -> Result<(), String> {
    if is { Ok(()) } else { Err(format!("{due}; {status}: {}", String::from_utf8_lossy(stderr))) }
}

/// What a call without complaint wrote.
fn document(output: &Output) -> Result<Value, String> {
    is_right(output.stderr.is_empty(), output, "it complains")?;
    serde_json::from_slice(&output.stdout).map_err(|error| error.to_string())
}

/// What came of a check, or what is wrong with that.
type Answer = Result<String, String>;

/// A call of the program, in which a side ends somehow.
struct Call {
    end: String,
    /// What a shell says before it starts the program: only a shell can set limits, without unsafe code.
    limits: String,
    /// Its temporary files, and what tells its processes from others.
    temporary: TempDir,
}

impl Call {
    fn new(end: &str, limits: &str) -> Self {
        Self { end: end.into(), limits: limits.into(), temporary: tempfile::tempdir().expect("a folder") }
    }

    fn command(&self, program: &Path, command: &str, args: &[&str]) -> Command {
        let mut shell = Command::new("bash");
        shell.arg("-c").arg(format!("{} exec \"$0\" \"$@\"", self.limits));
        shell.arg(program).arg(command).args(args);
        unset(&mut shell);
        let folder = self.temporary.path();
        shell.env(END, &self.end).env(MARK, folder).env("TMPDIR", folder).stdin(Stdio::null());
        shell
    }

    fn run(&self, command: &str, args: &[&str]) -> Output {
        let program = env::current_exe().expect("it runs");
        self.command(&program, command, args).output().expect("there is a shell")
    }

    fn start(&self, command: &str, args: &[&str]) -> Child {
        let program = env::current_exe().expect("it runs");
        self.command(&program, command, args).spawn().expect("there is a shell")
    }

    fn leaves_nothing(&self) -> Result<(), String> {
        until("its processes have ended", || !self.is_there());
        let left: Vec<_> = fs::read_dir(self.temporary.path()).expect("a folder").flatten().collect();
        if left.is_empty() { Ok(()) } else { Err(format!("it leaves {left:?}")) }
    }

    /// Whether some process of it is left.
    fn is_there(&self) -> bool {
        let mark = format!("{MARK}={}", self.temporary.path().display());
        let processes = fs::read_dir("/proc").expect("Linux has it").flatten();
        let mut environments = processes.filter_map(|process| fs::read(process.path().join("environ")).ok());
        environments.any(|environment| {
            environment.split(|byte| *byte == 0).any(|variable| variable == mark.as_bytes())
        })
    }
}
