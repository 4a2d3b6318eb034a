//! A role: who acts in a run, how many of them, what each may say and how each may end.

use std::collections::BTreeMap;

use super::matcher::Matcher;
use super::work::Work;
use crate::{Aligned, Breach, EndKind, Language, Member, Shape, Trace, What};

/// A role of a pattern.
///
/// Each run of each side is held to its roles, never to the other side's run: who constructs the singleton, or how
/// often a waiter re-checks its condition, may vary from run to run within the role's language.
#[derive(Debug, Clone)]
pub struct Role {
    /// Its name, as the actors bear it.
    pub name: &'static str,
    /// The numbers of its actors, each of which a run has once; those that speak alike stand together.
    parts: Vec<(Vec<usize>, Language)>,
    /// How each of them may end: by returning, unless the role says otherwise.
    ends: Vec<EndKind>,
}

impl Role {
    /// The actors of this name and these numbers, each of whom speaks this language and returns.
    pub fn new(
        name: &'static str,
        numbers: impl IntoIterator<Item = usize>,
        language: impl Into<Language>,
    ) -> Self {
        Self::of(name, vec![(numbers.into_iter().collect(), language.into())])
    }

    /// The actors of this name and these numbers, each of whom speaks a language of its own, and returns.
    pub fn each(
        name: &'static str,
        numbers: impl IntoIterator<Item = usize>,
        language: impl Fn(usize) -> Language,
    ) -> Self {
        Self::of(name, numbers.into_iter().map(|number| (vec![number], language(number))).collect())
    }

    /// The line that starts the run and waits for it.
    pub fn main(language: impl Into<Language>) -> Self {
        Self::new("main", [0], language)
    }

    fn of(name: &'static str, parts: Vec<(Vec<usize>, Language)>) -> Self {
        Self { name, parts, ends: vec![EndKind::Returned] }
    }

    /// The same role, whose actors may end in any of these ways.
    #[must_use]
    pub fn ending(self, ends: impl Into<Vec<EndKind>>) -> Self {
        Self { ends: ends.into(), ..self }
    }

    /// The work of all its actors together.
    pub fn work(&self) -> Work {
        let works = self.parts.iter().map(|(numbers, language)| language.work().times(numbers.len()));
        works.fold(Work::NONE, Work::and)
    }

    /// The shapes of the steps that it speaks of.
    pub fn shapes(&self) -> impl Iterator<Item = &'static Shape> {
        self.parts.iter().flat_map(|(_, language)| language.shapes())
    }

    /// What the actor of this number says; `None` where there is none.
    fn language(&self, number: usize) -> Option<&Language> {
        self.parts.iter().find(|(numbers, _)| numbers.contains(&number)).map(|(_, language)| language)
    }
}

/// Holds a trace to the roles: who acts, how often, in which language.
///
/// Time: linear in the number of events, for languages in which the next event decides how to go on (see
/// [`Matcher`]).
pub fn check_roles(trace: &Trace, roles: &[Role]) -> Vec<Breach> {
    let lanes = trace.by_actor();
    // Where each actor stands in the cast.
    let mut places: BTreeMap<Member, Vec<usize>> = BTreeMap::new();
    for (place, member) in trace.cast.iter().enumerate() {
        places.entry(*member).or_default().push(place);
    }
    let mut breaches = Vec::new();
    for role in roles {
        for (numbers, language) in &role.parts {
            let matcher = Matcher::new(language);
            for &number in numbers {
                let member = Member { role: role.name, number };
                match places.remove(&member).as_deref() {
                    Some([place]) => {
                        breaches.extend(check_actor(trace, &member, &lanes[*place], role, &matcher));
                    }
                    Some(places) => {
                        let first = places.iter().filter_map(|place| lanes[*place].first().copied());
                        breaches.push(Breach::new(format!("{} actors are {member}", places.len()), first));
                    }
                    None => breaches.push(Breach::new(format!("nobody is {member}"), [])),
                }
            }
        }
    }
    // Whoever is left has no part in it.
    breaches.extend(places.into_iter().map(|(member, places)| {
        let first = places.iter().filter_map(|place| lanes[*place].first().copied());
        Breach::new(format!("{member} is nobody that the workload knows"), first)
    }));
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
    let member = trace.cast[actor];
    let language = roles.iter().find(|role| role.name == member.role)?.language(member.number)?;
    let own = |&index: &usize| trace.events[index].actor == actor && is_word(trace, index);
    let words: Vec<usize> = (0..trace.events.len()).filter(own).collect();
    let whats: Vec<_> = words.iter().map(|&index| &trace.events[index].what).collect();
    let aligned = Matcher::new(language).align(&whats)?;
    Some((words, aligned))
}

