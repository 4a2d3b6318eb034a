//! Laws: what must hold of every trace of a pattern, on either side, across its actors.
//!
//! The names are those of the miners of temporal properties (Synoptic's *always precedes*, *always followed by*).

use std::fmt::{self, Debug};
use std::sync::Arc;

use super::offences::{self, Holds, Keyed, Offence};
use crate::{Breach, Kind, Said, Shape, Step as _, Trace};

/// Something that must hold of every trace of a pattern.
///
/// A law relates only steps that program order and synchronisation really order: a step is said *before* what it
/// publishes and *after* what it observes, so that the order of two related steps in a trace is never an accident.
#[derive(Clone)]
pub struct Law {
    name: String,
    rule: Rule,
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
        Self { name, rule: Rule::Precedes(first.shape(), second.shape()) }
    }

    /// Every `first` has a `second` somewhere after it.
    pub fn followed_by<K: Kind>(first: K, second: K) -> Self {
        let name = format!("every {} is followed by {}", first.name(), second.name());
        Self { name, rule: Rule::FollowedBy(first.shape(), second.shape()) }
    }

    /// No `first` has a `second` anywhere after it.
    pub fn never_followed_by<K: Kind>(first: K, second: K) -> Self {
        let name = format!("no {} is followed by {}", first.name(), second.name());
        Self { name, rule: Rule::NeverFollowedBy(first.shape(), second.shape()) }
    }

    /// Nobody says this.
    pub fn never(kind: impl Kind) -> Self {
        Self { name: format!("never {}", kind.name()), rule: Rule::Exactly(0, kind.shape()) }
    }

    /// It is said exactly so many times, by all actors together.
    pub fn exactly(count: usize, kind: impl Kind) -> Self {
        Self { name: format!("exactly {count} × {}", kind.name()), rule: Rule::Exactly(count, kind.shape()) }
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
        Self { name, rule: Rule::AtMostInside { most, enter, leave } }
    }

    /// While somebody is between the two steps of `one`, an entering and a leaving one, nobody is between those of
    /// `other`: readers and writers.
    ///
    /// Whoever leaves has entered. An actor may be inside more than once, and then counts as often.
    pub fn never_both<K: Kind>(one: (K, K), other: (K, K)) -> Self {
        let [one, other] = [one, other].map(|(enter, leave)| (enter.shape(), leave.shape()));
        let between = |(enter, leave): (&Shape, &Shape)| format!("{} and {}", enter.name, leave.name);
        let name = format!("nobody is between {} while somebody is between {}", between(one), between(other));
        Self { name, rule: Rule::NeverBoth([one, other]) }
    }

    /// First in, first out: every item is got at most once, after it was put, and what one actor gets of one key, it
    /// gets in the order in which it was put.
    ///
    /// `keyed` says of a `put` or a `got` the key (say, the producer) and the item, unique within its key. It holds
    /// per key and consumer: over the logs of two consumers no order of getting can be read.
    pub fn fifo<K: Kind>(put: K, got: K, keyed: fn(&K::Step) -> (u64, u64)) -> Self {
        let name = format!("{} and {} are first in, first out", put.name(), got.name());
        Self { name, rule: Rule::Fifo { put: put.shape(), got: got.shape(), keyed: erased::<K>(keyed) } }
    }

    /// At no moment has `first` been said, by all actors together, more than so many times oftener than `second`: what
    /// is put in and not yet taken out, whoever does it.
    pub fn at_most_ahead<K: Kind>(most: usize, first: K, second: K) -> Self {
        let name = format!("{} is at most {most} ahead of {}", first.name(), second.name());
        Self { name, rule: Rule::AtMostAhead { most, first: first.shape(), second: second.shape() } }
    }

    /// What is done is reported in the order in which it was done: if an actor has gone on to its next step after one
    /// thing was `done`, and only then another is, the one is `reported` before the other.
    ///
    /// `keyed` says what a step is about, by the first of its two numbers. Of two things that are done at about the
    /// same time, by two actors that have not gone on yet, the trace doesn't say which was first; nor does the law.
    pub fn in_order_of<K: Kind>(
        done: impl IntoIterator<Item = K>,
        reported: K,
        keyed: fn(&K::Step) -> (u64, u64),
    ) -> Self {
        let done = shapes(done);
        let name = format!("{} is in the order of {}", reported.name(), list(&done));
        Self { name, rule: Rule::InOrderOf { done, reported: reported.shape(), keyed: erased::<K>(keyed) } }
    }

    /// Each `second` comes after a `first` of the same actor, and `holds` of the two; `meaning` says what it asks.
    pub fn each_after<K: Kind>(
        first: K,
        second: K,
        meaning: &str,
        holds: fn(&K::Step, &K::Step) -> bool,
    ) -> Self {
        let holds: Holds = Arc::new(move |first, second| holds(&typed::<K>(first), &typed::<K>(second)));
        let (first, second) = (first.shape(), second.shape());
        Self { name: meaning.into(), rule: Rule::EachAfter { first, second, holds } }
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

    /// Holds a trace to the law.
    ///
    /// Time: linear in the number of events, for [`at_most_inside`](Self::at_most_inside) and
    /// [`never_both`](Self::never_both) n·log n.
    ///
    /// # Errors
    /// The first breach, with the two or three events that make it one (the event alone where one is missing).
    pub fn check(&self, trace: &Trace) -> Result<(), Breach> {
        match self.offence(trace) {
            None => Ok(()),
            Some(offence) => Err(Breach::new(format!("{}: {}", self.name, offence.why), offence.events)),
        }
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
        }
    }

    /// The shapes of the steps that the law speaks of.
    pub fn shapes(&self) -> Vec<&'static Shape> {
        match &self.rule {
            Rule::Exactly(_, shape) => vec![shape],
            Rule::Precedes(one, other)
            | Rule::FollowedBy(one, other)
            | Rule::NeverFollowedBy(one, other)
            | Rule::Fifo { put: one, got: other, .. }
            | Rule::AtMostAhead { first: one, second: other, .. }
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

fn erased<K: Kind>(keyed: fn(&K::Step) -> (u64, u64)) -> Keyed {
    Arc::new(move |said| keyed(&typed::<K>(said)))
}

fn typed<K: Kind>(said: &Said) -> K::Step {
    K::Step::read(said).expect("a trace holds steps of the pattern whose law this is")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::naive::{self, Kind, Step};
    use super::Law;

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
    }
}
