//! The ratio: which arm is faster, as far as processes show.

use serde::{Deserialize, Serialize};

use super::Process;
use super::evidence::{enough, is_enough};
use super::median::median;
use crate::lab::Arm;

/// How probable it may be that a report says anything wrong of who is faster, over all its pairs together.
const ERROR: f64 = 0.05;

/// So many processes time a pair at most.
pub const MOST: u32 = 1_000;

/// Who is faster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Winner {
    /// The first arm.
    First,
    /// The second arm.
    Second,
    /// Nobody: they differ by less than matters.
    #[serde(rename = "equal")]
    Nobody,
    /// It is not known: these processes don't decide.
    Open,
}

impl Winner {
    /// Whether one of the arms is faster.
    pub fn is_ahead(self) -> bool {
        matches!(self, Self::First | Self::Second)
    }

    /// The verdict on these arms, in words.
    pub fn words(self, [first, second]: [Arm; 2]) -> String {
        match self {
            Self::First => first.to_string(),
            Self::Second => second.to_string(),
            Self::Nobody => "equal".into(),
            Self::Open => "open".into(),
        }
    }
}

/// What it takes to decide.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Terms {
    /// A difference of less than this share is none.
    pub min_effect: f64,
    /// How probable it may be to be wrong about one pair in one direction.
    pub error: f64,
    /// So many times as long one arm may have taken because of others, and the other arm not; none where nobody knows.
    pub disturbance: Option<f64>,
}

/// The times of the first arm over those of the second: above 1, the second is faster.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Ratio {
    /// The median of the processes' ratios.
    pub ratio: f64,
    /// The lower end of an interval for the true median, which holds at any moment and for all pairs at once.
    pub low: f64,
    /// The upper end; none where there are too few processes for any.
    pub high: Option<f64>,
    /// Who is faster.
    pub winner: Winner,
}

impl Terms {
    /// The terms of a report of so many pairs: each may be wrong in two directions.
    pub fn new(min_effect: f64, pairs: usize) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "there are a few pairs")]
        let directions = 2.0 * pairs.max(1) as f64;
        Self { min_effect, error: ERROR / directions, disturbance: Some(1.0) }
    }

    /// The same where others disturb it so much: an arm is ahead only by what is more than they can have done.
    #[must_use]
    pub fn disturbed(self, disturbance: Option<f64>) -> Self {
        Self { disturbance, ..self }
    }

    /// Whether others may have made a difference.
    pub fn is_disturbed(self) -> bool {
        self.disturbance.is_none_or(|disturbance| disturbance > 1.0)
    }

    /// Above this ratio, the second arm is ahead by more than doesn't matter, whatever others have done.
    fn ahead(self) -> f64 {
        self.disturbance.map_or(f64::INFINITY, |disturbance| (1.0 + self.min_effect) * disturbance)
    }

    /// Below this ratio, it is not ahead by more than doesn't matter, whatever others have done: below 1, if they may have
    /// done more than matters, so that nothing is equal then.
    fn equal(self) -> f64 {
        self.disturbance.map_or(0.0, |disturbance| (1.0 + self.min_effect) / disturbance)
    }
}

impl Ratio {
    /// What these processes come to; none without any.
    pub fn of(processes: &[Process], terms: Terms) -> Option<Self> {
        let ratios = sorted_ratios(processes);
        let ratio = median(ratios.clone())?;
        let (low, high) = match enough(ratios.len(), terms.error) {
            // Below the ratio that so many are at or above, so many are above any threshold.
            Some(least @ 1..) => (ratios[ratios.len() - least], Some(ratios[least - 1])),
            _ => (0.0, None),
        };
        let winner = decided(low, high, terms);
        Some(Self { ratio, low, high, winner })
    }
}

fn sorted_ratios(processes: &[Process]) -> Vec<f64> {
    let mut ratios: Vec<f64> = processes.iter().filter_map(Process::ratio).collect();
    ratios.sort_by(f64::total_cmp);
    ratios
}

fn decided(low: f64, high: Option<f64>, terms: Terms) -> Winner {
    let (ahead, equal) = (terms.ahead(), terms.equal());
    let is_below = |limit: f64| high.is_some_and(|high| high < limit);
    if low > ahead {
        Winner::Second
    } else if is_below(1.0 / ahead) {
        Winner::First
    } else if low > 1.0 / equal && is_below(equal) {
        Winner::Nobody
    } else {
        Winner::Open
    }
}

/// How many processes would decide, if more came out like these; none where they would not.
pub fn needed(processes: &[Process], terms: Terms) -> Option<usize> {
    let ratios = sorted_ratios(processes);
    let (ahead, equal, all) = (terms.ahead(), terms.equal(), ratios.len());
    let count = |is: &dyn Fn(f64) -> bool| ratios.iter().filter(|ratio| is(**ratio)).count();
    let (above, not_below) = (count(&|ratio| ratio > ahead), count(&|ratio| ratio > 1.0 / equal));
    let (below, not_above) = (count(&|ratio| ratio < 1.0 / ahead), count(&|ratio| ratio < equal));
    // Any of three things may be decided; that they are equal, by two counts.
    let most = above.max(below).max(not_below.min(not_above));
    let decides = |more: &usize| is_enough(most * more / all, *more, terms.error);
    // The more there are, the smaller a share of them is enough: where the most don't decide, none do.
    let last = MOST as usize;
    (all > 0 && decides(&last)).then(|| (all + 1..=last).find(decides)).flatten()
}

