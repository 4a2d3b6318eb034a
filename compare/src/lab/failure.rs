//! Failures: why a run has no outcome, or none that can be trusted.

use std::io;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use shared::{End, Trace, Waiting, What, unfinished, waiting};

use crate::pair::Problem;

/// Of how many actors it is told what they wait for, where a run passes its deadline.
const MOST_REPORTED: usize = 12;

/// How many are named for whom one of them waits.
const MOST_NAMED: usize = 6;

/// Why a run has no outcome, or none that can be trusted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum Failure {
    /// The run panicked.
    #[error("{who} panicked: {message}")]
    Panicked {
        /// Whose panic it was first.
        who: String,
        /// What it said, and where; and after which event of that actor.
        message: String,
    },
    /// The run passed its deadline.
    #[error("no end after {limit:?} (--timeout gives it longer){}", told(.waits))]
    Deadline {
        /// How long it had.
        limit: Duration,
        /// Who panicked, if somebody did; and who is not over, and what each waits for.
        waits: Vec<String>,
    },
    /// Something is missing in the trace, or doesn't belong into it.
    #[error("{}", .0.join("; "))]
    Incomplete(Vec<String>),
    /// The system has no thread for the run.
    #[error("no thread could be started: {0}")]
    NoRoom(String),
    /// What the run was to find made could not be made, or was gone when it was over.
    #[error("{0}")]
    Fixture(String),
    /// The process of the run is gone.
    #[error("{0}")]
    Lost(String),
    /// Ctrl-C.
    #[error("interrupted")]
    Interrupted,
}

impl Failure {
    /// The run passed its deadline with this trace, as far as there is one.
    pub(super) fn deadline(limit: Duration, problem: &dyn Problem, trace: Option<&Trace>) -> Self {
        Self::Deadline { limit, waits: trace.map(|trace| waits(problem, trace, limit)).unwrap_or_default() }
    }

    /// The panic that came first: the main line may only have passed on that of an actor.
    pub(super) fn panicked(trace: &Trace) -> Self {
        match first_panic(trace) {
            Some((index, actor, message)) => {
                // Where it panicked may be deep in a library.
                let before = trace.events[..index].iter().rev();
                let last = before.filter(|event| event.actor == actor).find(|event| event.source.is_some());
                let after = last.map_or_else(String::new, |last| format!(", after {}", last.told()));
                Self::Panicked { who: trace.cast[actor].to_string(), message: format!("{message}{after}") }
            }
            None => Self::Incomplete(vec!["the run ended without an outcome, and no actor panicked".into()]),
        }
    }
}

/// A text in which errors of the system, and of `SQLite`, are told in their words, without numbers, and not in those of
/// Rust's debugging.
pub fn in_words(text: &str) -> String {
    let replaced = replace(text, "Os { code: ", " }", |debug| quoted_after(debug, "message: "));
    let replaced = replace(&replaced, "SqliteFailure(", "))", |debug| quoted_after(debug, "Some("));
    let replaced = replace(&replaced, " (os error ", ")", |_| Some(""));
    // What the system says where there may be no more threads, or no more memory for their stacks; and elsewhere too.
    if replaced.contains("thread") {
        replaced.replace("Resource temporarily unavailable", "a limit of threads or of memory is reached")
    } else {
        replaced
    }
}

/// What is quoted there, without its quotes: quoted once more, they have strokes before them.
fn quoted_after<'a>(debug: &'a str, before: &str) -> Option<&'a str> {
    Some(debug.split_once(before)?.1.trim_matches(['\\', '"']))
}

/// The text with something else for what stands between each of these begins and the end that follows.
fn replace(text: &str, begin: &str, end: &str, other: impl Fn(&str) -> Option<&str>) -> String {
    let (mut told, mut rest) = (String::new(), text);
    while let Some((before, inner)) = rest.split_once(begin)
        && let Some((inner, after)) = inner.split_once(end)
        && let Some(other) = other(inner)
    {
        told.extend([before, other]);
        rest = after;
    }
    told + rest
}

