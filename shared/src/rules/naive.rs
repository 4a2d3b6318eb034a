//! Checkers that follow the definitions word by word, without a thought for speed, and random traces to hold the
//! real ones against them.

use std::collections::BTreeSet;
use std::ops::Range;
use std::time::Duration;

use proptest::prelude::*;

use crate::trace::Event;
use crate::{End, Language, Member, Overlap, Pace, Party, Place, Step as _, Trace, What, steps};

steps! {
    /// Steps of no pattern.
    pub enum Step of Kind {
        /// Goes in.
        Enter,
        /// Comes out.
        Leave,
        /// Puts an item of a key.
        Put { key: u64, item: u64 },
        /// Gets an item of key 1.
        Got { item: u64 },
    }
}

/// The same number of cases on every machine.
pub(crate) fn cases() -> ProptestConfig {
    ProptestConfig { cases: 10_000, failure_persistence: None, ..ProptestConfig::default() }
}

pub(crate) fn keyed(step: &Step) -> (u64, u64) {
    match *step {
        Step::Put { key, item } => (key, item),
        Step::Got { item } => (1, item),
        Step::Enter | Step::Leave => unreachable!("only what is put or got has a key"),
    }
}

/// Who says what, with enough chances for the same again.
pub(crate) fn any_said() -> impl Strategy<Value = (usize, Step)> {
    (0usize..3, any_step())
}

fn any_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        Just(Step::Enter),
        Just(Step::Leave),
        (0u64..2, 0u64..4).prop_map(|(key, item)| Step::Put { key, item }),
        (0u64..4).prop_map(|item| Step::Got { item }),
    ]
}

pub(crate) fn any_word() -> impl Strategy<Value = What> {
    prop_oneof![
        3 => any_step().prop_map(What::said),
        1 => (0u64..3).prop_map(|millis| What::Paused(Duration::from_millis(millis))),
        1 => (0u64..2).prop_map(|millis| What::Waits(Duration::from_millis(millis))),
    ]
}

pub(crate) fn any_language() -> impl Strategy<Value = Language> {
    let word = prop_oneof![
        any_step().prop_map(Language::from),
        any_step().prop_map(|step| Language::from(step.kind())),
        (0u64..2, 0u64..2).prop_map(|(least, more)| {
            Language::Pause(Duration::from_millis(least)..=Duration::from_millis(least + more))
        }),
        (0u64..2).prop_map(|millis| Language::Wait(Duration::from_millis(millis))),
    ];
    word.prop_recursive(4, 24, 4, |inner| {
        let many = |least| prop::collection::vec(inner.clone(), least..4);
        prop_oneof![
            many(0).prop_map(Language::Sequence),
            many(1).prop_map(Language::Choice),
            (inner.clone(), 0usize..3, prop::option::of(0usize..3)).prop_filter_map(
                "nothing can't be repeated",
                |(body, least, more)| {
                    let most = more.map(|more| least + more);
                    (!body.may_be_empty()).then(|| Language::Repeat { body: Box::new(body), least, most })
                }
            ),
        ]
    })
}

/// A whole trace of these steps: three actors that begin, speak and end.
pub(crate) fn trace(steps: &[(usize, Step)]) -> Trace {
    let cast = (0..3).map(|number| Member { role: "actor", number }).collect();
    let said = steps.iter().map(|(actor, step)| (*actor, What::said(*step)));
    let ends = (0..3).map(|actor| (actor, What::Ended(End::Returned)));
    let event = |(actor, what)| Event::new(actor, Duration::ZERO, what);
    Trace { cast, events: said.chain(ends).map(event).collect(), ..Trace::default() }
}

/// What an actor does, and when, in milliseconds.
#[derive(Debug, Clone)]
pub(crate) struct Deed {
    pub(crate) actor: usize,
    pub(crate) at: u64,
    pub(crate) what: What,
}

