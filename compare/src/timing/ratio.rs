//! The ratio: which arm is faster, as far as samples show.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::samples::{Samples, median_time};
use crate::lab::Arm;

/// A difference below this is called none, however sure it is.
const MINIMUM_EFFECT: f64 = 1.05;

/// How sure the interval of a ratio is at least, if there are rounds enough: it takes five.
const CONFIDENCE: f64 = 0.9;

/// Of what was measured of the timer, it explains a little more than all: its error differs from pause to pause.
const TOLERANCE: [u32; 2] = [5, 4];

/// Who is faster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Winner {
    /// The first arm, which bears the name of the default one in documents of schema 1.
    #[serde(rename = "threads")]
    First,
    /// The second arm, likewise.
    #[serde(rename = "tasks")]
    Second,
    /// Nobody, as far as these runs show.
    #[serde(rename = "no clear difference")]
    Nobody,
    /// Nobody: the tasks' timer, which counts whole milliseconds, explains the difference.
    #[serde(rename = "timer")]
    Timer,
}

impl Winner {
    /// The verdict on these arms in words that fit into a table.
    pub fn words(self, [first, second]: [Arm; 2]) -> String {
        match self {
            Self::First => first.to_string(),
            Self::Second => second.to_string(),
            Self::Nobody => "no clear".into(),
            Self::Timer => "timer".into(),
        }
    }
}

/// The times of the first arm over those of the second: above 1, the second is faster.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Ratio {
    /// The median of the rounds' ratios, which is not the ratio of the medians.
    pub ratio: f64,
    /// The lower end of an interval for the true median.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// How sure the interval is.
    pub confidence: f64,
    /// Who is faster.
    pub verdict: Winner,
}

impl Ratio {
    /// The ratio of paired times; `excused` is how much more time each arm may take because of its timer.
    ///
    /// None without samples.
    pub fn of(samples: &Samples, excused: [Duration; 2]) -> Option<Self> {
        let Samples([first, second]) = samples;
        let ratios = first.iter().zip(second);
        let mut ratios: Vec<f64> = ratios.map(|(first, second)| seconds(*first) / seconds(*second)).collect();
        ratios.sort_by(f64::total_cmp);
        let ratio = median(&ratios)?;
        let (outer, confidence) = interval(ratios.len());
        let (low, high) = (ratios[outer], ratios[ratios.len() - 1 - outer]);
        let medians = [median_time(first)?, median_time(second)?];
        let decided = |slower: usize, winner| {
            let slower_by = medians[slower].saturating_sub(medians[1 - slower]);
            let [more, than] = TOLERANCE;
            let excused = excused[slower].saturating_mul(more) / than;
            if !excused.is_zero() && slower_by <= excused { Winner::Timer } else { winner }
        };
        let verdict = if confidence < CONFIDENCE {
            Winner::Nobody
        } else if low > 1.0 && ratio >= MINIMUM_EFFECT {
            decided(0, Winner::Second)
        } else if high < 1.0 && ratio <= 1.0 / MINIMUM_EFFECT {
            decided(1, Winner::First)
        } else {
            Winner::Nobody
        };
        Some(Self { ratio, low, high, confidence, verdict })
    }
}

/// How many of `n` sorted values to leave out at each end, so that what remains still covers the true median with
/// [`CONFIDENCE`]; and the confidence itself, which is less where there are too few.
///
/// Each value is above the median with probability ½, whatever its distribution. So the `k` lowest are all there is
/// below it with a binomial probability, and the interval between the `k`-th from either end misses it with twice
/// the probability of fewer than `k`. (The interval of order statistics, as in any textbook of non-parametric
/// statistics.)
fn interval(n: usize) -> (usize, f64) {
    #[expect(clippy::cast_precision_loss, reason = "there are fewer rounds than 2⁵³")]
    let real = |number: usize| number as f64;
    // In logarithms: ½ⁿ is beyond a float for a thousand rounds.
    let mut term = -real(n) * std::f64::consts::LN_2;
    let mut missed = 2.0 * term.exp();
    let (mut outer, mut confidence) = (0, (1.0 - missed).max(0.0));
    for k in 1..n / 2 {
        term += (real(n - k + 1) / real(k)).ln();
        missed += 2.0 * term.exp();
        if 1.0 - missed < CONFIDENCE {
            break;
        }
        (outer, confidence) = (k, 1.0 - missed);
    }
    (outer, confidence)
}

/// A time below a nanosecond would make a ratio without meaning.
fn seconds(time: Duration) -> f64 {
    time.max(Duration::from_nanos(1)).as_secs_f64()
}

