//! Work: how much whoever speaks a language does.

use std::time::Duration;

use crate::Language;

/// How much an actor does: so many steps, so many pauses, so long in all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Work {
    /// How many steps it says.
    pub steps: Amount<u64>,
    /// How many pauses and waits it makes.
    pub pauses: Amount<u64>,
    /// How long they are together, in notebook time; of a wait, how long it may be.
    pub paused: Amount<Duration>,
}

/// A number, or a range of numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Amount<N> {
    /// At least this much.
    pub least: N,
    /// At most this much; `None` is without bound.
    pub most: Option<N>,
}

impl<N: Copy + Ord> Amount<N> {
    /// The amount, where it is only one.
    pub fn fixed(&self) -> Option<N> {
        self.most.filter(|most| *most == self.least)
    }

    /// Whether this much is allowed.
    pub fn contains(&self, amount: N) -> bool {
        self.least <= amount && self.most.is_none_or(|most| amount <= most)
    }

    fn or(self, other: Self) -> Self {
        let most = self.most.zip(other.most).map(|(a, b)| a.max(b));
        Self { least: self.least.min(other.least), most }
    }
}

impl Work {
    pub(super) const NONE: Self = Self::exactly(0, 0, Duration::ZERO);

    const fn exactly(steps: u64, pauses: u64, total: Duration) -> Self {
        Self {
            steps: Amount { least: steps, most: Some(steps) },
            pauses: Amount { least: pauses, most: Some(pauses) },
            paused: Amount { least: total, most: Some(total) },
        }
    }

    pub(super) fn and(self, other: Self) -> Self {
        Self {
            steps: sum(self.steps, other.steps, u64::saturating_add),
            pauses: sum(self.pauses, other.pauses, u64::saturating_add),
            paused: sum(self.paused, other.paused, Duration::saturating_add),
        }
    }

    fn or(self, other: Self) -> Self {
        Self {
            steps: self.steps.or(other.steps),
            pauses: self.pauses.or(other.pauses),
            paused: self.paused.or(other.paused),
        }
    }

    /// So much, done so often.
    pub(super) fn times(self, count: usize) -> Self {
        self.repeated(count, Some(count))
    }

    fn repeated(self, least: usize, most: Option<usize>) -> Self {
        let times = |amount: u64, count: usize| amount.saturating_mul(count as u64);
        let longer =
            |amount: Duration, count: usize| amount.saturating_mul(u32::try_from(count).unwrap_or(u32::MAX));
        Self {
            steps: product(self.steps, least, most, 0, times),
            pauses: product(self.pauses, least, most, 0, times),
            paused: product(self.paused, least, most, Duration::ZERO, longer),
        }
    }
}

fn sum<N>(a: Amount<N>, b: Amount<N>, add: fn(N, N) -> N) -> Amount<N> {
    Amount { least: add(a.least, b.least), most: a.most.zip(b.most).map(|(a, b)| add(a, b)) }
}

fn product<N: Copy + PartialEq>(
    amount: Amount<N>,
    least: usize,
    most: Option<usize>,
    zero: N,
    times: impl Fn(N, usize) -> N,
) -> Amount<N> {
    let most = match (amount.most, most) {
        // Nothing, however often, is nothing.
        (Some(each), _) if each == zero => Some(zero),
        (_, Some(0)) => Some(zero),
        (Some(each), Some(count)) => Some(times(each, count)),
        _ => None,
    };
    Amount { least: times(amount.least, least), most }
}

impl Language {
    /// The work of whoever speaks this language.
    pub fn work(&self) -> Work {
        match self {
            Self::Step(_) | Self::Kind(_) => Work::exactly(1, 0, Duration::ZERO),
            Self::Pause(range) => Work {
                paused: Amount { least: *range.start(), most: Some(*range.end()) },
                ..Work::exactly(0, 1, Duration::ZERO)
            },
            Self::Wait(most) => Self::Pause(*most..=*most).work(),
            Self::Sequence(parts) => parts.iter().map(Self::work).fold(Work::NONE, Work::and),
            Self::Choice(choices) => choices.iter().map(Self::work).reduce(Work::or).unwrap_or(Work::NONE),
            Self::Repeat { body, least, most } => body.work().repeated(*least, *most),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::super::naive::{self, Kind, Step};
    use super::{Amount, Work};
    use crate::{Language, What, any_of, at_least, optional, pause, script, times};

    const NAP: Duration = Duration::from_millis(100);

    #[test]
    fn the_work_of_a_fixed_language_is_a_number() {
        let language: Language = script![Step::Enter, times(3, script![pause(NAP), Kind::Got]), Step::Leave];
        assert_eq!(language.work(), Work::exactly(5, 3, 3 * NAP));
        assert_eq!(language.work().steps.fixed(), Some(5));
    }

    #[test]
    fn the_work_of_a_loose_language_is_a_range() {
        let language: Language = script![
            any_of([Step::Enter.into(), script![Step::Enter, Step::Leave]]),
            at_least(1, script![pause(NAP)]),
            optional(Kind::Got),
        ];
        let work = language.work();
        assert_eq!(work.steps, Amount { least: 1, most: Some(3) });
        assert_eq!(work.pauses, Amount { least: 1, most: None });
        assert_eq!(work.paused, Amount { least: NAP, most: None });
        assert_eq!(work.steps.fixed(), None);
    }

    #[test]
    fn an_amount_has_two_ends() {
        let contained =
            |most| (0..5).filter(|&amount| Amount { least: 1, most }.contains(amount)).collect::<Vec<_>>();
        assert_eq!((contained(Some(3)), contained(None)), (vec![1, 2, 3], vec![1, 2, 3, 4]));
    }

    proptest! {
        #![proptest_config(naive::cases())]

        #[test]
        fn whoever_speaks_the_language_does_its_work(
            language in naive::any_language(),
            words in prop::collection::vec(naive::any_word(), 0..8),
        ) {
            if naive::furthest(&language, &words).is_ok() {
                let work = language.work();
                let pauses = words.iter().filter_map(|word| match word {
                    What::Paused(duration) | What::Waits(duration) => Some(*duration),
                    _ => None,
                });
                let (count, total) = pauses.fold((0, Duration::ZERO), |(count, sum), nap| (count + 1, sum + nap));
                prop_assert!(work.steps.contains(words.len() as u64 - count));
                prop_assert!(work.pauses.contains(count));
                prop_assert!(work.paused.contains(total));
            }
        }
    }
}
