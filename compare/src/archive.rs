//! The archive: the traces of a diff in a folder, for looking at them again later.
//!
//! `diff.json` says what was compared and how each run was made; beside it each run has a file of its own,
//! `threaded-00017.jsonl`: a line about the run, and then a line for each event, as `compare trace --format json`
//! writes them. What was concluded is not kept: whoever reads the runs again holds them to the workload again.

use std::fs::{self, File};
use std::io::{self, BufRead as _, BufReader, BufWriter, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::error::Category;
use serde_json::{Map, Value};
use shared::trace::{Event, What};
use shared::{End, Kind as _, Member, Pattern, Role, Step, Trace, Workload};
use tempfile::TempDir;

use crate::behaviour::RunName;
use crate::diff::Diffed;
use crate::environment::Environment;
use crate::lab::{Failure, Lab, Settings};
use crate::output::{folder_of, plainly};
use crate::pair::Pair;
use crate::plan::PlanError;
use crate::report::SCHEMA;
use crate::rounds::Round;
use crate::shown::ShownEvent;
use crate::text::visible;

/// The file that says what was compared.
const CONTENTS: &str = "diff.json";

/// A larger file is none of ours: a run of a million steps takes a quarter of it.
const LARGEST: u64 = 1 << 30;

/// A longer line is none of ours: the contents of ten thousand rounds are a megabyte, as is a cast of ten thousand.
const LONGEST: u64 = 1 << 22;

/// What a panic says may be cut off after so many characters.
const LONGEST_MESSAGE: usize = 1_000;

/// What an archive says of the whole diff.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Contents {
    /// The version of the archive's form.
    pub schema: u32,
    /// The slug of the pattern.
    pub pattern: String,
    /// Where it was made.
    pub environment: Value,
    /// How it was made.
    pub settings: Settings,
    /// The plan of all runs.
    pub plan: Value,
    /// How each round was made that both sides have finished.
    pub rounds: Vec<Round>,
    /// Whether the user wanted no more before all rounds were made.
    pub interrupted: bool,
    /// The run that ended it early; none where none did.
    pub ended: Option<Ended>,
}

/// A run that failed, so that nothing could be concluded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// Which.
    pub run: RunName,
    /// How.
    pub how: How,
    /// What was wrong with it.
    pub reason: String,
}

/// How a run failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum How {
    /// It had no end in time.
    Deadline,
    /// Something is missing in its trace.
    Incomplete,
    /// It panicked, or could not be made.
    Failed,
}

impl Ended {
    /// The end that this failure made.
    pub fn of(run: RunName, failure: &Failure) -> Self {
        let how = match failure {
            Failure::Deadline { .. } => How::Deadline,
            Failure::Incomplete(_) => How::Incomplete,
            _ => How::Failed,
        };
        Self { run, how, reason: failure.to_string() }
    }
}

/// Why an archive can't be read.
#[derive(Debug, thiserror::Error)]
#[error("{}: {why}", .path.display())]
pub struct ReadError {
    /// The folder, or the file in it.
    path: PathBuf,
    /// What is wrong with it.
    pub why: Why,
}

/// What is wrong with an archive, or with a file in it.
#[derive(Debug, thiserror::Error)]
pub enum Why {
    /// It is no archive.
    #[error("there is no {CONTENTS} in it: name a folder that --save-traces made")]
    NoArchive,
    /// The system doesn't let us.
    #[error("it can't be read: {0}")]
    Unreadable(io::Error),
    /// It is too large to be one of ours.
    #[error("it is larger than {} MiB, and so none of our traces", LARGEST >> 20)]
    TooLarge,
    /// It has another form.
    #[error("it has schema {0}, and this program reads schema {SCHEMA}")]
    OtherSchema(u64),
    /// It is of another pattern.
    #[error("it is of {kept}, not of {asked}")]
    OtherPattern {
        /// The pattern that was kept.
        kept: String,
        /// The pattern that was asked for.
        asked: &'static str,
    },
    /// Its plan is none that the pattern can carry out.
    #[error("{0}")]
    Plan(PlanError),
    /// It was not written whole, or by somebody else.
    #[error("line {line}: {what}")]
    Torn {
        /// Where.
        line: usize,
        /// What is wrong there.
        what: String,
    },
}