fn median(sorted: &[f64]) -> Option<f64> {
    let middle = sorted.len() / 2;
    let upper = sorted.get(middle)?;
    Some(if sorted.len().is_multiple_of(2) { f64::midpoint(sorted[middle - 1], *upper) } else { *upper })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Ratio, Winner, interval};
    use crate::timing::Samples;

    fn samples(threaded: &[u64], asynchronous: &[u64]) -> Samples {
        let times = |micros: &[u64]| micros.iter().copied().map(Duration::from_micros).collect();
        Samples([times(threaded), times(asynchronous)])
    }

    fn verdict(threaded: &[u64], asynchronous: &[u64], excused: u64) -> Option<Winner> {
        let excused = [Duration::ZERO, Duration::from_micros(excused)];
        Ratio::of(&samples(threaded, asynchronous), excused).map(|ratio| ratio.verdict)
    }

    #[test]
    fn whoever_is_faster_in_every_round_wins() {
        assert_eq!(verdict(&[200, 220, 210, 200, 200], &[100, 110, 100, 99, 98], 0), Some(Winner::Second));
        assert_eq!(verdict(&[100, 110, 100, 99, 98], &[200, 220, 210, 200, 200], 0), Some(Winner::First));
        assert_eq!(verdict(&[100, 110, 100, 99, 98], &[90, 120, 100, 90, 90], 0), Some(Winner::Nobody));
    }

    #[test]
    fn a_small_difference_is_none() {
        assert_eq!(verdict(&[102; 9], &[100; 9], 0), Some(Winner::Nobody));
    }

    #[test]
    fn few_rounds_are_no_evidence() {
        assert_eq!(verdict(&[200; 4], &[100; 4], 0), Some(Winner::Nobody));
        assert_eq!(verdict(&[200; 5], &[100; 5], 0), Some(Winner::Second));
    }

    #[test]
    fn a_timer_excuses_the_arm_that_has_it() {
        let millis = |excused: [u64; 2]| excused.map(Duration::from_micros);
        let verdict_of = |samples, excused| Ratio::of(&samples, millis(excused)).map(|ratio| ratio.verdict);
        assert_eq!(verdict_of(samples(&[200; 5], &[100; 5]), [80, 0]), Some(Winner::Timer));
        assert_eq!(verdict_of(samples(&[200; 5], &[100; 5]), [0, 80]), Some(Winner::Second));
    }

    #[test]
    fn the_timer_excuses_tasks_only() {
        assert_eq!(verdict(&[100; 5], &[200; 5], 80), Some(Winner::Timer));
        assert_eq!(verdict(&[100; 5], &[200; 5], 79), Some(Winner::First));
        assert_eq!(verdict(&[200; 5], &[100; 5], 100), Some(Winner::Second));
    }

    #[test]
    fn a_ratio_is_reported_with_its_spread() {
        let ratio =
            Ratio::of(&samples(&[100, 300, 200, 400], &[100, 100, 100, 100]), [Duration::ZERO; 2]).unwrap();
        let close = |a: f64, b: f64| (a - b).abs() < 1e-9;
        assert!(close(ratio.low, 1.0) && close(ratio.ratio, 2.5) && close(ratio.high, 4.0), "{ratio:?}");
        assert!(close(ratio.confidence, 0.875), "{ratio:?}");
        assert_eq!(Ratio::of(&Samples::default(), [Duration::ZERO; 2]), None);
    }

    #[test]
    fn one_outlier_among_many_rounds_decides_nothing() {
        let mut threaded = vec![200; 40];
        threaded[7] = 20;
        let ratio = Ratio::of(&samples(&threaded, &[100; 40]), [Duration::ZERO; 2]).unwrap();
        assert_eq!((ratio.low, ratio.high, ratio.verdict), (2.0, 2.0, Winner::Second));
    }

    /// The values of tables of the sign test, computed from the binomial distribution by hand.
    #[test]
    fn the_interval_is_that_of_the_order_statistics() {
        let close = |(outer, confidence): (usize, f64), due: (usize, f64)| {
            assert_eq!(outer, due.0);
            assert!((confidence - due.1).abs() < 1e-4, "{confidence} {due:?}");
        };
        close(interval(1), (0, 0.0));
        close(interval(4), (0, 0.875));
        close(interval(5), (0, 0.9375));
        close(interval(8), (1, 0.9297));
        close(interval(20), (5, 0.9586));
        let (outer, confidence) = interval(10_000);
        assert!((4900..5000).contains(&outer) && (0.9..0.91).contains(&confidence), "{outer} {confidence}");
    }
}
