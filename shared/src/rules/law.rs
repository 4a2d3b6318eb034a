//! Laws: what must hold of every trace of a pattern, on either side, across its actors.
//!
//! The names are those of the miners of temporal properties (Synoptic's *always precedes*, *always followed by*).

use std::fmt::{self, Debug};
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use super::offences::{self, Holds, Keyed, Offence};
use super::register;
use crate::trace::Event;
use crate::{Breach, Kind, Said, Shape, Step as _, Trace};

/// Something that must hold of every trace of a pattern.
///
/// A law relates only steps that program order and synchronisation really order: a step is said *before* what it
/// publishes and *after* what it observes, so that the order of two related steps in a trace is never an accident.
#[derive(Clone)]
pub struct Law {
    name: String,
    rule: Rule,
    /// Whose steps it is about; all actors' where no role is named.
    among: Vec<&'static str>,
}

#[derive(Clone)]
enum Rule {
    Precedes(&'static Shape, &'static Shape),
    FollowedBy(&'static Shape, &'static Shape),
    NeverFollowedBy(&'static Shape, &'static Shape),
    Exactly(usize, &'static Shape),
    AtMostInside { most: usize, enter: Vec<&'static Shape>, leave: Vec<&'static Shape> },
    NeverBoth([(&'static Shape, &'static Shape); 2]),
    Fifo { put: &'static Shape, got: &'static Shape, keyed: Keyed },
    AtMostAhead { most: usize, first: &'static Shape, second: &'static Shape },
    InOrderOf { done: Vec<&'static Shape>, reported: &'static Shape, keyed: Keyed },
    EachAfter { first: &'static Shape, second: &'static Shape, holds: Holds },
    OnceEach { shape: &'static Shape, keys: Range<u64>, keyed: Keyed, ordered: bool },
    NoSooner { first: &'static Shape, second: &'static Shape, after: Duration },
    BeginsAfter { role: &'static str, shape: &'static Shape },
    OverAt { role: &'static str, shape: &'static Shape },
    Register { wrote: &'static Shape, read: &'static Shape, initial: u64, keyed: Keyed },
}

/// What [`Law::at_most_inside`] is about.
#[derive(Debug, Clone, Copy)]
pub struct Inside<'a> {
    /// How many may be inside at once.
    pub most: usize,
    /// The steps that enter.
    pub enter: &'a [&'static Shape],
    /// The steps that leave.
    pub leave: &'a [&'static Shape],
}

impl Law {
    /// Every `second` has a `first` somewhere before it.
    pub fn precedes<K: Kind>(first: K, second: K) -> Self {
        let name = format!("{} precedes every {}", first.name(), second.name());
        Self::of(name, Rule::Precedes(first.shape(), second.shape()))
    }

    /// Every `first` has a `second` somewhere after it.
    pub fn followed_by<K: Kind>(first: K, second: K) -> Self {
        let name = format!("every {} is followed by {}", first.name(), second.name());
        Self::of(name, Rule::FollowedBy(first.shape(), second.shape()))
    }

    /// No `first` has a `second` anywhere after it.
    pub fn never_followed_by<K: Kind>(first: K, second: K) -> Self {
        let name = format!("no {} is followed by {}", first.name(), second.name());
        Self::of(name, Rule::NeverFollowedBy(first.shape(), second.shape()))
    }

    /// Nobody says this.
    pub fn never(kind: impl Kind) -> Self {
        Self::of(format!("never {}", kind.name()), Rule::Exactly(0, kind.shape()))
    }

    /// It is said exactly so many times, by all actors together.
    pub fn exactly(count: usize, kind: impl Kind) -> Self {
        Self::of(format!("exactly {count} × {}", kind.name()), Rule::Exactly(count, kind.shape()))
    }