impl Why {
    /// This is wrong with that file.
    pub(crate) fn of(self, path: &Path) -> ReadError {
        ReadError { path: path.into(), why: self }
    }

    fn torn(line: usize, what: impl Into<String>) -> Self {
        Self::Torn { line, what: what.into() }
    }
}

/// An archive that is being written: into a folder beside its place, which then takes its name, so that there is a
/// whole archive or none.
#[derive(Debug)]
pub struct Archive {
    folder: TempDir,
    target: PathBuf,
}

impl Archive {
    /// Begins an archive of this name.
    ///
    /// # Errors
    /// If there is something in this place already, or nothing can be made there.
    pub fn create(target: &Path) -> io::Result<Self> {
        // An empty folder gives way to the archive; a link to one doesn't.
        let gives_way = target.symlink_metadata().is_ok_and(|metadata| metadata.is_dir())
            && fs::read_dir(target)?.next().is_none();
        if !gives_way && target.symlink_metadata().is_ok() {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        let mut builder = tempfile::Builder::new();
        // A temporary folder is for its owner only; an archive is for whoever may read what is beside it.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o777));
        Ok(Self { folder: builder.prefix(".traces-").tempdir_in(folder_of(target))?, target: target.into() })
    }

    /// Keeps a run; one without an outcome failed.
    ///
    /// # Errors
    /// If it can't be written.
    pub fn keep<W: Workload>(
        &self,
        run: RunName,
        outcome: Option<&W::Outcome>,
        trace: &Trace<W::Step>,
    ) -> io::Result<()> {
        let mut file = BufWriter::new(File::create(self.folder.path().join(file_name(run)))?);
        let events = trace.events.len();
        let head = Head { schema: SCHEMA, run, cast: &trace.cast, events, outcome };
        serde_json::to_writer(&mut file, &head)?;
        file.write_all(b"\n")?;
        for event in 0..events {
            serde_json::to_writer(&mut file, &ShownEvent::of(W::CARD.pattern, run.side, trace, event))?;
            file.write_all(b"\n")?;
        }
        file.flush()
    }

    /// Ends the archive, which gets its name.
    ///
    /// # Errors
    /// If it can't be written; what there is of it is left where it is then.
    pub fn finish(self, contents: &Contents) -> Result<PathBuf, Unfinished> {
        let Self { folder, target } = self;
        // From here on it is not removed any more, whatever happens.
        let left = folder.keep();
        let finish = || {
            fs::write(left.join(CONTENTS), serde_json::to_string_pretty(contents)? + "\n")?;
            if target.is_dir() {
                fs::remove_dir(&target)?;
            }
            fs::rename(&left, &target)
        };
        match finish() {
            Ok(()) => Ok(target),
            Err(error) => Err(Unfinished { target, left, why: plainly(&error) }),
        }
    }
}

/// An archive that could not be given its name.
#[derive(Debug, thiserror::Error)]
#[error("the traces can't be kept in {}: {why}; they are in {}", .target.display(), .left.display())]
pub struct Unfinished {
    target: PathBuf,
    left: PathBuf,
    why: String,
}

/// What a file says of its run.
#[derive(Serialize)]
struct Head<'a, O> {
    schema: u32,
    run: RunName,
    cast: &'a [Member],
    events: usize,
    outcome: Option<&'a O>,
}

#[derive(Deserialize)]
struct ReadHead<O> {
    run: RunName,
    cast: Vec<ReadMember>,
    events: usize,
    outcome: Option<O>,
}

#[derive(Deserialize)]
struct ReadMember {
    role: String,
    number: usize,
}

/// What is read of an event. Where in the source it was told is of another build, and forgotten.
#[derive(Deserialize)]
struct ReadEvent {
    event: usize,
    actor: usize,
    role: String,
    number: usize,
    at_ns: u64,
    thread: u32,
    #[serde(flatten)]
    what: ReadWhat,
}

