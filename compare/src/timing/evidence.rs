//! Evidence: what the signs of ratios say of their median, whenever one looks.
//!
//! A ratio is above the median with a probability of at most ½, whatever its distribution. So how many are above a
//! threshold speaks against the median being at or below it, and no outlier counts for more than one. The strength of
//! that is an *e-value*: in the mean at most 1 where the median is at or below, at whatever moment one stops. It exceeds
//! 1/α with a probability of at most α, over all moments together (Ville's inequality), so that one may look after each
//! ratio, and stop when it is decided.
//!
//! Source: Howard, Ramdas, `McAuliffe` and Sekhon, "Time-uniform, nonparametric, nonasymptotic confidence sequences" (2021).
//! Not taken: an interval of order statistics, which holds only where the number of ratios is fixed before.

/// How much of an e-value bets that all ratios are above. Most arms differ by far, and then eleven ratios decide a pair of 33;
/// with a half it would take twelve, and without any fourteen. The price: where one disagrees, it takes 20, and would
/// otherwise take 19 or 18.
const ALWAYS: f64 = 2.0 / 3.0;

/// The e-value against the median being at or below a threshold, where so many of all ratios are above it: a part of it bets
/// that all are, and the rest on a share of them that is anything from ½ to 1.
fn e_value(above: usize, all: usize) -> f64 {
    let always = if above == all { 2_f64.powi(i32::try_from(all).unwrap_or(i32::MAX)) } else { 0.0 };
    ALWAYS * always + (1.0 - ALWAYS) * e_value_of_shares(above, all)
}

/// The mixture 2 ∫ θᵏ (1−θ)ⁿ⁻ᵏ 2ⁿ dθ over all θ from ½ to 1.
///
/// The integral is Σ C(n+1, j) / ((n+1) C(n, k)), over all j up to k; here from the greatest j down.
#[expect(clippy::cast_precision_loss, reason = "there are fewer ratios than 2⁵³")]
fn e_value_of_shares(above: usize, all: usize) -> f64 {
    let (above, all) = (above as f64, all as f64);
    let (mut term, mut sum, mut rest) = (1.0, 1.0, above);
    while rest > 0.0 {
        term *= rest / (all + 2.0 - rest);
        sum += term;
        rest -= 1.0;
    }
    sum / (all + 1.0 - above)
}

/// How many of all ratios must be above a threshold so that the median is, where the probability to be wrong is at most
/// this; none where all would not be enough.
pub(super) fn enough(all: usize, error: f64) -> Option<usize> {
    // The more are above, the more that says.
    let least = (0..=all).collect::<Vec<_>>().partition_point(|above| !is_enough(*above, all, error));
    (least <= all).then_some(least)
}

/// Whether the median is above a threshold where so many of all ratios are, with the probability to be wrong at most this.
pub(super) fn is_enough(above: usize, all: usize, error: f64) -> bool {
    e_value(above, all) >= 1.0 / error
}

#[cfg(test)]
mod tests {
    use super::{e_value, e_value_of_shares, enough};

    /// The integral by the midpoint rule.
    fn integral(above: i32, all: i32) -> f64 {
        let steps = 100_000;
        let height = |step: i32| {
            let theta: f64 = 0.5 + (f64::from(step) + 0.5) / f64::from(2 * steps);
            (2.0 * theta).powi(above) * (2.0 - 2.0 * theta).powi(all - above)
        };
        (0..steps).map(height).sum::<f64>() / f64::from(steps)
    }

    #[test]
    fn an_e_value_is_the_integral() {
        for (above, all) in [(0, 0), (0, 5), (3, 5), (5, 5), (14, 14), (25, 40), (39, 40)] {
            let due = integral(above, all);
            let value = e_value_of_shares(above.unsigned_abs() as usize, all.unsigned_abs() as usize);
            assert!((value / due - 1.0).abs() < 1e-6, "{above} of {all}: {value} instead of {due}");
        }
    }

    /// Of heads and tails, each n-th of which is looked at, none comes to more than 1 in the mean.
    #[test]
    fn where_the_median_is_the_threshold_the_mean_is_one() {
        for all in 1..20_usize {
            let (mut ways, mut mean) = (1.0, 0.0);
            for above in 0..=all {
                mean += ways * e_value(above, all);
                #[expect(clippy::cast_precision_loss, reason = "they are few")]
                let next = (all - above) as f64 / (above + 1) as f64;
                ways *= next;
            }
            let mean = mean / 2_f64.powi(i32::try_from(all).expect("it is small"));
            assert!((mean - 1.0).abs() < 1e-9, "{all}: {mean}");
        }
    }

    #[test]
    fn a_few_that_agree_are_enough_and_more_may_disagree_among_many() {
        let all_pairs = 0.05 / 66.0;
        let first = (1..50).find(|all| enough(*all, all_pairs).is_some());
        assert_eq!(first, Some(11));
        assert_eq!(enough(11, all_pairs), Some(11));
        assert_eq!(enough(10, all_pairs), None);
        let disagree = |all| all - enough(all, all_pairs).expect("there are many");
        assert!(disagree(40) > disagree(20) && disagree(20) > 0);
        assert_eq!(enough(10_000, all_pairs).map(|least| least > 5_000 && least < 5_300), Some(true));
    }
}
