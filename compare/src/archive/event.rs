//! An event as a line: how it is written, and how it is read again.

use std::borrow::Cow;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use shared::trace::Event;
use shared::{End, Pattern, Shape, Side, Stall, Trace, Turn, What, Woken};

use crate::pair::visible;
use crate::timing::nanos;

/// One event of a run. Its serialisation is a line of `compare trace --format json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ShownEvent {
    /// The pattern.
    pub pattern: Pattern,
    /// Which side ran.
    pub side: Side,
    /// The place of the event in its run.
    pub event: usize,
    /// When, since the main line began.
    pub at_ns: u64,
    /// The actor, by its place in the cast.
    pub actor: usize,
    /// The actor's role.
    pub role: Cow<'static, str>,
    /// The actor's number within the role.
    pub number: usize,
    /// The OS thread, numbered as they were first heard.
    pub thread: u32,
    /// The file and the line that recorded it, or that made an actor which begins; none for an end.
    pub source: Option<String>,
    /// In which turn of its task; none for a thread.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub turn: Option<ShownTurn>,
    /// What the actor did to its thread since its event before, if that is worth a word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stall: Option<ShownStall>,
    /// What happened.
    #[serde(flatten)]
    pub what: ShownWhat,
}

/// A turn of a task: one poll of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownTurn {
    /// Its number, from 1 on.
    pub number: u32,
    /// When the turn was over in which it made its event before; none where that is this one.
    pub idle_ns: Option<u64>,
    /// When it began.
    pub began_ns: u64,
    /// When the task had been woken; none for its first turn.
    pub woken_ns: Option<u64>,
    /// By which actor, by its place in the cast; none where it was the runtime.
    pub woken_by: Option<u32>,
    /// A part of whose turn it is, by the place in the cast; none where the actor is a task of its own.
    pub within: Option<u32>,
}

/// What an actor did to its thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownStall {
    /// In which turn of its task; none of a thread.
    pub turn: Option<u32>,
    /// How often the thread was put to sleep.
    pub blocked: u32,
    /// How much time of a core it used.
    pub computed_ns: u64,
}

/// What an event is about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum ShownWhat {
    /// The actor begins.
    Began,
    /// The actor says a step.
    Said {
        /// Its name.
        step: Cow<'static, str>,
        /// Its fields.
        values: Map<String, Value>,
    },
    /// The actor pauses.
    Paused {
        /// For so long, in notebook time.
        notebook_ns: u64,
    },
    /// The actor waits.
    Waits {
        /// For at most so long, in notebook time.
        notebook_ns: u64,
    },
    /// The actor is over.
    Ended {
        /// `returned`, `panicked` or `cancelled`.
        end: String,
        /// What a panic said.
        message: Option<String>,
    },
}

impl ShownEvent {
    /// Who did it, in words.
    pub fn name(&self) -> String {
        if self.role == "main" { "main".into() } else { format!("{} {}", self.role, self.number) }
    }

    /// One event of a trace.
    pub fn of(pattern: Pattern, side: Side, trace: &Trace, event: usize) -> Self {
        let Event { actor, at, thread, ref what, ref turn, ref stall, .. } = trace.events[event];
        let member = trace.cast[actor];
        Self {
            pattern,
            side,
            event,
            at_ns: nanos(at),
            actor,
            role: member.role.into(),
            number: member.number,
            thread,
            source: trace.events[event].place(),
            turn: turn.as_deref().map(ShownTurn::of),
            stall: stall.as_deref().map(ShownStall::of),
            what: ShownWhat::of(what),
        }
    }
}

impl ShownTurn {
    fn of(turn: &Turn<Duration>) -> Self {
        let Turn { number, idle, began, woken, within } = *turn;
        Self {
            number,
            idle_ns: idle.map(nanos),
            began_ns: nanos(began),
            woken_ns: woken.map(|woken| nanos(woken.at)),
            woken_by: woken.and_then(|woken| woken.by),
            within,
        }
    }

    pub(super) fn turn(self) -> Turn<Duration> {
        let time = Duration::from_nanos;
        let woken = self.woken_ns.map(|at| Woken { at: time(at), by: self.woken_by });
        let Self { number, idle_ns, began_ns, within, .. } = self;
        Turn { number, idle: idle_ns.map(time), began: time(began_ns), woken, within }
    }
}

impl ShownStall {
    fn of(&Stall { turn, blocked, computed }: &Stall) -> Self {
        Self { turn, blocked, computed_ns: nanos(computed) }
    }

    pub(super) fn stall(self) -> Stall {
        let Self { turn, blocked, computed_ns } = self;
        Stall { turn, blocked, computed: Duration::from_nanos(computed_ns) }
    }
}

impl ShownWhat {
    fn of(what: &What) -> Self {
        match what {
            What::Began => Self::Began,
            What::Said(said) => Self::Said { step: said.shape.name.into(), values: said.object() },
            What::Paused(duration) => Self::Paused { notebook_ns: nanos(*duration) },
            What::Waits(most) => Self::Waits { notebook_ns: nanos(*most) },
            What::Ended(end) => {
                let message = if let End::Panicked(message) = end { Some(message.clone()) } else { None };
                Self::Ended { end: end.kind().to_string(), message }
            }
        }
    }

    /// What that is, if a pattern of these steps has it; or what is wrong with it.
    pub(super) fn what(self, shapes: &'static [Shape]) -> Result<What, String> {
        Ok(match self {
            Self::Began => What::Began,
            Self::Said { step, values } => {
                let shape = shapes.iter().find(|shape| shape.name == step);
                let shape = shape.ok_or_else(|| format!("the pattern has no step {step:?}"))?;
                What::Said(shape.said(&values).ok_or_else(|| format!("these are no values of {step}"))?)
            }
            Self::Paused { notebook_ns } => What::Paused(Duration::from_nanos(notebook_ns)),
            Self::Waits { notebook_ns } => What::Waits(Duration::from_nanos(notebook_ns)),
            Self::Ended { end, message } => What::Ended(match (end.as_str(), message) {
                ("returned", None) => End::Returned,
                ("cancelled", None) => End::Cancelled,
                // It was made visible when it was recorded, and another may have been written in its place.
                ("panicked", Some(message)) => End::Panicked(visible(&message)),
                (end, _) => return Err(format!("an actor does not end so: {end:?}")),
            }),
        })
    }
}