#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum ReadWhat {
    Began,
    Said { step: String, values: Map<String, Value> },
    Paused { notebook_ns: u64 },
    Ended { end: String, message: Option<String> },
}

/// The schema alone, which is read first: of another one nothing else is known.
#[derive(Deserialize)]
struct Version {
    schema: u64,
}

/// A run that was read.
#[derive(Debug)]
pub struct KeptRun<W: Workload> {
    /// What it yielded; none where it failed.
    pub outcome: Option<W::Outcome>,
    /// What its actors did.
    pub trace: Trace<W::Step>,
}

/// Reads what an archive of this pattern says of the whole diff.
///
/// # Errors
/// If it is no archive, of another pattern, or not written whole.
pub fn contents(folder: &Path, pattern: Pattern) -> Result<Contents, ReadError> {
    let path = folder.join(CONTENTS);
    let Some(file) = open(&path).map_err(|why| why.of(&path))? else {
        return Err(Why::NoArchive.of(folder));
    };
    let read = || {
        let mut text = String::new();
        file.take(LONGEST + 1).read_to_string(&mut text).map_err(|error| unreadable(error, 1))?;
        check_length(&text, 1)?;
        if text.is_empty() {
            return Err(Why::torn(1, "the file is empty"));
        }
        let mut contents: Contents = parse(&text, 1)?;
        if !contents.rounds.iter().map(|round| round.number).eq((1..).take(contents.rounds.len())) {
            return Err(Why::torn(1, "its rounds are not numbered one after the other"));
        }
        let due = contents.settings.runs as usize;
        if contents.rounds.len() > due || contents.rounds.len() < due && !contents.ended_early() {
            let what = format!("it has {} rounds, and {due} are due", contents.rounds.len());
            return Err(Why::torn(1, what));
        }
        if let Some(ended) = &mut contents.ended {
            ended.reason = visible(&ended.reason);
        }
        Ok(contents)
    };
    let contents = read().map_err(|why| why.of(&path))?;
    let asked = pattern.card().slug;
    if contents.pattern != asked {
        return Err(Why::OtherPattern { kept: contents.pattern, asked }.of(folder));
    }
    Ok(contents)
}

impl Contents {
    /// What is to be kept of this diff.
    pub fn of(pair: &Pair, lab: &Lab, Diffed { rounds, interrupted, ended, .. }: &Diffed) -> Self {
        Self {
            schema: SCHEMA,
            pattern: pair.card().slug.into(),
            environment: serde_json::to_value(Environment::here()).expect("an environment is plain data"),
            settings: lab.settings.clone(),
            plan: Value::Object(pair.plan()),
            rounds: rounds.clone(),
            interrupted: *interrupted,
            ended: ended.clone(),
        }
    }

    fn ended_early(&self) -> bool {
        self.interrupted || self.ended.is_some()
    }
}

/// Reads one run of an archive; none where it is not there.
///
/// # Errors
/// If its file is not written whole, or by somebody else.
pub fn run<W: Workload>(folder: &Path, run: RunName, workload: &W) -> Result<Option<KeptRun<W>>, ReadError> {
    let path = folder.join(file_name(run));
    let read = || open(&path)?.map(|file| read_run(file, run, workload)).transpose();
    read().map_err(|why: Why| why.of(&path))
}