/// Deeds of two actors of one role and one of another, in any order: who ended may go on.
pub(crate) fn any_deeds() -> impl Strategy<Value = Vec<Deed>> {
    let what = prop_oneof![
        3 => Just(What::Began),
        8 => any_step().prop_map(What::said),
        2 => Just(What::Paused(Duration::ZERO)),
        2 => Just(What::Ended(End::Returned)),
    ];
    prop::collection::vec((0usize..3, 0u64..3, what), 0..14).prop_map(|deeds| {
        let mut now = 0;
        let deed = |(actor, later, what)| {
            now += later;
            Deed { actor, at: now, what }
        };
        deeds.into_iter().map(deed).collect()
    })
}

/// The role of each actor of [`any_deeds`].
pub(crate) const ROLES: [&str; 3] = ["actor", "actor", "other"];

/// A trace of these deeds, with the notebook's times.
pub(crate) fn trace_of(deeds: &[Deed]) -> Trace {
    let cast = ROLES.into_iter().enumerate().map(|(number, role)| Member { role, number }).collect();
    let event =
        |Deed { actor, at, what }: &Deed| Event::new(*actor, Duration::from_millis(*at), what.clone());
    Trace { pace: Pace::NOTEBOOK, cast, events: deeds.iter().map(event).collect(), ..Trace::default() }
}

impl Deed {
    /// The step that is said.
    fn step(&self) -> Option<Step> {
        if let What::Said(said) = &self.what { Step::read(said) } else { None }
    }

    fn says(&self, kind: Kind) -> bool {
        self.step().is_some_and(|step| step.kind() == kind)
    }

    fn has_role(&self, role: &str) -> bool {
        ROLES[self.actor] == role
    }
}

/// The places at which a kind is said.
fn said(deeds: &[Deed], kind: Kind) -> Vec<usize> {
    (0..deeds.len()).filter(|&at| deeds[at].says(kind)).collect()
}

/// Where the actor of this place has last said a kind, before.
fn latest(deeds: &[Deed], kind: Kind, at: usize) -> Option<usize> {
    (0..at).rev().find(|&before| deeds[before].actor == deeds[at].actor && deeds[before].says(kind))
}

/// The items that are got.
fn got(deeds: &[Deed]) -> Vec<u64> {
    let steps = deeds.iter().filter_map(Deed::step);
    steps.filter_map(|step| if let Step::Got { item } = step { Some(item) } else { None }).collect()
}

/// Each of these items is got once, and no other.
pub(crate) fn once_each(deeds: &[Deed], mut items: Range<u64>) -> bool {
    let got = got(deeds);
    got.iter().all(|item| items.contains(item))
        && items.all(|due| got.iter().filter(|&&item| item == due).count() == 1)
}

/// These items are got in this order, and no other.
pub(crate) fn in_order(deeds: &[Deed], items: Range<u64>) -> bool {
    got(deeds) == items.collect::<Vec<_>>()
}

/// Each `Got`, but for the first of its actor, holds with the one before.
pub(crate) fn each_after_its_like(deeds: &[Deed], holds: fn(&Step, &Step) -> bool) -> bool {
    said(deeds, Kind::Got).into_iter().all(|at| {
        let before = latest(deeds, Kind::Got, at).and_then(|before| deeds[before].step());
        before.zip(deeds[at].step()).is_none_or(|(before, step)| holds(&before, &step))
    })
}

/// Each `second` is said so many milliseconds after the latest `first` of its actor, if there is one.
pub(crate) fn no_sooner(deeds: &[Deed], first: Kind, second: Kind, after: u64) -> bool {
    said(deeds, second)
        .into_iter()
        .all(|at| latest(deeds, first, at).is_none_or(|before| deeds[at].at >= deeds[before].at + after))
}

/// Before `Enter` is said for the first time, nobody of the role has begun, nor ended without having begun.
pub(crate) fn begins_after(deeds: &[Deed], role: &str) -> bool {
    let Some(&first) = said(deeds, Kind::Enter).first() else { return true };
    let of_role = deeds[..first].iter().filter(|deed| deed.has_role(role));
    !of_role.into_iter().any(|deed| matches!(deed.what, What::Began | What::Ended(_)))
}