#[cfg(test)]
mod tests {
    use fastrand::Rng;

    use super::{Ratio, Terms, Winner, needed};
    use crate::timing::Process;

    const TERMS: Terms = Terms { min_effect: 0.05, error: 0.05 / 66.0, disturbance: Some(1.0) };

    fn process(ratio: f64) -> Process {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is a time")]
        let first = (ratio * 1e6).round() as u64;
        Process { runs_ns: [first, 1_000_000].map(|took| vec![took]), usage: [None; 2] }
    }

    fn of(ratios: &[f64]) -> Ratio {
        let processes: Vec<Process> = ratios.iter().copied().map(process).collect();
        Ratio::of(&processes, TERMS).expect("there are some")
    }

    #[test]
    fn eleven_that_agree_decide_and_ten_do_not() {
        let verdict = |ratio: f64, count| of(&vec![ratio; count]).winner;
        assert_eq!([10, 11].map(|count| verdict(2.0, count)), [Winner::Open, Winner::Second]);
        assert_eq!([10, 11].map(|count| verdict(0.5, count)), [Winner::Open, Winner::First]);
        assert_eq!([10, 11].map(|count| verdict(1.02, count)), [Winner::Open, Winner::Nobody]);
        assert_eq!(Ratio::of(&[], TERMS), None);
    }

    #[test]
    fn a_difference_that_does_not_matter_is_none_and_one_at_the_limit_stays_open() {
        let near = |ratio: f64| [0.99, 1.0, 1.01].map(|around| around * ratio).repeat(20);
        assert_eq!(of(&near(1.0)).winner, Winner::Nobody);
        assert_eq!(of(&near(1.05)).winner, Winner::Open);
        assert_eq!(of(&near(1.07)).winner, Winner::Second);
        assert_eq!(of(&near(1.0 / 1.07)).winner, Winner::First);
    }

    #[test]
    fn what_others_can_have_done_makes_nobody_the_winner() {
        let verdict = |ratio: f64, disturbance| {
            let processes: Vec<Process> =
                [0.99, 1.0, 1.01].repeat(20).iter().map(|around| process(around * ratio)).collect();
            let terms = TERMS.disturbed(Some(disturbance));
            assert_eq!(
                needed(&processes, terms).is_some(),
                Ratio::of(&processes, terms)?.winner != Winner::Open
            );
            Some(Ratio::of(&processes, terms)?.winner)
        };
        assert_eq!([1.0, 1.8].map(|by| verdict(1.4, by)), [Winner::Second, Winner::Open].map(Some));
        assert_eq!([1.0, 1.8].map(|by| verdict(2.1, by)), [Winner::Second; 2].map(Some));
        assert_eq!([1.0, 1.8].map(|by| verdict(0.6, by)), [Winner::First, Winner::Open].map(Some));
        assert_eq!([1.0, 1.8].map(|by| verdict(1.0, by)), [Winner::Nobody, Winner::Open].map(Some));
        // Where nobody knows what they have done, nothing is decided.
        let processes = vec![process(40.0); 60];
        let unknown = TERMS.disturbed(None);
        assert_eq!(Ratio::of(&processes, unknown).map(|ratio| ratio.winner), Some(Winner::Open));
        assert_eq!(needed(&processes, unknown), None);
    }

    #[test]
    fn no_outlier_decides_and_what_would_be_needed_is_said() {
        let mut ratios = vec![2.0; 10];
        ratios.push(0.01);
        let Ratio { ratio, low, high, winner } = of(&ratios);
        let are = |figures: [Option<f64>; 3]| {
            figures.map(|figure| figure.map(|figure| (figure * 1e6).round() / 1e6))
        };
        assert_eq!(are([Some(ratio), Some(low), high]), [Some(2.0), Some(0.01), Some(2.0)]);
        assert_eq!(winner, Winner::Open);
        let needed = |ratios: &[f64]| needed(&ratios.iter().copied().map(process).collect::<Vec<_>>(), TERMS);
        assert_eq!(needed(&ratios), Some(28));
        // Half above and half below decide nothing ever.
        assert_eq!(needed(&[0.5, 2.0].repeat(10)), None);
    }

    /// The promise of the interval: whenever one looks, the true median is in it, but for the error.
    #[test]
    fn whoever_looks_after_each_process_is_seldom_wrong() {
        let (mut rng, terms) = (Rng::with_seed(7), Terms::new(0.0, 1));
        let mut is_ever_wrong = || {
            let mut processes = Vec::new();
            (0..60).any(|_| {
                processes.push(process(2_f64.powf(rng.f64() - 0.5)));
                Ratio::of(&processes, terms).is_some_and(|ratio| ratio.winner != Winner::Open)
            })
        };
        let wrong = (0..4_000).filter(|_| is_ever_wrong()).count();
        assert!(wrong <= 240, "{wrong} of 4,000, where 200 are allowed, and 40 more are by chance");
    }
}