/// An error of the system, [in words](in_words).
pub fn system_words(error: &io::Error) -> String {
    in_words(&error.to_string())
}

/// All that is known, behind what is said already.
fn told(waits: &[String]) -> String {
    waits.iter().fold(String::new(), |told, wait| told + "; " + wait)
}

/// The panic that came first: its place among the events, the actor, and what it said.
fn first_panic(trace: &Trace) -> Option<(usize, usize, &str)> {
    trace.events.iter().enumerate().find_map(|(index, event)| match &event.what {
        What::Ended(End::Panicked(message)) => Some((index, event.actor, message.as_str())),
        _ => None,
    })
}

/// Who is not over after so long, and what each waits for; and before that, who panicked, for whom others may wait in vain.
fn waits(problem: &dyn Problem, trace: &Trace, limit: Duration) -> Vec<String> {
    let (unfinished, roles, laws) = (unfinished(trace), problem.roles(), problem.laws());
    let over = trace.cast.len() - unfinished.len();
    let more = unfinished.len().saturating_sub(MOST_REPORTED);
    let waiting = |actor: &usize| waiting(trace, &roles, &laws, &unfinished, *actor);
    let told = unfinished.iter().take(MOST_REPORTED).map(|actor| wait(trace, limit, &waiting(actor)));
    let more = (more > 0).then(|| format!("and {more} more"));
    let panicked = first_panic(trace);
    let panicked = panicked.map(|(_, actor, message)| format!("{} panicked: {message}", trace.cast[actor]));
    // Who panicked is told already.
    let over = match over - usize::from(panicked.is_some()) {
        0 => None,
        1 => Some("one more is over".into()),
        over => Some(format!("{over} more are over")),
    };
    panicked.into_iter().chain(told).chain(more).chain(over).collect()
}

/// What this actor did last and when, what is due of it, and for whom it waits.
fn wait(trace: &Trace, limit: Duration, waiting: &Waiting) -> String {
    let Waiting { actor, last, due, inside, alive, unsaid } = waiting;
    let member = trace.cast[*actor];
    let Some(last) = last else { return format!("{member}: not yet begun") };
    let last = &trace.events[*last];
    let mut text = format!("{member}: {} {:.1?} ago", last.told(), limit.saturating_sub(last.at));
    text.extend(due.iter().map(|due| format!(", due is {due}")));
    // Where these are, they tell themselves.
    let whom = [("inside".into(), inside), ("not over".into(), alive)].into_iter();
    let whom = whom.chain(unsaid.iter().map(|(shape, actors)| (format!("not yet `{}`", shape.name), actors)));
    for (what, actors) in whom.filter(|(_, actors)| !actors.is_empty()) {
        let names: Vec<String> = actors.iter().map(|actor| trace.cast[*actor].to_string()).collect();
        let (told, more) = names.split_at(names.len().min(MOST_NAMED));
        let more = if more.is_empty() { String::new() } else { format!(" and {} more", more.len()) };
        text = format!("{text} ({what}: {}{more})", told.join(", "));
    }
    text
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::{in_words, system_words};

    #[test]
    fn errors_of_the_system_are_told_in_words() {
        let debug = io::Error::from_raw_os_error(24);
        let due = format!("{debug}");
        let due = due.split(" (os error").next().expect("it begins");
        assert_eq!(
            in_words(&format!("a file: {debug:?}, or {debug:?}!")),
            format!("a file: {due}, or {due}!")
        );
        let quoted = format!("{:?}", format!("{debug:?}"));
        assert_eq!(in_words(&quoted), format!("\"{due}\""));
        assert_eq!(system_words(&debug), due);
        assert_eq!(
            system_words(&io::Error::other(format!("{debug} at \"/tmp\""))),
            format!("{due} at \"/tmp\"")
        );
        let sqlite = r#"SqliteFailure(Error { code: CannotOpen, extended_code: 14 }, Some("no such file"))"#;
        assert_eq!(in_words(&format!("opens: {sqlite}, it seems")), "opens: no such file, it seems");
        for whole in ["", "all is well", "Os { code: 1"] {
            assert_eq!(in_words(whole), whole);
        }
    }
}