/// At each `Leave`, whoever of the role has begun has ended since; after the last, nobody of it begins.
pub(crate) fn over_at(deeds: &[Deed], role: &str) -> bool {
    let leaves = said(deeds, Kind::Leave);
    let begins = |at: usize| deeds[at].has_role(role) && deeds[at].what == What::Began;
    let is_over = |began: usize, by: usize| {
        deeds[began..by]
            .iter()
            .any(|deed| deed.actor == deeds[began].actor && matches!(deed.what, What::Ended(_)))
    };
    leaves.iter().all(|&leave| (0..leave).filter(|&at| begins(at)).all(|began| is_over(began, leave)))
        && leaves.last().is_none_or(|&last| !(last..deeds.len()).any(begins))
}

/// `Put` writes an item and `Got` reads one; each is made after what its actor did before, and before it is said.
///
/// What is read may be there: it was written before, for all one knows, and for all one knows nothing was since. Or
/// nothing was written for sure, and it is 0.
pub(crate) fn register(deeds: &[Deed]) -> bool {
    let made_after = |at: usize| (0..at).rev().find(|&before| deeds[before].actor == deeds[at].actor);
    // Whether what is said at one place was made for sure before what is said at the other.
    let before = |one: usize, other: usize| made_after(other).is_some_and(|after| one <= after);
    let item = |at: usize| deeds[at].step().map_or(0, |step| keyed(&step).1);
    let writes = said(deeds, Kind::Put);
    said(deeds, Kind::Got).into_iter().all(|read| {
        let overwrites = |write: usize, later: usize| before(write, later) && before(later, read);
        let is_there = |write: usize| !writes.iter().any(|&later| overwrites(write, later));
        let is_initial = item(read) == 0 && !writes.iter().any(|&write| before(write, read));
        is_initial
            || writes
                .iter()
                .any(|&write| item(write) == item(read) && !before(read, write) && is_there(write))
    })
}

/// After some of the deeds, enough of each role are there.
pub(crate) fn overlap(deeds: &[Deed], overlap: &Overlap) -> bool {
    (1..=deeds.len()).any(|end| overlap.parties.iter().all(|party| are_there(deeds, end, party, overlap)))
}

/// After so many deeds, enough are there; of those who are late, such as came when all were there who are not.
fn are_there(deeds: &[Deed], end: usize, party: &Party, overlap: &Overlap) -> bool {
    let early = |end| {
        overlap.parties.iter().filter(|party| !party.late).all(|party| are_there(deeds, end, party, overlap))
    };
    let came = |actor| (0..end).rev().find(|&at| deeds[at].actor == actor).map_or(0, |at| at + 1);
    let actors = (0..ROLES.len()).filter(|&actor| ROLES[actor] == party.role);
    let there = actors.filter(|&actor| is_there(&deeds[..end], actor, &party.place));
    there.filter(|&actor| !party.late || early(came(actor))).count() >= party.count
}

/// Whether what the actor did last brought it there.
fn is_there(deeds: &[Deed], actor: usize, place: &Place) -> bool {
    let own: Vec<&Deed> = deeds.iter().filter(|deed| deed.actor == actor).collect();
    let Some((last, before)) = own.split_last() else { return false };
    match place {
        Place::Begin => last.what == What::Began,
        Place::Said(shape, times) => {
            let says = |deed: &&&Deed| deed.step().is_some_and(|step| step.said().is(shape));
            says(&last) && own.iter().filter(says).count() == *times
        }
        Place::Origin(_) => unreachable!("deeds tell nothing of an origin"),
        Place::Pause(after) => {
            let said = before.iter().rev().find_map(|deed| deed.step());
            matches!(last.what, What::Paused(_))
                && (after.is_empty() || said.is_some_and(|said| after.contains(&said.said().shape)))
        }
    }
}

fn is(step: &(usize, Step), kind: Kind) -> bool {
    step.1.kind() == kind
}

