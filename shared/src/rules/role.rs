//! A role: who acts in a run, how many of them, what each may say and how each may end.

use std::ops::RangeInclusive;

use super::matcher::Matcher;
use super::work::Work;
use crate::{Aligned, Breach, EndKind, Language, Member, Trace, What};

/// A role of a pattern.
///
/// Each run of each side is held to its roles, never to the other side's run: who constructs the singleton, or how
/// often a waiter re-checks its condition, may vary from run to run within the role's language.
#[derive(Debug, Clone)]
pub struct Role {
    /// Its name, as the actors bear it.
    pub name: &'static str,
    /// How many actors of it a run has.
    pub count: RangeInclusive<usize>,
    /// What each of them says.
    pub language: Language,
    /// How each of them may end: by returning, unless the role says otherwise.
    pub ends: Vec<EndKind>,
}

impl Role {
    /// `count` actors of this name, each of whom speaks this language and returns.
    pub fn new(name: &'static str, count: usize, language: impl Into<Language>) -> Self {
        Self { name, count: count..=count, language: language.into(), ends: vec![EndKind::Returned] }
    }

    /// The line that starts the run and waits for it.
    pub fn main(language: impl Into<Language>) -> Self {
        Self::new("main", 1, language)
    }

    /// The same role, whose actors may end in any of these ways.
    #[must_use]
    pub fn ending(self, ends: impl Into<Vec<EndKind>>) -> Self {
        Self { ends: ends.into(), ..self }
    }

    /// The work of one actor of this role.
    pub fn work(&self) -> Work {
        self.language.work()
    }
}

/// Holds a trace to the roles: who acts, how often, in which language.
///
/// Time: linear in the number of events, for languages in which the next event decides how to go on (see
/// [`Matcher`]).
pub fn check_roles(trace: &Trace, roles: &[Role]) -> Vec<Breach> {
    let mut breaches = Vec::new();
    let lanes = trace.by_actor();
    for role in roles {
        let matcher = Matcher::new(&role.language);
        let mut count = 0;
        for (member, lane) in trace.cast.iter().zip(&lanes).filter(|(member, _)| member.role == role.name) {
            count += 1;
            breaches.extend(check_actor(trace, member, lane, role, &matcher));
        }
        if !role.count.contains(&count) {
            let (least, most) = (role.count.start(), role.count.end());
            let wanted = if least == most { least.to_string() } else { format!("{least} to {most}") };
            breaches.push(Breach::new(format!("{count} actors of role {}, not {wanted}", role.name), []));
        }
    }
    for member in trace.cast.iter().filter(|member| roles.iter().all(|role| role.name != member.role)) {
        breaches.push(Breach::new(format!("{member} has a role that the workload doesn't know"), []));
    }
    breaches
}

fn check_actor(
    trace: &Trace,
    member: &Member,
    lane: &[usize],
    role: &Role,
    matcher: &Matcher,
) -> Option<Breach> {
    if let Some(&last) = lane.last()
        && let What::Ended(end) = &trace.events[last].what
        && !role.ends.contains(&end.kind())
    {
        return Some(Breach::new(format!("{member} {}", trace.events[last].what), [last]));
    }
    let words: Vec<usize> = lane.iter().copied().filter(|&index| is_word(trace, index)).collect();
    let mismatch = matcher.check(words.iter().map(|&index| &trace.events[index].what)).err()?;
    Some(match words.get(mismatch.at) {
        Some(&index) => Breach::new(
            format!("{member} does `{}` where {} is due", trace.events[index].what, mismatch.expected),
            [index],
        ),
        None => {
            Breach::new(format!("{member} is over where {} is due", mismatch.expected), lane.last().copied())
        }
    })
}

/// What an actor did, aligned with its role's language: the places of its words among the events, and the alignment
/// of these words. `None` where the role is unknown, or both are too long.
pub fn align(trace: &Trace, actor: usize, roles: &[Role]) -> Option<(Vec<usize>, Vec<Aligned>)> {
    let role = roles.iter().find(|role| role.name == trace.cast[actor].role)?;
    let own = |&index: &usize| trace.events[index].actor == actor && is_word(trace, index);
    let words: Vec<usize> = (0..trace.events.len()).filter(own).collect();
    let whats: Vec<_> = words.iter().map(|&index| &trace.events[index].what).collect();
    let aligned = Matcher::new(&role.language).align(&whats)?;
    Some((words, aligned))
}

/// Whether an event is a word of its actor's language; begin and end are not.
fn is_word(trace: &Trace, index: usize) -> bool {
    matches!(trace.events[index].what, What::Said(_) | What::Paused(_))
}
