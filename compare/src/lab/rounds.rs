//! Rounds: how the runs are made that behaviour is judged by, apart from those that are timed.
//!
//! The order in which the actors of a short run come is nearly always the same, so a few runs show little. Most rounds
//! go without waits and with [`Noise`], which shows many orders; some go without either, because noise would hide what
//! the sides do when they are left alone; and the first goes at the pace of the settings, with its waits.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use shared::{Noise, Pace};

use super::Settings;

/// How the run of each side is made in one round.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Round {
    /// Its number, from 1 on.
    pub number: u32,
    /// How fast it goes.
    pub pace: Pace,
    /// The seed of its noise; none without.
    pub noise: Option<u64>,
}

/// How many rounds `compare run` makes at most, and how long they may take together, so that all pairs with their
/// timing take less than half a minute.
pub const ROUNDS: (u32, Duration) = (100, Duration::from_millis(200));

/// Of so many rounds without waits, one is without noise.
const CALM: u32 = 4;

impl Round {
    /// The first rounds of a comparison, so many of them.
    pub fn first(count: u32, settings: &Settings) -> Vec<Self> {
        (1..=count).map(|number| Self::new(number, settings)).collect()
    }

    fn new(number: u32, settings: &Settings) -> Self {
        let &Settings { pace, seed, .. } = settings;
        if number == 1 && !pace.is_zero() {
            return Self { number, pace, noise: None };
        }
        let noise = (!number.is_multiple_of(CALM)).then(|| seed.wrapping_add(u64::from(number)));
        Self { number, pace: Pace::ZERO, noise }
    }

    /// Whether it has neither waits nor noise.
    pub fn is_calm(self) -> bool {
        self.pace.is_zero() && self.noise.is_none()
    }

    /// What holds up its actors.
    pub fn noise(self) -> Option<Noise> {
        self.noise.map(Noise::new)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::num::NonZero;
    use std::time::Duration;

    use shared::Pace;

    use super::Round;
    use crate::lab::{Flavour, Settings};

    fn rounds(pace: Pace) -> Vec<Round> {
        let (runtime, workers) = (Flavour::Multi, NonZero::<usize>::MIN);
        let settings = Settings { pace, runs: 1, seed: 9, runtime, workers, timeout: Duration::ZERO };
        Round::first(40, &settings)
    }

    #[test]
    fn every_fourth_round_is_without_noise_and_the_others_have_each_their_own() {
        let rounds = rounds(Pace::ZERO);
        let calm: Vec<u32> =
            rounds.iter().filter(|round| round.is_calm()).map(|round| round.number).collect();
        assert_eq!(calm, (1..=10).map(|number| 4 * number).collect::<Vec<_>>());
        let noises: BTreeSet<u64> = rounds.iter().filter_map(|round| round.noise).collect();
        assert_eq!(noises.len(), 30);
        assert!(rounds.iter().all(|round| round.noise().is_some() == round.noise.is_some()));
    }

    #[test]
    fn the_first_round_has_its_waits() {
        let [first, second, ..] = rounds(Pace::NOTEBOOK)[..] else { panic!("there are forty") };
        assert_eq!((first.pace, first.noise, first.is_calm()), (Pace::NOTEBOOK, None, false));
        assert!(second.pace.is_zero());
    }
}