    /// At most so many actors are between one of the steps that `enter` and one of those that `leave`, at once; 1 is
    /// mutual exclusion.
    ///
    /// Whoever leaves has entered. An actor may be inside more than once, and then counts as often.
    pub fn at_most_inside<K: Kind>(
        most: usize,
        enter: impl IntoIterator<Item = K>,
        leave: impl IntoIterator<Item = K>,
    ) -> Self {
        let (enter, leave) = (shapes(enter), shapes(leave));
        let name = format!("at most {most} between {} and {}", list(&enter), list(&leave));
        Self::of(name, Rule::AtMostInside { most, enter, leave })
    }

    /// While somebody is between the two steps of `one`, an entering and a leaving one, nobody is between those of
    /// `other`: readers and writers.
    ///
    /// Whoever leaves has entered. An actor may be inside more than once, and then counts as often.
    pub fn never_both<K: Kind>(one: (K, K), other: (K, K)) -> Self {
        let [one, other] = [one, other].map(|(enter, leave)| (enter.shape(), leave.shape()));
        let between = |(enter, leave): (&Shape, &Shape)| format!("{} and {}", enter.name, leave.name);
        let name = format!("nobody is between {} while somebody is between {}", between(one), between(other));
        Self::of(name, Rule::NeverBoth([one, other]))
    }

    /// First in, first out: every item is got at most once, after it was put, and what one actor gets of one key, it
    /// gets in the order in which it was put.
    ///
    /// `keyed` says of a `put` or a `got` the key (say, the producer) and the item, unique within its key. It holds
    /// per key and consumer: over the logs of two consumers no order of getting can be read.
    pub fn fifo<K: Kind>(
        put: K,
        got: K,
        keyed: impl Fn(&K::Step) -> (u64, u64) + Send + Sync + 'static,
    ) -> Self {
        let name = format!("{} and {} are first in, first out", put.name(), got.name());
        Self::of(name, Rule::Fifo { put: put.shape(), got: got.shape(), keyed: erased::<K>(keyed) })
    }

    /// At no moment has `first` been said, by all actors together, more than so many times oftener than `second`: what
    /// is put in and not yet taken out, whoever does it.
    pub fn at_most_ahead<K: Kind>(most: usize, first: K, second: K) -> Self {
        let name = format!("{} is at most {most} ahead of {}", first.name(), second.name());
        Self::of(name, Rule::AtMostAhead { most, first: first.shape(), second: second.shape() })
    }

    /// What is done is reported in the order in which it was done: if an actor has gone on to its next step after one
    /// thing was `done`, and only then another is, the one is `reported` before the other.
    ///
    /// `keyed` says what a step is about, by the first of its two numbers. Of two things that are done at about the
    /// same time, by two actors that have not gone on yet, the trace doesn't say which was first; nor does the law.
    pub fn in_order_of<K: Kind>(
        done: impl IntoIterator<Item = K>,
        reported: K,
        keyed: impl Fn(&K::Step) -> (u64, u64) + Send + Sync + 'static,
    ) -> Self {
        let done = shapes(done);
        let name = format!("{} is in the order of {}", reported.name(), list(&done));
        Self::of(name, Rule::InOrderOf { done, reported: reported.shape(), keyed: erased::<K>(keyed) })
    }

    /// Each `second` comes after a `first` of the same actor, and `holds` of it and the latest of them; `meaning` says
    /// what it asks. Where both are one kind, nothing is asked of an actor's first.
    pub fn each_after<K: Kind>(
        first: K,
        second: K,
        meaning: &str,
        holds: impl Fn(&K::Step, &K::Step) -> bool + Send + Sync + 'static,
    ) -> Self {
        let holds: Holds = Arc::new(move |first, second| holds(&typed::<K>(first), &typed::<K>(second)));
        let (first, second) = (first.shape(), second.shape());
        Self::of(meaning.into(), Rule::EachAfter { first, second, holds })
    }

    /// It is said once of each of these keys, and of no other; `key` says which one a step is about.
    pub fn once_each<K: Kind>(
        kind: K,
        keys: Range<u64>,
        key: impl Fn(&K::Step) -> u64 + Send + Sync + 'static,
    ) -> Self {
        let name = format!("{} once for each from {} to below {}", kind.name(), keys.start, keys.end);
        let keyed = erased::<K>(move |step| (key(step), 0));
        Self::of(name, Rule::OnceEach { shape: kind.shape(), keys, keyed, ordered: false })
    }

