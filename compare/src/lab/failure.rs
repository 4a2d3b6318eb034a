//! Failures: why a run has no outcome, or none that can be trusted.

use std::time::Duration;

use shared::{End, Trace, What};

/// Of how many actors the last step is reported where a run passes its deadline.
const MOST_REPORTED: usize = 12;

/// Why a run has no outcome, or none that can be trusted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
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
    #[error("no end after {limit:?} (--timeout gives it longer); {}", .last.join("; "))]
    Deadline {
        /// How long it had.
        limit: Duration,
        /// Each actor's last step.
        last: Vec<String>,
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
    /// Ctrl-C.
    #[error("interrupted")]
    Interrupted,
}

impl Failure {
    /// The run passed its deadline with this trace, as far as there is one.
    pub(super) fn deadline(limit: Duration, trace: Option<&Trace>) -> Self {
        Self::Deadline { limit, last: trace.map(last_steps).unwrap_or_default() }
    }

    /// The panic that came first: the main line may only have passed on that of an actor.
    pub(super) fn panicked(trace: &Trace) -> Self {
        let panic = trace.events.iter().enumerate().find_map(|(index, event)| match &event.what {
            What::Ended(End::Panicked(message)) => Some((index, event.actor, message)),
            _ => None,
        });
        match panic {
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

fn last_steps(trace: &Trace) -> Vec<String> {
    let lanes = trace.by_actor();
    let last = trace.cast.iter().zip(lanes).take(MOST_REPORTED).map(|(member, lane)| match lane.last() {
        Some(&index) => format!("{member}: {} ({:.3?})", trace.events[index].told(), trace.events[index].at),
        None => format!("{member}: not yet begun"),
    });
    let more = trace.cast.len().saturating_sub(MOST_REPORTED);
    last.chain((more > 0).then(|| format!("and {more} more"))).collect()
}