pub(crate) fn count(steps: &[(usize, Step)], kind: Kind) -> usize {
    steps.iter().filter(|step| is(step, kind)).count()
}

pub(crate) fn precedes(steps: &[(usize, Step)], first: Kind, second: Kind) -> bool {
    (0..steps.len())
        .filter(|&at| is(&steps[at], second))
        .all(|at| steps[..at].iter().any(|earlier| is(earlier, first)))
}

pub(crate) fn followed_by(steps: &[(usize, Step)], first: Kind, second: Kind) -> bool {
    (0..steps.len())
        .filter(|&at| is(&steps[at], first))
        .all(|at| steps[at + 1..].iter().any(|later| is(later, second)))
}

pub(crate) fn never_followed_by(steps: &[(usize, Step)], first: Kind, second: Kind) -> bool {
    (0..steps.len())
        .filter(|&at| is(&steps[at], first))
        .all(|at| !steps[at + 1..].iter().any(|later| is(later, second)))
}

pub(crate) fn at_most_inside(steps: &[(usize, Step)], most: usize) -> bool {
    (0..=steps.len())
        .all(|end| inside(&steps[..end], Kind::Enter, Kind::Leave).is_some_and(|count| count <= most))
}

pub(crate) fn never_both(steps: &[(usize, Step)]) -> bool {
    (0..=steps.len()).all(|end| {
        let [one, other] = [(Kind::Enter, Kind::Leave), (Kind::Put, Kind::Got)]
            .map(|(enter, leave)| inside(&steps[..end], enter, leave));
        one.zip(other).is_some_and(|(one, other)| one == 0 || other == 0)
    })
}

/// How many are inside at the end of these steps; none where an actor has left oftener than it entered.
fn inside(steps: &[(usize, Step)], enter: Kind, leave: Kind) -> Option<usize> {
    let in_order = (0..3).all(|actor| {
        let own: Vec<_> = steps.iter().filter(|step| step.0 == actor).copied().collect();
        count(&own, enter) >= count(&own, leave)
    });
    in_order.then(|| count(steps, enter) - count(steps, leave))
}

pub(crate) fn at_most_ahead(steps: &[(usize, Step)], most: usize) -> bool {
    (0..=steps.len()).all(|end| count(&steps[..end], Kind::Enter) <= count(&steps[..end], Kind::Leave) + most)
}

pub(crate) fn fifo(steps: &[(usize, Step)]) -> bool {
    let origin = |item: (u64, u64), before: usize| {
        (0..before).find(|&at| is(&steps[at], Kind::Put) && keyed(&steps[at].1) == item)
    };
    let unique = (0..steps.len())
        .filter(|&at| is(&steps[at], Kind::Put))
        .all(|at| origin(keyed(&steps[at].1), at).is_none());
    let gots: Vec<usize> = (0..steps.len()).filter(|&at| is(&steps[at], Kind::Got)).collect();
    let once =
        gots.iter().all(|&at| gots.iter().filter(|&&other| steps[other].1 == steps[at].1).count() == 1);
    unique
        && once
        && gots.iter().all(|&at| origin(keyed(&steps[at].1), at).is_some())
        && gots.iter().all(|&later| {
            gots.iter().filter(|&&earlier| earlier < later && steps[earlier].0 == steps[later].0).all(
                |&earlier| origin(keyed(&steps[earlier].1), earlier) < origin(keyed(&steps[later].1), later),
            )
        })
}

/// If a `Put` is followed by a step of its actor, and that by the first `Put` of another item, the one is got before
/// the other, if that is got at all.
pub(crate) fn in_order_of(steps: &[(usize, Step)]) -> bool {
    let item = |at: usize| keyed(&steps[at].1).1;
    let of = |kind| (0..steps.len()).filter(move |&at| is(&steps[at], kind));
    of(Kind::Put).all(|done| {
        let Some(next) = (done + 1..steps.len()).find(|&at| steps[at].0 == steps[done].0) else {
            return true;
        };
        of(Kind::Put)
            .filter(|&later| {
                later >= next && of(Kind::Put).find(|&at| item(at) == item(later)) == Some(later)
            })
            .all(|later| {
                let reported = |what: usize, from: usize, to: usize| {
                    (from..to).filter(move |&at| is(&steps[at], Kind::Got) && item(at) == item(what))
                };
                reported(later, later, steps.len()).all(|at| reported(done, 0, at).next().is_some())
            })
    })
}