/// What is due next of an actor, as text, and the shapes of its steps; `None` where the role is unknown, or does not allow
/// what was done.
pub(super) fn due(trace: &Trace, actor: usize, roles: &[Role]) -> Option<(String, Vec<&'static Shape>)> {
    let language = language(trace, actor, roles)?;
    let events = trace.events.iter().enumerate();
    let own = events.filter(|(index, event)| event.actor == actor && is_word(trace, *index));
    Matcher::new(language).due(own.map(|(_, event)| &event.what)).ok()
}

/// What an actor is allowed, if it has a role at all.
pub(super) fn language<'a>(trace: &Trace, actor: usize, roles: &'a [Role]) -> Option<&'a Language> {
    let member = trace.cast[actor];
    roles.iter().find(|role| role.name == member.role)?.language(member.number)
}

/// Whether an event is a word of its actor's language; begin and end are not.
fn is_word(trace: &Trace, index: usize) -> bool {
    matches!(trace.events[index].what, What::Said(_) | What::Paused(_) | What::Waits(_))
}

#[cfg(test)]
mod tests {
    use super::super::naive::{Kind, Step, trace};
    use super::{Role, align, check_roles};
    use crate::{Aligned, End, EndKind, Language, Member, Trace, What, script};

    fn whole() -> Language {
        script![Step::Enter, Kind::Leave]
    }

    /// Three actors, each of whom enters twice.
    fn lawful() -> Trace {
        trace(&[0, 1, 2, 0, 1, 2].map(|actor| (actor, Step::Enter)))
    }

    fn breaches(trace: &Trace, roles: &[Role]) -> Vec<(String, Vec<usize>)> {
        check_roles(trace, roles).into_iter().map(|breach| (breach.what, breach.events)).collect()
    }

    #[test]
    fn each_actor_is_held_to_its_language() {
        let spoken = trace(&[(0, Step::Enter), (0, Step::Leave), (1, Step::Enter), (2, Step::Leave)]);
        let roles = [Role::each("actor", 0..3, |number| match number {
            0 => whole(),
            1 => script![Step::Enter],
            _ => script![Step::Leave],
        })];
        assert_eq!(breaches(&spoken, &roles), []);
        let alike = [Role::new("actor", 0..3, whole())];
        let due =
            [("actor 1 is over where `Leave` is due", 5), ("actor 2 does `Leave` where `Enter` is due", 3)];
        assert_eq!(breaches(&spoken, &alike), due.map(|(what, event)| (what.to_owned(), vec![event])));
    }

    #[test]
    fn each_number_is_there_once() {
        let mut twice = lawful();
        twice.cast[2].number = 1;
        let roles = [Role::new("actor", 0..3, script![Kind::Enter, Kind::Enter])];
        assert_eq!(breaches(&lawful(), &roles), []);
        let due = [("2 actors are actor 1".to_owned(), vec![1, 2]), ("nobody is actor 2".to_owned(), vec![])];
        assert_eq!(breaches(&twice, &roles), due);
        let fewer = [Role::new("actor", 0..2, script![Kind::Enter, Kind::Enter])];
        let unknown = ("actor 2 is nobody that the workload knows".to_owned(), vec![2]);
        assert_eq!(breaches(&lawful(), &fewer), [unknown]);
    }

    #[test]
    fn each_ends_as_its_role_may() {
        let mut cancelled = lawful();
        cancelled.events[6].what = What::Ended(End::Cancelled);
        let role = || Role::new("actor", 0..3, script![Kind::Enter, Kind::Enter]);
        let due = format!("actor 0 {}", What::Ended(End::Cancelled));
        assert_eq!(breaches(&cancelled, &[role()]), [(due, vec![6])]);
        assert_eq!(breaches(&cancelled, &[role().ending([EndKind::Returned, EndKind::Cancelled])]), []);
    }

    #[test]
    fn what_an_actor_does_is_aligned_with_its_own_language() {
        let spoken = trace(&[(0, Step::Leave), (1, Step::Enter), (0, Step::Leave)]);
        let roles = [Role::new("other", 0..9, script![]), Role::new("actor", 0..2, whole())];
        let (words, aligned) = align(&spoken, 0, &roles).expect("it has a language");
        assert_eq!(words, [0, 2]);
        let kept = aligned.iter().filter(|aligned| matches!(aligned, Aligned::Kept(_))).count();
        assert_eq!(kept, 1, "{aligned:?}");
        assert!(align(&spoken, 2, &roles).is_none(), "nobody has this number");
        assert_eq!(spoken.cast[2], Member { role: "actor", number: 2 });
    }
}