fn read_run<W: Workload>(file: File, run: RunName, workload: &W) -> Result<KeptRun<W>, Why> {
    let (mut reader, mut line) = (BufReader::new(file), 0);
    let mut next = || {
        let mut text = String::new();
        line += 1;
        (&mut reader).take(LONGEST + 1).read_line(&mut text).map_err(|error| unreadable(error, line))?;
        check_length(&text, line)?;
        Ok((!text.is_empty()).then_some((text, line)))
    };
    let Some((head, line)) = next()? else { return Err(Why::torn(1, "the file is empty")) };
    let head: ReadHead<W::Outcome> = parse(&head, line)?;
    if head.run != run {
        return Err(Why::torn(line, format!("it is {}, not {run}", head.run)));
    }
    let roles = workload.roles();
    let foreign = |role: String| Why::torn(line, format!("{} has no role {role:?}", W::CARD.slug));
    let member = |read: ReadMember| member(&read, &roles).ok_or_else(|| foreign(read.role));
    let cast: Vec<Member> = head.cast.into_iter().map(member).collect::<Result<_, _>>()?;
    let mut events = Vec::new();
    while let Some((text, line)) = next()? {
        let ReadEvent { event, actor, role, number, at_ns, thread, what } = parse(&text, line)?;
        let member = cast.get(actor).filter(|member| (member.role, member.number) == (&*role, number));
        if event != events.len() || member.is_none() {
            return Err(Why::torn(line, format!("event {event} of {role} {number} is out of its place")));
        }
        let what = what.what().ok_or_else(|| Why::torn(line, "the pattern has no such step"))?;
        events.push(Event { actor, at: Duration::from_nanos(at_ns), thread, source: None, what });
    }
    if events.len() != head.events {
        let what =
            format!("it ends after {} events of {}: it was not written whole", events.len(), head.events);
        return Err(Why::torn(events.len() + 1, what));
    }
    Ok(KeptRun { outcome: head.outcome, trace: Trace { cast, events } })
}

fn file_name(RunName { side, number }: RunName) -> String {
    format!("{side}-{number:05}.jsonl")
}

/// Opens a file that is not too large, and is a file: a pipe would keep us waiting. None where there is nothing.
fn open(path: &Path) -> Result<Option<File>, Why> {
    let metadata = match path.metadata() {
        Ok(metadata) => metadata,
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            return Ok(None);
        }
        Err(error) => return Err(Why::Unreadable(error)),
    };
    if !metadata.is_file() {
        return Err(Why::torn(1, "it is no file"));
    }
    if metadata.len() > LARGEST {
        return Err(Why::TooLarge);
    }
    File::open(path).map(Some).map_err(Why::Unreadable)
}

fn check_length(text: &str, line: usize) -> Result<(), Why> {
    if text.len() as u64 > LONGEST {
        return Err(Why::torn(line, format!("it is longer than {} MiB, and so none of ours", LONGEST >> 20)));
    }
    Ok(())
}

fn unreadable(error: io::Error, line: usize) -> Why {
    match error.kind() {
        io::ErrorKind::InvalidData => Why::torn(line, "it is no text"),
        _ => Why::Unreadable(error),
    }
}

/// Reads a value; the first line of a file says in which schema.
fn parse<T: for<'de> Deserialize<'de>>(text: &str, line: usize) -> Result<T, Why> {
    let torn = |error: serde_json::Error| {
        let what = match error.classify() {
            Category::Eof => "it ends in the middle: it was not written whole".into(),
            Category::Syntax => "it is no JSON".into(),
            // Where in the text is told already.
            _ => error.to_string().split(" at line ").next().unwrap_or_default().to_owned(),
        };
        Why::torn(line, what)
    };
    if line == 1 {
        let Version { schema } = serde_json::from_str(text).map_err(torn)?;
        if schema != u64::from(SCHEMA) {
            return Err(Why::OtherSchema(schema));
        }
    }
    serde_json::from_str(text).map_err(torn)
}

/// The member of this name, if the workload has its role.
fn member<S: Step>(ReadMember { role, number }: &ReadMember, roles: &[Role<S>]) -> Option<Member> {
    let role = roles.iter().find(|known| known.name == role)?.name;
    Some(Member { role, number: *number })
}

impl ReadWhat {
    fn what<S: Step>(self) -> Option<What<S>> {
        Some(match self {
            Self::Began => What::Began,
            Self::Said { step, values } => {
                let kind = S::Kind::named(&step)?;
                What::Said(S::read(kind.name(), kind.shape().values(&values)?)?)
            }
            Self::Paused { notebook_ns } => What::Paused(Duration::from_nanos(notebook_ns)),
            Self::Ended { end, message } => What::Ended(match (end.as_str(), message) {
                ("returned", None) => End::Returned,
                ("cancelled", None) => End::Cancelled,
                ("panicked", Some(message)) => {
                    End::Panicked(visible(&message.chars().take(LONGEST_MESSAGE).collect::<String>()))
                }
                _ => return None,
            }),
        })
    }
}