/// Each `Got` has a `Put` of its actor before it, and holds with the latest of them.
pub(crate) fn each_after(steps: &[(usize, Step)], holds: fn(&Step, &Step) -> bool) -> bool {
    (0..steps.len()).filter(|&at| is(&steps[at], Kind::Got)).all(|at| {
        let own = |step: &&(usize, Step)| step.0 == steps[at].0 && is(step, Kind::Put);
        steps[..at].iter().rfind(own).is_some_and(|put| holds(&put.1, &steps[at].1))
    })
}

/// Whether the words are in the language; if not, the place of the first word that no continuation could make right.
pub(crate) fn furthest(language: &Language, words: &[What]) -> Result<(), usize> {
    if ends(language, words, 0).contains(&words.len()) {
        return Ok(());
    }
    Err((0..=words.len()).rev().find(|&end| is_prefix(language, &words[..end])).unwrap_or(0))
}

/// Whether some way of going on makes the words a part of the language.
fn is_prefix(language: &Language, words: &[What]) -> bool {
    if words.is_empty() {
        return true;
    }
    match language {
        Language::Step(_) | Language::Kind(_) | Language::Pause(_) | Language::Wait(_) => {
            words.len() == 1 && ends(language, words, 0).contains(&1)
        }
        Language::Choice(choices) => choices.iter().any(|choice| is_prefix(choice, words)),
        Language::Sequence(parts) => sequence_prefix(parts, words),
        Language::Repeat { body, least, most } => {
            let rounds = most.unwrap_or(words.len() + least + 1).max(*least);
            (*least..=rounds).any(|count| sequence_prefix(&vec![(**body).clone(); count], words))
        }
    }
}

fn sequence_prefix(parts: &[Language], words: &[What]) -> bool {
    let Some((first, rest)) = parts.split_first() else { return words.is_empty() };
    is_prefix(first, words)
        || ends(first, words, 0).into_iter().any(|end| sequence_prefix(rest, &words[end..]))
}

/// Where the language may end when it begins at `from`.
fn ends(language: &Language, words: &[What], from: usize) -> BTreeSet<usize> {
    let word = |fits: &dyn Fn(&What) -> bool| words.get(from).filter(|word| fits(word)).map(|_| from + 1);
    match language {
        Language::Step(step) => word(&|what| *what == What::Said(*step)).into_iter().collect(),
        Language::Kind(shape) => {
            word(&|what| matches!(what, What::Said(said) if said.shape == *shape)).into_iter().collect()
        }
        Language::Wait(most) => {
            word(&|what| matches!(what, What::Waits(waits) if waits == most)).into_iter().collect()
        }
        Language::Pause(range) => {
            word(&|what| matches!(what, What::Paused(pause) if range.contains(pause))).into_iter().collect()
        }
        Language::Choice(choices) => choices.iter().flat_map(|choice| ends(choice, words, from)).collect(),
        Language::Sequence(parts) => {
            parts.iter().fold(BTreeSet::from([from]), |from, part| after(part, words, &from))
        }
        Language::Repeat { body, least, most } => {
            let rounds = most.unwrap_or(words.len() + least + 1);
            let mut found = BTreeSet::new();
            let mut at = BTreeSet::from([from]);
            for round in 0..=rounds {
                if round >= *least {
                    found.extend(&at);
                }
                at = after(body, words, &at);
            }
            found
        }
    }
}

fn after(language: &Language, words: &[What], from: &BTreeSet<usize>) -> BTreeSet<usize> {
    from.iter().flat_map(|&from| ends(language, words, from)).collect()
}
