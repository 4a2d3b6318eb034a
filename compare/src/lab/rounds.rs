//! Rounds: how the runs are made that behaviour is judged by, apart from those that are timed.
//!
//! The order in which the actors of a short run come is nearly always the same, so a few runs show little. Most rounds
//! go without waits and with [`Noise`], which shows many orders; some go without either, because noise would hide what
//! the sides do when they are left alone; and two of the first go at the pace of the settings, with its waits. So do a few
//! later ones, where there are so many, with waits that are long enough to show how actors wait. Some of the noisy ones
//! look for what the others can't show: whether actors can meet who must be able to, what a task does to a thread that it
//! has to share, and what comes of another plan.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use shared::{Noise, Pace, Side};

use super::{Arm, Settings};
use crate::pair::{Problem, drawn_fields};

/// How the run of each side is made in one round.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Round {
    /// Its number, from 1 on.
    pub number: u32,
    /// How fast it goes.
    pub pace: Pace,
    /// The seed of its noise; none without.
    pub noise: Option<u64>,
    /// Whether all tasks have one thread, whatever their arm says: in some of the noisy ones.
    pub alone: bool,
    /// Which of the overlaps of the pattern is brought about, if one is, in words.
    pub meeting: Option<String>,
    /// What is otherwise than in the plan of the pair.
    pub plan: Map<String, Value>,
}

/// How many rounds `compare run` makes at most, and how long they may take together, so that all pairs with their
/// timing take less than half a minute.
pub const ROUNDS: (u32, Duration) = (100, Duration::from_millis(200));

/// How many of them are noisy at least, and how long it may take until there are so many.
pub const NOISY: (u32, Duration) = (50, Duration::from_secs(1));

/// Of so many rounds without waits, one is without noise.
const CALM: u32 = 4;

/// The rounds at the pace of the settings, with its waits: what these take in one alone may be chance.
const PACED: [u32; 2] = [1, CALM];

/// Of so many rounds beyond those of `compare run`, which has no time for it, one has waits, and long ones: who asks again
/// and again instead of waiting then asks often, and who sleeps through what should cut its wait short does so for long.
const SLOW: u32 = 25;

/// The pace of long waits, where that of the settings is not as slow: the notebook's half second is a tenth of one.
const SLOWLY: f64 = 0.2;

/// The pace of the first round with long waits: slower than the notebook, so that who takes its seconds for those of the
/// clock, and gives up when they are over, does so too early.
const LONG_WINDED: f64 = 1.2;

/// How often each overlap is tried: once is enough, unless the machine keeps somebody away for long.
pub const TRIES: usize = 3;

/// In how many runs something must happen every time to be no chance.
pub const OFTEN: usize = 8;

/// Which of the noisy rounds that bring about no meeting have short waits: enough of them to see what happens in each.
const BRISK: [usize; 8] = [1, 3, 7, 9, 13, 15, 19, 21];

/// The pace of short waits: the notebook's half second is half a millisecond.
const BRISKLY: f64 = 0.001;

/// Where a run makes more pauses than this, no round has short waits: a task's timer takes a millisecond for each.
const FEW_PAUSES: u64 = 100;

impl Round {
    /// The first rounds of a comparison of this problem, so many of them.
    pub fn first(count: u32, problem: &dyn Problem, settings: &Settings) -> Vec<Self> {
        let overlaps = problem.overlaps();
        let pauses: u64 = problem.roles().iter().map(|role| role.work().pauses.least).sum();
        let briskly = pauses <= FEW_PAUSES && !settings.pace.is_zero();
        let mut noisy = 0..;
        let rounds = (1..=count).map(|number| {
            let plain = Self::plain(number, settings);
            let Some(seed) = plain.noise else { return plain };
            let place: usize = noisy.next().expect("it has no end");
            match place.checked_sub(TRIES * overlaps.len()) {
                None => Self { meeting: Some(overlaps[place % overlaps.len()].to_string()), ..plain },
                Some(place) => plain.special(place, seed, problem, briskly),
            }
        });
        rounds.collect()
    }

    /// The round of this number at this pace, in which nobody is held up.
    pub fn at(number: u32, pace: Pace) -> Self {
        Self { number, pace, noise: None, alone: false, meeting: None, plan: Map::new() }
    }

    /// The round of this number with neither waits nor noise.
    pub fn calm(number: u32) -> Self {
        Self::at(number, Pace::ZERO)
    }

    /// A round that looks for nothing special.
    fn plain(number: u32, settings: &Settings) -> Self {
        let &Settings { pace, seed, .. } = settings;
        let slow = number > ROUNDS.0 && number % SLOW == 1;
        let first = number == ROUNDS.0 + 1;
        let slowly = Pace::new(if first { LONG_WINDED } else { SLOWLY }).expect("it is a pace");
        let pace = match number {
            _ if PACED.contains(&number) => pace,
            _ if !slow => Pace::ZERO,
            _ if pace.is_zero() || pace > slowly => pace,
            _ => slowly,
        };
        let quiet = !pace.is_zero() || number.is_multiple_of(CALM);
        let noise = (!quiet).then(|| seed.wrapping_add(u64::from(number)));
        Self { noise, ..Self::at(number, pace) }
    }