    /// It is said once of each of these keys, in their order, whoever says it, and of no other.
    pub fn in_order<K: Kind>(
        kind: K,
        keys: Range<u64>,
        key: impl Fn(&K::Step) -> u64 + Send + Sync + 'static,
    ) -> Self {
        let name =
            format!("{} for each from {} to below {}, in this order", kind.name(), keys.start, keys.end);
        let keyed = erased::<K>(move |step| (key(step), 0));
        Self::of(name, Rule::OnceEach { shape: kind.shape(), keys, keyed, ordered: true })
    }

    /// Each `second` that comes after a `first` of the same actor comes at least so much notebook time after the latest
    /// of them: a wait that was not cut short lasts.
    pub fn no_sooner<K: Kind>(first: K, second: K, after: Duration) -> Self {
        let name = format!("{} is no sooner than {after:?} after {}", second.name(), first.name());
        Self::of(name, Rule::NoSooner { first: first.shape(), second: second.shape(), after })
    }

    /// Nobody of that role begins before this is said for the first time.
    pub fn begins_after(role: &'static str, kind: impl Kind) -> Self {
        let name = format!("every {role} begins after {}", kind.name());
        Self::of(name, Rule::BeginsAfter { role, shape: kind.shape() })
    }

    /// Whenever this is said, nobody of that role is alive, for those that had begun were waited for; and when it was
    /// said for the last time, nobody begins any more.
    pub fn over_at(role: &'static str, kind: impl Kind) -> Self {
        let name = format!("every {role} is over at {}", kind.name());
        Self::of(name, Rule::OverAt { role, shape: kind.shape() })
    }

    /// What is read was written last, as far as the trace can tell: a write is said after it was made, and a read after
    /// it was made, by an actor that had said something else before. `value` says which value a step wrote or read.
    ///
    /// Source: the regular register of Leslie Lamport, "On Interprocess Communication", Distributed Computing 1(2),
    /// 1986: a read returns what the last write before it wrote, or one that is made at the same time.
    pub fn register<K: Kind>(
        wrote: K,
        read: K,
        initial: u64,
        value: impl Fn(&K::Step) -> u64 + Send + Sync + 'static,
    ) -> Self {
        let name = format!("{} finds what {} left", read.name(), wrote.name());
        let keyed = erased::<K>(move |step| (value(step), 0));
        Self::of(name, Rule::Register { wrote: wrote.shape(), read: read.shape(), initial, keyed })
    }

    /// The same law, of the steps of these roles alone.
    #[must_use]
    pub fn among(self, roles: impl Into<Vec<&'static str>>) -> Self {
        Self { among: roles.into(), ..self }
    }

    fn of(name: String, rule: Rule) -> Self {
        Self { name, rule, among: Vec::new() }
    }

