//! A trace: the steps of all actors of one run, in order.

use std::fmt::{self, Display};
use std::panic::Location;
use std::time::Duration;

use crate::{Aligned, Breach, End, Law, Matcher, Member, Role, Signal, Step};

/// The trace of one run.
#[derive(Debug, Clone)]
pub struct Trace<S> {
    /// The actors of the run; an event names its actor by its place in this list. The first is the main line.
    pub cast: Vec<Member>,
    /// What the actors did, in order.
    pub events: Vec<Event<S>>,
}

/// One thing that an actor did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event<S> {
    /// The actor, by its place in the cast.
    pub actor: usize,
    /// When, since the main line began.
    pub at: Duration,
    /// On which OS thread: numbered as they were first heard.
    pub thread: u32,
    /// Where in the source it was told; none for begin and end.
    pub source: Option<&'static Location<'static>>,
    /// What it did.
    pub what: What<S>,
}

/// What an event is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What<S> {
    /// The actor begins.
    Began,
    /// The actor says a step.
    Said(S),
    /// The actor pauses for this long, in notebook time.
    Paused(Duration),
    /// The actor is over.
    Ended(End),
}

impl<S: Step> What<S> {
    /// The signal as a step of this pattern; `None` for a step that the pattern doesn't have.
    pub fn of(signal: &Signal) -> Option<Self> {
        Some(match signal {
            Signal::Began => Self::Began,
            Signal::Said { shape, values } => Self::Said(S::read(shape.name, *values)?),
            Signal::Paused(duration) => Self::Paused(*duration),
            Signal::Ended(end) => Self::Ended(end.clone()),
        })
    }
}

impl<S: Step> Display for What<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Began => Signal::Began.fmt(f),
            Self::Said(step) => step.shape().with(step.values()).fmt(f),
            Self::Paused(duration) => Signal::Paused(*duration).fmt(f),
            Self::Ended(end) => Signal::Ended(end.clone()).fmt(f),
        }
    }
}

impl<S: Step> Trace<S> {
    /// The steps of the trace, each with its place among the events.
    pub fn said(&self) -> impl Iterator<Item = (usize, &Event<S>, &S)> {
        self.events.iter().enumerate().filter_map(|(index, event)| match &event.what {
            What::Said(step) => Some((index, event, step)),
            _ => None,
        })
    }

    /// The steps of one kind.
    pub fn of_kind(&self, kind: S::Kind) -> impl Iterator<Item = &S> {
        self.said().map(|(_, _, step)| step).filter(move |step| step.kind() == kind)
    }

    /// How long the main line took; `None` while it isn't over.
    pub fn elapsed(&self) -> Option<Duration> {
        self.events
            .iter()
            .find(|event| event.actor == 0 && matches!(event.what, What::Ended(_)))
            .map(|end| end.at)
    }

    /// The time between the first step of one kind and the first of the other.
    pub fn between(&self, from: S::Kind, to: S::Kind) -> Option<Duration> {
        let first = |kind| self.said().find(|(_, _, step)| step.kind() == kind).map(|(_, event, _)| event.at);
        first(to)?.checked_sub(first(from)?)
    }

    /// The events of each actor, by their places, in the order of the cast.
    pub fn by_actor(&self) -> Vec<Vec<usize>> {
        let mut lanes = vec![Vec::new(); self.cast.len()];
        for (index, event) in self.events.iter().enumerate() {
            lanes[event.actor].push(index);
        }
        lanes
    }

    /// What is missing: an actor that never ended, or that did something before it began or after its end.
    ///
    /// A trace with a gap says nothing about the run, so it is held to no law and compared with nothing.
    pub fn gaps(&self) -> Vec<String> {
        self.cast.iter().zip(self.by_actor()).filter_map(|(member, lane)| self.gap(member, &lane)).collect()
    }