    /// The noisy round of this place: every second has one thread for its tasks, and every third another plan.
    fn special(self, place: usize, seed: u64, problem: &dyn Problem, briskly: bool) -> Self {
        let alone = place % 2 == 1;
        if place % 3 == 2 {
            return Self { alone, plan: drawn_fields(problem, seed), ..self };
        }
        let waits = briskly && BRISK.contains(&place);
        Self {
            alone,
            pace: if waits { Pace::new(BRISKLY).expect("it is a pace") } else { self.pace },
            ..self
        }
    }

    /// Whether it is made like another, but for the seed of its noise.
    pub fn is_like(&self, other: &Self) -> bool {
        let noise = |round: &Self| round.noise.is_some();
        let how = |round: &Self| (round.pace, round.alone, round.meeting.clone(), round.plan.clone());
        noise(self) == noise(other) && how(self) == how(other)
    }

    /// Whether it has neither waits nor noise.
    pub fn is_calm(&self) -> bool {
        self.pace.is_zero() && self.noise.is_none()
    }

    /// Whether it is one of the few that only together decide: in which actors meet, or which has noise and waits.
    pub fn is_seldom(&self) -> bool {
        self.meeting.is_some() || (self.noise.is_some() && !self.pace.is_zero())
    }

    /// Whether it has waits and no noise.
    pub fn is_paced(&self) -> bool {
        !self.pace.is_zero() && self.noise.is_none()
    }

    /// Whether its waits are long ones.
    pub fn is_slow(&self) -> bool {
        self.number > ROUNDS.0 && self.is_paced()
    }

    /// Whether all tasks of this arm have one thread in it.
    pub fn alone(&self, arm: Arm) -> bool {
        arm.is_on_one() || (self.alone && arm.side() == Side::Asynchronous)
    }

    /// What holds up its actors.
    pub fn noise(&self) -> Option<Noise> {
        self.noise.map(Noise::new)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::time::Duration;

    use shared::{Pace, Pattern};

    use super::{BRISK, LONG_WINDED, Round, SLOWLY, TRIES};
    use crate::lab::Settings;
    use crate::pair::pair;

    fn rounds(pace: Pace, count: u32) -> Vec<Round> {
        let settings = Settings { pace, runs: 1, seed: 9, log: None, timeout: Duration::ZERO };
        Round::first(count, pair(Pattern::Semaphore).problem(), &settings)
    }

    #[test]
    fn every_fourth_round_is_without_noise_and_the_others_have_each_their_own() {
        let rounds = rounds(Pace::ZERO, 40);
        let calm: Vec<u32> =
            rounds.iter().filter(|round| round.is_calm()).map(|round| round.number).collect();
        assert_eq!(calm, (1..=10).map(|number| 4 * number).collect::<Vec<_>>());
        let noises: BTreeSet<u64> = rounds.iter().filter_map(|round| round.noise).collect();
        assert_eq!(noises.len(), 30);
        assert!(rounds.iter().all(|round| round.noise().is_some() == round.noise.is_some()));
    }

    #[test]
    fn the_first_rounds_have_their_waits_and_a_few_of_many_have() {
        let pace = |pace| Pace::new(pace).expect("it is a pace");
        let waiting = |pace| -> Vec<_> {
            let rounds = rounds(pace, 200).into_iter();
            let waiting = rounds.filter(Round::is_paced);
            waiting.map(|round| (round.number, round.pace, round.is_slow())).collect()
        };
        let due = |own, slowly| -> Vec<_> {
            let slow = [126, 151, 176].map(|number| (number, slowly, true));
            [(1, own, false), (4, own, false), (101, pace(LONG_WINDED), true)]
                .into_iter()
                .chain(slow)
                .collect()
        };
        assert_eq!(waiting(Pace::NOTEBOOK), due(Pace::NOTEBOOK, Pace::NOTEBOOK));
        let quick = pace(SLOWLY / 2.0);
        assert_eq!(waiting(quick), due(quick, pace(SLOWLY)));
        assert_eq!(waiting(Pace::ZERO), []);
    }

    #[test]
    fn some_noisy_rounds_look_for_something() {
        let rounds = rounds(Pace::NOTEBOOK, 40);
        let count = |special: fn(&Round) -> bool| rounds.iter().filter(|round| special(round)).count();
        assert_eq!(count(|round| round.meeting.is_some()), TRIES);
        assert_eq!(count(|round| round.noise.is_some() && !round.pace.is_zero()), BRISK.len());
        assert!(count(|round| round.alone) > 10);
        assert!(count(|round| !round.plan.is_empty()) > 5);
        let special = |round: &Round| round.alone || round.meeting.is_some() || !round.plan.is_empty();
        assert!(rounds.iter().all(|round| round.noise.is_some() || !special(round)));
    }
}