    /// What the law says.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What the law says of who is inside, if it is about that.
    pub fn inside(&self) -> Option<Inside<'_>> {
        match &self.rule {
            Rule::AtMostInside { most, enter, leave } => Some(Inside { most: *most, enter, leave }),
            _ => None,
        }
    }

    /// Who is inside where the trace ends, so that by this law nobody may say one of these next.
    pub(super) fn inside_before(&self, due: &[&'static Shape], trace: &Trace) -> Vec<usize> {
        let is_due = |shape: &&'static Shape| due.contains(shape);
        // Whoever is inside more than once counts as often.
        let (often, most) = match &self.rule {
            Rule::AtMostInside { most, enter, leave } if enter.iter().any(is_due) => {
                (self.inside_at_end(enter, leave, trace), *most)
            }
            Rule::NeverBoth([(enter, _), (other, leave)] | [(other, leave), (enter, _)]) if is_due(enter) => {
                (self.inside_at_end(&[other], &[leave], trace), 0)
            }
            _ => return Vec::new(),
        };
        let keeps_out = often.iter().sum::<usize>() >= most;
        (0..often.len()).filter(|actor| keeps_out && often[*actor] > 0).collect()
    }

    /// How often each actor is inside where the trace ends.
    fn inside_at_end(&self, enter: &[&Shape], leave: &[&Shape], trace: &Trace) -> Vec<usize> {
        let mut often = vec![0_usize; trace.cast.len()];
        for (_, event, said) in trace.said().filter(|(_, event, _)| self.is_about(trace, event)) {
            let often = &mut often[event.actor];
            if enter.iter().any(|shape| said.is(shape)) {
                *often += 1;
            } else if leave.iter().any(|shape| said.is(shape)) {
                *often = often.saturating_sub(1);
            }
        }
        often
    }

    /// What somebody has to say, by this law, before one of these is said: anybody, or whoever says it at all.
    pub(super) fn said_before(&self, due: &[&'static Shape], trace: &Trace) -> Option<&'static Shape> {
        match &self.rule {
            Rule::Precedes(first, second) if due.contains(second) => {
                let is_said =
                    trace.said().any(|(_, event, said)| said.is(first) && self.is_about(trace, event));
                (!is_said).then_some(first)
            }
            Rule::NeverFollowedBy(first, second) if due.contains(first) => Some(second),
            _ => None,
        }
    }

    /// Which role has to be over, by this law, before one of these is said.
    pub(super) fn over_before(&self, due: &[&'static Shape]) -> Option<&'static str> {
        match &self.rule {
            Rule::OverAt { role, shape } if due.contains(shape) => Some(role),
            _ => None,
        }
    }

    /// Whether it is about the steps of this role.
    pub(super) fn is_for(&self, role: &str) -> bool {
        self.among.is_empty() || self.among.contains(&role)
    }

    fn is_about(&self, trace: &Trace, event: &Event) -> bool {
        self.is_for(trace.cast[event.actor].role)
    }

    /// Holds a trace to the law.
    ///
    /// Time: linear in the number of events, for [`at_most_inside`](Self::at_most_inside),
    /// [`never_both`](Self::never_both) and [`register`](Self::register) n·log n.
    ///
    /// # Errors
    /// The first breach, with the two or three events that make it one (the event alone where one is missing).
    pub fn check(&self, trace: &Trace) -> Result<(), Breach> {
        let offence = if self.among.is_empty() { self.offence(trace) } else { self.offence_among(trace) };
        match offence {
            None => Ok(()),
            Some(offence) => Err(Breach::new(format!("{}: {}", self.name, offence.why), offence.events)),
        }
    }

    /// The offence in what is left of the trace without the other roles, in the whole trace's places.
    fn offence_among(&self, trace: &Trace) -> Option<Offence> {
        let (places, events) = trace
            .events
            .iter()
            .enumerate()
            .filter(|(_, event)| self.is_about(trace, event))
            .map(|(at, event)| (at, event.clone()))
            .unzip();
        let places: Vec<usize> = places;
        let mut offence = self.offence(&Trace { events, cast: trace.cast.clone(), ..*trace })?;
        for event in &mut offence.events {
            *event = places[*event];
        }
        Some(offence)
    }

    fn offence(&self, trace: &Trace) -> Option<Offence> {
        match &self.rule {
            Rule::Precedes(first, second) => offences::precedes(trace, first, second),
            Rule::FollowedBy(first, second) => offences::followed_by(trace, first, second),
            Rule::NeverFollowedBy(first, second) => offences::never_followed_by(trace, first, second),
            Rule::Exactly(count, shape) => offences::exactly(trace, *count, shape),
            Rule::AtMostInside { most, enter, leave } => offences::at_most_inside(trace, *most, enter, leave),
            Rule::NeverBoth(regions) => offences::never_both(trace, regions),
            Rule::Fifo { put, got, keyed } => offences::fifo(trace, put, got, keyed),
            Rule::AtMostAhead { most, first, second } => offences::at_most_ahead(trace, *most, first, second),
            Rule::InOrderOf { done, reported, keyed } => offences::in_order_of(trace, done, reported, keyed),
            Rule::EachAfter { first, second, holds } => offences::each_after(trace, first, second, holds),
            Rule::OnceEach { shape, keys, keyed, ordered } => {
                offences::once_each(trace, shape, keys, keyed, *ordered)
            }
            Rule::NoSooner { first, second, after } => offences::no_sooner(trace, first, second, *after),
            Rule::BeginsAfter { role, shape } => offences::begins_after(trace, role, shape),
            Rule::OverAt { role, shape } => offences::over_at(trace, role, shape),
            Rule::Register { wrote, read, initial, keyed } => {
                register::offence(trace, wrote, read, *initial, keyed)
            }
        }
    }

    /// The shapes of the steps that the law speaks of.
    pub fn shapes(&self) -> Vec<&'static Shape> {
        match &self.rule {
            Rule::Exactly(_, shape)
            | Rule::OnceEach { shape, .. }
            | Rule::BeginsAfter { shape, .. }
            | Rule::OverAt { shape, .. } => vec![shape],
            Rule::Precedes(one, other)
            | Rule::FollowedBy(one, other)
            | Rule::NeverFollowedBy(one, other)
            | Rule::Fifo { put: one, got: other, .. }
            | Rule::AtMostAhead { first: one, second: other, .. }
            | Rule::NoSooner { first: one, second: other, .. }
            | Rule::Register { wrote: one, read: other, .. }
            | Rule::EachAfter { first: one, second: other, .. } => vec![one, other],
            Rule::NeverBoth([one, other]) => vec![one.0, one.1, other.0, other.1],
            Rule::AtMostInside { enter, leave, .. } => [enter.as_slice(), leave].concat(),
            Rule::InOrderOf { done, reported, .. } => [done.as_slice(), &[reported]].concat(),
        }
    }
}

/// Holds a trace to these laws.
///
/// Time: each law is linear or n·log n in the number of events.
pub fn check_laws(trace: &Trace, laws: &[Law]) -> Vec<Breach> {
    laws.iter().filter_map(|law| law.check(trace).err()).collect()
}

impl Debug for Law {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Law").field(&self.name).finish()
    }
}

fn shapes<K: Kind>(kinds: impl IntoIterator<Item = K>) -> Vec<&'static Shape> {
    kinds.into_iter().map(Kind::shape).collect()
}

fn list(shapes: &[&Shape]) -> String {
    shapes.iter().map(|shape| shape.name).collect::<Vec<_>>().join(" or ")
}

fn erased<K: Kind>(keyed: impl Fn(&K::Step) -> (u64, u64) + Send + Sync + 'static) -> Keyed {
    Arc::new(move |said| keyed(&typed::<K>(said)))
}

fn typed<K: Kind>(said: &Said) -> K::Step {
    K::Step::read(said).expect("a trace holds steps of the pattern whose law this is")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::super::naive::{self, Deed, Kind, Step};
    use super::{Law, Rule, check_laws};
    use crate::Breach;

    fn follows(first: &Step, second: &Step) -> bool {
        matches!((first, second), (Step::Put { item: put, .. }, Step::Got { item: got }) if *got == put + 1)
    }

    fn by_item(step: &Step) -> (u64, u64) {
        let (_, item) = naive::keyed(step);
        (item, 0)
    }

    fn events_at_fault(law: &Law, steps: &[(usize, Step)]) -> Option<Vec<usize>> {
        law.check(&naive::trace(steps)).err().map(|breach| breach.events)
    }

    #[test]
    fn a_broken_law_says_what_it_says() {
        let laws = [Law::at_most_inside(1, [Kind::Enter, Kind::Put], [Kind::Leave]), Law::never(Kind::Enter)];
        assert_eq!(laws[0].name(), "at most 1 between Enter or Put and Leave");
        let inside = laws[0].inside().expect("it is about that");
        assert_eq!((inside.most, inside.enter.len(), inside.leave.len()), (1, 2, 1));
        assert!(laws[1].inside().is_none());
        let breaches = check_laws(&naive::trace(&[(0, Step::Enter)]), &laws);
        let whats: Vec<&str> = breaches.iter().map(|breach| breach.what.as_str()).collect();
        assert!(matches!(whats[..], [what] if what.starts_with("never Enter: ")), "{whats:?}");
    }

    #[test]
    fn the_events_at_fault_are_named() {
        let put = |item| Step::Put { key: 1, item };
        let cases = [
            (Law::precedes(Kind::Enter, Kind::Leave), vec![(0, Step::Leave), (0, Step::Enter)], vec![0]),
            (Law::followed_by(Kind::Enter, Kind::Leave), vec![(0, Step::Leave), (0, Step::Enter)], vec![1]),
            (
                Law::never_followed_by(Kind::Enter, Kind::Leave),
                vec![(0, Step::Leave), (0, Step::Enter), (0, Step::Enter), (1, Step::Leave)],
                vec![1, 3],
            ),
            (Law::never(Kind::Enter), vec![(0, Step::Leave), (0, Step::Enter)], vec![1]),
            (Law::exactly(1, Kind::Enter), vec![(0, Step::Enter), (1, Step::Enter)], vec![0, 1]),
            (Law::exactly(2, Kind::Enter), vec![(0, Step::Enter)], vec![0]),
            (
                Law::at_most_inside(1, [Kind::Enter], [Kind::Leave]),
                vec![(0, Step::Enter), (0, Step::Leave), (1, Step::Enter), (0, Step::Enter)],
                vec![2, 3],
            ),
            (
                Law::at_most_inside(1, [Kind::Enter], [Kind::Leave]),
                vec![(0, Step::Enter), (1, Step::Leave)],
                vec![1],
            ),
            (
                Law::at_most_inside(1, [Kind::Enter, Kind::Put], [Kind::Leave, Kind::Got]),
                vec![(0, put(1)), (0, Step::Got { item: 1 }), (1, Step::Enter), (0, put(2))],
                vec![2, 3],
            ),
            (
                Law::never_both((Kind::Enter, Kind::Leave), (Kind::Put, Kind::Got)),
                vec![
                    (0, put(1)),
                    (0, Step::Got { item: 1 }),
                    (1, Step::Enter),
                    (2, Step::Enter),
                    (0, put(2)),
                ],
                vec![2, 4],
            ),
            (
                Law::never_both((Kind::Enter, Kind::Leave), (Kind::Put, Kind::Got)),
                vec![(0, put(1)), (1, Step::Got { item: 1 })],
                vec![1],
            ),
            (
                Law::fifo(Kind::Put, Kind::Got, naive::keyed),
                vec![(0, put(1)), (0, put(2)), (1, Step::Got { item: 2 }), (1, Step::Got { item: 1 })],
                vec![0, 2, 3],
            ),
            (
                Law::in_order_of([Kind::Put], Kind::Got, by_item),
                vec![
                    (0, put(1)),
                    (0, Step::Enter),
                    (1, put(2)),
                    (2, Step::Got { item: 2 }),
                    (2, Step::Got { item: 1 }),
                ],
                vec![0, 2, 3],
            ),
            (
                Law::at_most_ahead(1, Kind::Enter, Kind::Leave),
                vec![(0, Step::Leave), (0, Step::Enter), (1, Step::Enter), (2, Step::Enter)],
                vec![3],
            ),
            (Law::fifo(Kind::Put, Kind::Got, naive::keyed), vec![(1, Step::Got { item: 2 })], vec![0]),
            (
                Law::fifo(Kind::Put, Kind::Got, naive::keyed),
                vec![(0, put(1)), (1, Step::Got { item: 1 }), (2, Step::Got { item: 1 })],
                vec![1, 2],
            ),
            (
                Law::each_after(Kind::Put, Kind::Got, "one more", follows),
                vec![(0, put(1)), (1, put(5)), (0, Step::Got { item: 6 })],
                vec![0, 2],
            ),
        ];
        for (law, steps, events) in cases {
            assert_eq!(events_at_fault(&law, &steps), Some(events), "{law:?}");
        }
    }

    #[test]
    fn what_is_done_at_about_the_same_time_may_be_reported_in_any_order() {
        let [put, got] = [|item| Step::Put { key: 1, item }, |item| Step::Got { item }];
        let steps = [(0, put(1)), (1, put(2)), (0, Step::Enter), (2, got(2)), (2, got(1))];
        assert_eq!(events_at_fault(&Law::in_order_of([Kind::Put], Kind::Got, by_item), &steps), None);
    }

    #[test]
    fn two_consumers_may_get_in_any_order() {
        let put = |item| (0, Step::Put { key: 1, item });
        let steps = [put(1), put(2), (1, Step::Got { item: 2 }), (2, Step::Got { item: 1 })];
        assert_eq!(events_at_fault(&Law::fifo(Kind::Put, Kind::Got, naive::keyed), &steps), None);
    }

    fn grows(before: &Step, step: &Step) -> bool {
        naive::keyed(before).1 < naive::keyed(step).1
    }

    /// The laws about begins and times, and about what is said of which key, of these roles' steps alone.
    fn newer_laws() -> [Law; 7] {
        let item = |step: &Step| naive::keyed(step).1;
        [
            Law::once_each(Kind::Got, 0..2, item),
            Law::in_order(Kind::Got, 0..2, item),
            Law::each_after(Kind::Got, Kind::Got, "more than before", grows),
            Law::no_sooner(Kind::Enter, Kind::Leave, Duration::from_millis(2)),
            Law::begins_after("actor", Kind::Enter),
            Law::over_at("actor", Kind::Leave),
            Law::register(Kind::Put, Kind::Got, 0, item),
        ]
    }

    /// Whether the events that a law names break it by themselves.
    fn at_fault_alone(law: &Law, steps: &[(usize, Step)]) -> bool {
        let named = events_at_fault(law, steps).into_iter().flatten().map(|event| steps[event]);
        law.check(&naive::trace(steps)).is_ok()
            || law.check(&naive::trace(&named.collect::<Vec<_>>())).is_err()
    }

    proptest! {
        #![proptest_config(naive::cases())]

        #[test]
        fn laws_agree_with_the_naive_checker(steps in prop::collection::vec(naive::any_said(), 0..14), most in 0usize..4) {
            let trace = naive::trace(&steps);
            for (first, second) in [(Kind::Enter, Kind::Leave), (Kind::Put, Kind::Got), (Kind::Got, Kind::Got)] {
                let holds = |law: Law| law.check(&trace).is_ok();
                prop_assert_eq!(holds(Law::precedes(first, second)), naive::precedes(&steps, first, second));
                prop_assert_eq!(holds(Law::followed_by(first, second)), naive::followed_by(&steps, first, second));
                prop_assert_eq!(
                    holds(Law::never_followed_by(first, second)),
                    naive::never_followed_by(&steps, first, second)
                );
                prop_assert_eq!(holds(Law::exactly(most, first)), naive::count(&steps, first) == most);
                prop_assert_eq!(holds(Law::never(first)), naive::count(&steps, first) == 0);
            }
            prop_assert_eq!(
                Law::at_most_inside(most, [Kind::Enter], [Kind::Leave]).check(&trace).is_ok(),
                naive::at_most_inside(&steps, most)
            );
            prop_assert_eq!(
                Law::never_both((Kind::Enter, Kind::Leave), (Kind::Put, Kind::Got)).check(&trace).is_ok(),
                naive::never_both(&steps)
            );
            prop_assert_eq!(
                Law::fifo(Kind::Put, Kind::Got, naive::keyed).check(&trace).is_ok(),
                naive::fifo(&steps)
            );
            prop_assert_eq!(
                Law::in_order_of([Kind::Put], Kind::Got, by_item).check(&trace).is_ok(),
                naive::in_order_of(&steps)
            );
            prop_assert_eq!(
                Law::at_most_ahead(most, Kind::Enter, Kind::Leave).check(&trace).is_ok(),
                naive::at_most_ahead(&steps, most)
            );
            for law in [
                Law::precedes(Kind::Enter, Kind::Leave),
                Law::followed_by(Kind::Enter, Kind::Leave),
                Law::never_followed_by(Kind::Enter, Kind::Leave),
                Law::at_most_inside(1, [Kind::Enter], [Kind::Leave]),
                Law::never_both((Kind::Enter, Kind::Leave), (Kind::Put, Kind::Got)),
                Law::fifo(Kind::Put, Kind::Got, naive::keyed),
                Law::each_after(Kind::Put, Kind::Got, "one more", follows),
            ] {
                prop_assert!(at_fault_alone(&law, &steps), "{:?}", law);
            }
            prop_assert_eq!(
                Law::each_after(Kind::Put, Kind::Got, "one more", follows).check(&trace).is_ok(),
                naive::each_after(&steps, follows)
            );
        }

        #[test]
        fn newer_laws_agree_with_the_naive_checker(
            deeds in naive::any_deeds(),
            (first, count, after) in (0u64..3, 0u64..4, 0u64..4),
        ) {
            let trace = naive::trace_of(&deeds);
            let holds = |law: Law| law.check(&trace).is_ok();
            let item = |step: &Step| naive::keyed(step).1;
            let keys = || first..first + count;
            prop_assert_eq!(holds(Law::once_each(Kind::Got, keys(), item)), naive::once_each(&deeds, keys()));
            prop_assert_eq!(holds(Law::in_order(Kind::Got, keys(), item)), naive::in_order(&deeds, keys()));
            prop_assert_eq!(
                holds(Law::each_after(Kind::Got, Kind::Got, "more than before", grows)),
                naive::each_after_its_like(&deeds, grows)
            );
            for (one, other) in [(Kind::Enter, Kind::Leave), (Kind::Got, Kind::Got)] {
                prop_assert_eq!(
                    holds(Law::no_sooner(one, other, Duration::from_millis(after))),
                    naive::no_sooner(&deeds, one, other, after)
                );
            }
            for role in ["actor", "other"] {
                prop_assert_eq!(holds(Law::begins_after(role, Kind::Enter)), naive::begins_after(&deeds, role));
                prop_assert_eq!(holds(Law::over_at(role, Kind::Leave)), naive::over_at(&deeds, role));
            }
            prop_assert_eq!(holds(Law::register(Kind::Put, Kind::Got, 0, item)), naive::register(&deeds));
        }

        #[test]
        fn a_law_among_some_is_the_law_of_what_they_do(deeds in naive::any_deeds()) {
            let whole = naive::trace_of(&deeds);
            let (places, own): (Vec<usize>, Vec<Deed>) =
                deeds.into_iter().enumerate().filter(|(_, deed)| naive::ROLES[deed.actor] == "actor").unzip();
            let own = naive::trace_of(&own);
            for law in newer_laws() {
                let alone = law.check(&own).map_err(|breach| {
                    let events = breach.events.iter().map(|&event| places[event]);
                    Breach::new(breach.what, events)
                });
                prop_assert_eq!(law.among(["actor"]).check(&whole), alone);
            }
        }

        #[test]
        fn the_events_at_fault_break_a_newer_law_by_themselves(deeds in naive::any_deeds()) {
            // Of a register, all that was written before is at fault.
            for law in newer_laws().into_iter().filter(|law| !matches!(law.rule, Rule::Register { .. })) {
                let Err(breach) = law.check(&naive::trace_of(&deeds)) else { continue };
                let named: Vec<Deed> = breach.events.iter().map(|&event| deeds[event].clone()).collect();
                prop_assert!(law.check(&naive::trace_of(&named)).is_err(), "{:?}: {:?}", law, named);
            }
        }
    }
}
