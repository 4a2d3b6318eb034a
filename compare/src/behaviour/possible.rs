//! What must be possible, whether a run showed it, and how many did.

use serde::{Deserialize, Serialize};
use shared::{Breach, Trace, check_await, check_cut_short, check_overlap};

use super::quote::{Circumstances, Quote};
use crate::lab::Arm;
use crate::pair::Problem;

/// What a run did not show.
#[derive(Debug, Clone)]
pub(super) struct Unseen {
    /// What that is.
    pub(super) what: String,
    /// Where it might have been.
    pub(super) events: Vec<Quote>,
    /// Whether the run was one that should show it.
    pub(super) tried: bool,
}

/// Of all that must be possible, what the run did not show of it; none where it was seen.
pub(super) fn unseen(
    problem: &dyn Problem,
    circumstances: &Circumstances,
    trace: &Trace,
) -> Vec<Option<Unseen>> {
    let quoted = |Breach { what, events }: Breach, tried: bool| {
        let events = events.into_iter().map(|event| Quote::of(trace, event)).collect();
        Unseen { what, events, tried }
    };
    let meeting = circumstances.round.as_ref().and_then(|round| round.meeting.as_ref());
    let overlaps = problem.overlaps();
    let overlaps = overlaps.iter().map(|overlap| {
        let tried = meeting.is_some_and(|meeting| *meeting == overlap.to_string());
        check_overlap(trace, overlap).err().map(|breach| quoted(breach, tried))
    });
    // Each run in which an actor came there is a try.
    let there = |checked: Result<(), Breach>| {
        checked.err().map(|breach| {
            let tried = !breach.events.is_empty();
            quoted(breach, tried)
        })
    };
    let awaits = problem.awaits().into_iter().map(|awaits| there(check_await(trace, awaits)));
    let cut_short = problem.cut_short().into_iter().map(|role| there(check_cut_short(trace, role)));
    overlaps.chain(awaits).chain(cut_short).collect()
}

/// What must be possible at once, and how often it was.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AtOnce {
    /// What.
    pub what: String,
    /// On each arm, in their order.
    pub seen: [Seen; 2],
}

/// How often it was in the runs of an arm with the plan of the pair.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Seen {
    /// The arm.
    pub arm: Arm,
    /// In how many runs it came about by itself.
    pub shown: usize,
    /// Of how many in which nothing was brought about.
    pub of: usize,
    /// The greatest share of such runs that is compatible with that, at 95 %.
    pub at_most: f64,
    /// In how many runs it was brought about.
    pub brought_about: usize,
    /// Of how many in which that was tried.
    pub tries: usize,
}
