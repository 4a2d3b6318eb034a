//! Mutants: real runs, each changed in one thing.
//!
//! A changed trace is made whole again, as far as a recorder would have made it so: its events have their places, the
//! times of an actor don't run backwards, and a turn stays where it was. So it is what was done that gives it away, and
//! not how it was written down.

use std::fmt::{self, Display};
use std::panic::Location;

use compare::pair::Yielded;
use shared::{Form, Trace, What};

mod lawful;
mod outcome;
mod scene;

pub(crate) use lawful::{FREE, LAWFUL, Lawful};
pub(crate) use scene::{Run, Scene, scenes};

/// In what a mutant is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// A field of a step.
    Field,
    /// The number of an actor.
    Number,
    /// An event is left out.
    Dropped,
    /// An event is there twice.
    Doubled,
    /// An event is another actor's.
    Moved,
    /// An event and the next of its actor have changed places.
    Swapped,
    /// Where an event was recorded.
    Source,
    /// A part of the outcome.
    Outcome,
}

impl Kind {
    pub(crate) const ALL: [Self; 8] = [
        Self::Field,
        Self::Number,
        Self::Dropped,
        Self::Doubled,
        Self::Moved,
        Self::Swapped,
        Self::Source,
        Self::Outcome,
    ];
}

impl Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{self:?}").to_lowercase())
    }
}

/// A change of a run in one thing.
#[derive(Debug, Clone)]
pub(crate) struct Mutation {
    /// What is changed, as [`Lawful`] names it.
    pub(crate) what: String,
    change: Change,
}

#[derive(Debug, Clone)]
enum Change {
    Field { event: usize, place: usize, code: u64 },
    Number { actor: usize, number: usize },
    Drop(usize),
    Double(usize),
    Move { event: usize, to: usize },
    Swap(usize, usize),
    Source { event: usize, source: Option<Source> },
    Outcome(Yielded),
}

/// Where something was recorded.
pub(crate) type Source = &'static Location<'static>;

/// Where others recorded what they did.
pub(crate) struct Elsewhere {
    /// The same pattern, on the other side.
    pub(crate) other_side: Vec<Source>,
    /// Patterns of other sections, on the same side: within its section, nobody asks where a pattern records.
    pub(crate) other_sections: Vec<Source>,
}

impl Mutation {
    /// All mutations of this kind.
    pub(crate) fn all(kind: Kind, run: &Run, elsewhere: &Elsewhere) -> Vec<Self> {
        let trace = &run.trace;
        match kind {
            Kind::Field => fields(trace),
            Kind::Number => numbers(trace),
            Kind::Dropped => each_event(trace, Change::Drop),
            Kind::Doubled => each_event(trace, Change::Double),
            Kind::Moved => moves(trace),
            Kind::Swapped => swaps(trace),
            Kind::Source => sources(trace, elsewhere),
            Kind::Outcome => outcome::mutants(run.pair.problem(), &run.yielded)
                .into_iter()
                .map(|(what, yielded)| Self { what, change: Change::Outcome(yielded) })
                .collect(),
        }
    }

    /// The run as it would have been.
    pub(crate) fn of(&self, run: &Run) -> (Trace, Yielded) {
        let (mut trace, mut yielded) = (run.trace.clone(), run.yielded.clone());
        match &self.change {
            Change::Field { event, place, code } => {
                if let What::Said(said) = &mut trace.events[*event].what {
                    said.values[*place] = *code;
                }
            }
            Change::Number { actor, number } => trace.cast[*actor].number = *number,
            Change::Drop(event) => drop(trace.events.remove(*event)),
            Change::Double(event) => trace.events.insert(*event, trace.events[*event].clone()),
            Change::Move { event, to } => hand_over(&mut trace, *event, *to),
            Change::Swap(one, other) => swap(&mut trace, *one, *other),
            Change::Source { event, source } => trace.events[*event].source = *source,
            Change::Outcome(changed) => yielded = changed.clone(),
        }
        (trace, yielded)
    }
}

/// An event in a word: the name of its step, or what it is otherwise.
fn word(trace: &Trace, event: usize) -> String {
    let what = match &trace.events[event].what {
        What::Began => "begins",
        What::Said(said) => said.shape.name,
        What::Paused(_) => "pauses",
        What::Waits(_) => "waits",
        What::Ended(_) => "ends",
    };
    format!("{}: {what}", role(trace, event))
}

fn role(trace: &Trace, event: usize) -> &'static str {
    trace.cast[trace.events[event].actor].role
}

fn each_event(trace: &Trace, change: fn(usize) -> Change) -> Vec<Mutation> {
    (0..trace.events.len())
        .map(|event| Mutation { what: word(trace, event), change: change(event) })
        .collect()
}