    fn gap(&self, member: &Member, lane: &[usize]) -> Option<String> {
        let began = lane.iter().filter(|&&index| self.events[index].what == What::Began).count();
        let ended = lane.iter().filter(|&&index| matches!(self.events[index].what, What::Ended(_))).count();
        let first = lane.first().map(|&index| &self.events[index].what);
        let last = lane.last().map(|&index| &self.events[index].what);
        match (began, ended, first, last) {
            (1, 1, Some(What::Began), Some(What::Ended(_))) => None,
            // Aborted before its first poll: it has an end and nothing else.
            (0, 1, Some(What::Ended(End::Cancelled)), _) if lane.len() == 1 => None,
            (_, 0, _, Some(last)) => Some(format!("{member} never ended; its last event is `{last}`")),
            (_, 0, _, None) => Some(format!("{member} was never heard")),
            _ => Some(format!(
                "{member} began {began} times and ended {ended} times, not once around its steps"
            )),
        }
    }

    /// Holds the trace to the roles: who acts, how often, in which language.
    ///
    /// Time: linear in the number of events, for languages in which the next event decides how to go on (see
    /// [`Matcher`]).
    pub fn check_roles(&self, roles: &[Role<S>]) -> Vec<Breach> {
        let mut breaches = Vec::new();
        let lanes = self.by_actor();
        for role in roles {
            let matcher = Matcher::new(&role.language);
            let mut count = 0;
            for (member, lane) in self.cast.iter().zip(&lanes).filter(|(member, _)| member.role == role.name)
            {
                count += 1;
                breaches.extend(self.check_actor(member, lane, role, &matcher));
            }
            if !role.count.contains(&count) {
                let (least, most) = (role.count.start(), role.count.end());
                let wanted = if least == most { least.to_string() } else { format!("{least} to {most}") };
                breaches.push(Breach::new(format!("{count} actors of role {}, not {wanted}", role.name), []));
            }
        }
        for member in self.cast.iter().filter(|member| roles.iter().all(|role| role.name != member.role)) {
            breaches.push(Breach::new(format!("{member} has a role that the workload doesn't know"), []));
        }
        breaches
    }

    fn check_actor(
        &self,
        member: &Member,
        lane: &[usize],
        role: &Role<S>,
        matcher: &Matcher<S>,
    ) -> Option<Breach> {
        if let Some(&last) = lane.last()
            && let What::Ended(end) = &self.events[last].what
            && !role.ends.contains(&end.kind())
        {
            return Some(Breach::new(format!("{member} {}", self.events[last].what), [last]));
        }
        let words: Vec<usize> = lane.iter().copied().filter(|&index| self.is_word(index)).collect();
        let mismatch = matcher.check(words.iter().map(|&index| &self.events[index].what)).err()?;
        Some(match words.get(mismatch.at) {
            Some(&index) => Breach::new(
                format!("{member} does `{}` where {} is due", self.events[index].what, mismatch.expected),
                [index],
            ),
            None => Breach::new(
                format!("{member} is over where {} is due", mismatch.expected),
                lane.last().copied(),
            ),
        })
    }

    /// What an actor did, aligned with its role's language: the places of its words among the events, and the alignment
    /// of these words. `None` where the role is unknown, or both are too long.
    pub fn align(&self, actor: usize, roles: &[Role<S>]) -> Option<(Vec<usize>, Vec<Aligned>)> {
        let role = roles.iter().find(|role| role.name == self.cast[actor].role)?;
        let own = |&index: &usize| self.events[index].actor == actor && self.is_word(index);
        let words: Vec<usize> = (0..self.events.len()).filter(own).collect();
        let whats: Vec<_> = words.iter().map(|&index| &self.events[index].what).collect();
        let aligned = Matcher::new(&role.language).align(&whats)?;
        Some((words, aligned))
    }

    /// Whether an event is a word of its actor's language; begin and end are not.
    fn is_word(&self, index: usize) -> bool {
        matches!(self.events[index].what, What::Said(_) | What::Paused(_))
    }

    /// Holds the trace to the laws.
    ///
    /// Time: each law is linear or n·log n in the number of events.
    pub fn check_laws(&self, laws: &[Law<S>]) -> Vec<Breach> {
        laws.iter().filter_map(|law| law.check(self).err()).collect()
    }

    /// One event as a line of text: its place, time, actor and what it did.
    pub fn show(&self, index: usize) -> impl Display {
        fmt::from_fn(move |f| {
            let event = &self.events[index];
            write!(f, "#{index} {:.3?} {}: {}", event.at, self.cast[event.actor], event.what)
        })
    }
}
