//! Reading an archive, or what is left of one.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::time::Duration;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::error::Category;
use serde_json::value::RawValue;
use shared::trace::Event;
use shared::{Member, Pace, Pattern, Role, Trace};

use super::contents::{CONTENTS, Contents, KEPT, file_name};
use super::error::{LARGEST, ReadError, Why};
use super::event::ShownEvent;
use crate::behaviour::RunName;
use crate::pair::{Problem, Yielded, visible};

/// A longer line is none of ours: the contents of ten thousand rounds are a megabyte, as is a cast of ten thousand.
const LONGEST: u64 = 1 << 22;

/// A run that was read.
#[derive(Debug)]
pub struct KeptRun {
    /// What it yielded; none where it failed.
    pub yielded: Option<Yielded>,
    /// What its actors did.
    pub trace: Trace,
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
        let [one, other] = contents.arms;
        if one == other {
            return Err(Why::torn(1, format!("it compares {one} with themselves, and not with their twin")));
        }
        let due = contents.settings.runs as usize;
        if contents.rounds.len() > due || contents.rounds.len() < due && !contents.ended_early() {
            let what = format!("it has {} rounds, and {due} are due", contents.rounds.len());
            return Err(Why::torn(1, what));
        }
        if let Some(ended) = &mut contents.ended {
            for text in ended.waits.iter_mut().chain([&mut ended.reason]) {
                *text = visible(text);
            }
        }
        Ok(contents)
    };
    let contents = read().map_err(|why| why.of(&path))?;
    let asked = pattern.card().slug;
    if contents.pattern != asked {
        return Err(Why::OtherPattern { kept: visible(&contents.pattern), asked }.of(folder));
    }
    Ok(contents)
}

/// Reads one run of an archive, which went at this pace and with this seed; none where it is not there.
///
/// # Errors
/// If its file is not written whole, or by somebody else.
pub fn run(
    folder: &Path,
    run: RunName,
    pace: Pace,
    seed: u64,
    problem: &dyn Problem,
) -> Result<Option<KeptRun>, ReadError> {
    let path = folder.join(file_name(run));
    let read = || open(&path)?.map(|file| read_run(file, run, pace, seed, problem)).transpose();
    read().map_err(|why: Why| why.of(&path))
}

fn read_run(file: File, run: RunName, pace: Pace, seed: u64, problem: &dyn Problem) -> Result<KeptRun, Why> {
    let (mut reader, mut line) = (BufReader::new(file), 0);
    let mut next = || {
        let mut text = String::new();
        line += 1;
        (&mut reader).take(LONGEST + 1).read_line(&mut text).map_err(|error| unreadable(error, line))?;
        check_length(&text, line)?;
        Ok((!text.is_empty()).then_some((text, line)))
    };
    let Some((head, line)) = next()? else { return Err(Why::torn(1, "the file is empty")) };
    let head: ReadHead = parse(&head, line)?;
    if head.run != run {
        return Err(Why::torn(line, format!("it is {}, not {run}", head.run)));
    }
    let yielded = head.outcome.map(|outcome| problem.yielded(&outcome)).transpose();
    let yielded = yielded.map_err(|error| torn(&error, line))?;
    let roles = problem.roles();
    let foreign = |role: String| Why::torn(line, format!("{} has no role {role:?}", problem.card().slug));
    let member = |read: ReadMember| member(&read, &roles).ok_or_else(|| foreign(read.role));
    let cast: Vec<Member> = head.cast.into_iter().map(member).collect::<Result<_, _>>()?;
    let mut trace = Trace { pace, seed, cast, events: Vec::new(), peak_requests: head.peak_requests };
    while let Some((text, line)) = next()? {
        let ShownEvent { event, actor, role, number, at_ns, thread, source, turn, stall, what, .. } =
            parse(&text, line)?;
        let member = trace.cast.get(actor).filter(|member| (member.role, member.number) == (&*role, number));
        if event != trace.events.len() || member.is_none() {
            return Err(Why::torn(line, format!("event {event} of {role} {number} is out of its place")));
        }
        let what = what.what(problem.shapes()).map_err(|what| Why::torn(line, what))?;
        let turn = turn.map(|turn| Box::new(turn.turn()));
        let stall = stall.map(|stall| Box::new(stall.stall()));
        let at = Duration::from_nanos(at_ns);
        trace.events.push(Event { actor, at, thread, source: None, what, turn, stall });
        // Whatever else is said of it, or otherwise, nobody has to look for. Where in the source it was recorded is of
        // another build, and forgotten.
        let mut shown = ShownEvent::of(problem.card().pattern, run.arm.side(), &trace, event);
        shown.source = source;
        let shown = serde_json::to_string(&shown).map_err(|error| torn(&error, line))?;
        if shown != text.trim_end() {
            let alike = shown.chars().zip(text.chars()).take_while(|(due, is)| due == is).count();
            let what = format!("from column {} on it is not as it would be written", alike + 1);
            return Err(Why::torn(line, what));
        }
    }
    let events = trace.events.len();
    if events != head.events {
        let what = format!("it ends after {events} events of {}: it was not written whole", head.events);
        return Err(Why::torn(events + 1, what));
    }
    Ok(KeptRun { yielded, trace })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReadHead {
    /// It was looked at before.
    #[expect(dead_code, reason = "it is a field of the line, and no other may stand there")]
    schema: IgnoredAny,
    run: RunName,
    cast: Vec<ReadMember>,
    events: usize,
    peak_requests: usize,
    outcome: Option<Box<RawValue>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReadMember {
    role: String,
    number: usize,
}

/// The schema alone, which is read first: of another one nothing else is known.
#[derive(Deserialize)]
struct Version {
    schema: u64,
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
    if line == 1 {
        let Version { schema } = serde_json::from_str(text).map_err(|error| torn(&error, line))?;
        if schema != u64::from(KEPT) {
            return Err(Why::OtherSchema(schema));
        }
    }
    serde_json::from_str(text).map_err(|error| torn(&error, line))
}

fn torn(error: &serde_json::Error, line: usize) -> Why {
    let what = match error.classify() {
        Category::Eof => "it ends in the middle: it was not written whole".into(),
        Category::Syntax => "it is no JSON".into(),
        // Where in the text is said already.
        _ => error.to_string().split(" at line ").next().unwrap_or_default().to_owned(),
    };
    Why::torn(line, what)
}

/// The member of this name, if the workload has its role.
fn member(ReadMember { role, number }: &ReadMember, roles: &[Role]) -> Option<Member> {
    let role = roles.iter().find(|known| known.name == role)?.name;
    Some(Member { role, number: *number })
}