/// A number is one more, one less, the least and the greatest; a letter is the next; a flag is the other.
fn fields(trace: &Trace) -> Vec<Mutation> {
    let mut mutations = Vec::new();
    for (event, _, said) in trace.said() {
        for (place, field) in said.shape.fields.iter().enumerate() {
            let code = said.values[place];
            let codes = match field.form {
                Form::Number => vec![code + 1, code.saturating_sub(1), 0, u64::MAX],
                Form::Letter => vec![code + 1],
                Form::Flag => vec![1 - code],
            };
            let what = format!("{}.{}", word(trace, event), field.name);
            let others = codes.into_iter().filter(|other| *other != code);
            mutations.extend(
                others.map(|code| Mutation {
                    what: what.clone(),
                    change: Change::Field { event, place, code },
                }),
            );
        }
    }
    mutations
}

/// A number is that of another actor of its role, and one that none has: the least, and the next.
fn numbers(trace: &Trace) -> Vec<Mutation> {
    let mut mutations = Vec::new();
    for (actor, member) in trace.cast.iter().enumerate() {
        let peers = || trace.cast.iter().filter(|peer| peer.role == member.role).map(|peer| peer.number);
        let others = peers().filter(|number| *number != member.number);
        let next = peers().max().unwrap_or_default() + 1;
        let none = [0, next].into_iter().filter(|number| peers().all(|known| known != *number));
        mutations.extend(
            others.chain(none).map(|number| Mutation {
                what: member.role.into(),
                change: Change::Number { actor, number },
            }),
        );
    }
    mutations
}

/// Each event is that of another actor: of each of the same role, and of one of another.
fn moves(trace: &Trace) -> Vec<Mutation> {
    let mut mutations = Vec::new();
    for (event, moved) in trace.events.iter().enumerate() {
        let (peers, strangers): (Vec<usize>, Vec<usize>) = (0..trace.cast.len())
            .filter(|actor| *actor != moved.actor)
            .partition(|actor| trace.cast[*actor].role == role(trace, event));
        let stranger = strangers.get(event % strangers.len().max(1));
        mutations.extend(peers.iter().chain(stranger).map(|&to| Mutation {
            what: format!("{} to {}", word(trace, event), trace.cast[to].role),
            change: Change::Move { event, to },
        }));
    }
    mutations
}

/// Each event and the next of its actor, unless they are the same.
fn swaps(trace: &Trace) -> Vec<Mutation> {
    let different =
        trace.successions().filter(|&(one, other)| trace.events[one].what != trace.events[other].what);
    different
        .map(|(one, other)| {
            let (first, second) = (word(trace, one), word(trace, other));
            let second = second.split_once(": ").map_or(second.as_str(), |(_, what)| what);
            Mutation { what: format!("{first} and {second}"), change: Change::Swap(one, other) }
        })
        .collect()
}

fn sources(trace: &Trace, elsewhere: &Elsewhere) -> Vec<Mutation> {
    let mut mutations = Vec::new();
    for (event, _) in trace.events.iter().enumerate().filter(|(_, event)| event.source.is_some()) {
        let any = |sources: &[Source]| sources.get(event % sources.len().max(1)).copied();
        let of = |how, source| Mutation {
            what: format!("{}, {how}", word(trace, event)),
            change: Change::Source { event, source },
        };
        mutations.extend([
            of("nowhere", None),
            of("on the other side", any(&elsewhere.other_side)),
            of("in another section", any(&elsewhere.other_sections)),
        ]);
    }
    mutations
}

/// The event is another actor's: at its place, but at a time and in a turn that the other had.
fn hand_over(trace: &mut Trace, event: usize, to: usize) {
    let own = |place: &usize| trace.events[*place].actor == to;
    let before = (0..event).rev().find(own);
    let after = (event + 1..trace.events.len()).find(own);
    let at = |place: usize| trace.events[place].at;
    let mut moved = trace.events[event].clone();
    moved.actor = to;
    moved.at = moved.at.max(before.map_or(moved.at, at)).min(after.map_or(moved.at, at));
    // What a pause is followed by is in a later turn.
    let paused = before.is_some_and(|place| matches!(trace.events[place].what, What::Paused(_)));
    let beside = if paused { after.or(before) } else { before.or(after) };
    if let Some(beside) = beside {
        moved.thread = trace.events[beside].thread;
        moved.turn.clone_from(&trace.events[beside].turn);
    }
    trace.events[event] = moved;
}

fn swap(trace: &mut Trace, one: usize, other: usize) {
    let (first, second) = (trace.events[one].clone(), trace.events[other].clone());
    (trace.events[one].what, trace.events[one].source) = (second.what, second.source);
    (trace.events[other].what, trace.events[other].source) = (first.what, first.source);
}
