//! How sure one can be of what was counted: no more than the few methods that the behaviour diff needs.

/// A difference is reported where chance explains it in fewer than one of a hundred comparisons: of each of the three
/// levels that inform, so that a comparison without any difference reports one in fewer than three of a hundred.
pub const SURE: f64 = 0.01;

/// No probability is said to be less: below this, it only says that the model is more exact than the measurement, whose
/// runs come one after the other on one machine, and are not quite independent.
pub const LEAST: f64 = 1e-6;

/// How sure a bound is.
pub const CONFIDENCE: f64 = 0.95;

/// The probability, if both rows of this table came from the same source, of a table at least as unlikely as this one.
///
/// Source: Ronald A. Fisher's exact test, two-sided as in most statistics programs: all tables with the same margins
/// that are not likelier than the observed one count.
pub(super) fn fisher([[a, b], [c, d]]: [[u64; 2]; 2]) -> f64 {
    let (row, column, all) = (a + b, a + c, a + b + c + d);
    let (least, most) = ((row + column).saturating_sub(all), row.min(column));
    // The weight of each table relative to the first, in logarithms: from one to the next it is a simple ratio.
    let mut weights = vec![0.0_f64];
    for x in least..most {
        let ratio = real(row - x) * real(column - x) / (real(x + 1) * real(all + x + 1 - row - column));
        weights.push(weights[weights.len() - 1] + ratio.ln());
    }
    let greatest = weights.iter().copied().fold(f64::MIN, f64::max);
    let observed = weights.get(usize::try_from(a - least).unwrap_or(usize::MAX)).copied().unwrap_or(greatest);
    let (mut sum, mut unlikely) = (0.0, 0.0);
    for weight in weights {
        let share = (weight - greatest).exp();
        sum += share;
        // Tables that are equally likely differ by rounding.
        if weight <= observed + 1e-7 {
            unlikely += share;
        }
    }
    f64::min(unlikely / sum, 1.0)
}

/// These probabilities, each as great as it has to be so that all of them may be held against one threshold, and none
/// below [`LEAST`].
///
/// Source: Sture Holm, "A Simple Sequentially Rejective Multiple Test Procedure", Scandinavian Journal of Statistics
/// 6(2), 1979.
pub(super) fn holm(probabilities: &[f64]) -> Vec<f64> {
    let mut places: Vec<usize> = (0..probabilities.len()).collect();
    places.sort_by(|&a, &b| probabilities[a].total_cmp(&probabilities[b]));
    let mut adjusted = vec![0.0; probabilities.len()];
    let mut greatest = LEAST;
    for (rank, place) in places.into_iter().enumerate() {
        let remaining = probabilities.len() - rank;
        greatest = greatest.max((probabilities[place] * real(remaining as u64)).min(1.0));
        adjusted[place] = greatest;
    }
    adjusted
}

/// Makes these probabilities as great as [`holm`] asks for.
pub(super) fn correct<'a>(probabilities: impl Iterator<Item = &'a mut f64>) {
    let mut probabilities: Vec<&mut f64> = probabilities.collect();
    let alone: Vec<f64> = probabilities.iter().map(|p| **p).collect();
    for (p, together) in probabilities.iter_mut().zip(holm(&alone)) {
        **p = together;
    }
}

/// The greatest share that is compatible, at [`CONFIDENCE`], with having seen it so often in so many independent tries:
/// for 0 of n about 3/n. 1 without any try.
///
/// Source: the upper end of Clopper and Pearson's interval (Biometrika 26(4), 1934).
pub(super) fn upper_bound(seen: u64, of: u64) -> f64 {
    if seen >= of {
        return 1.0;
    }
    // The more probable, the less likely are so few; between 0 and 1 halving sixty times is more than a float can hold.
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..60 {
        let share = f64::midpoint(low, high);
        if at_most(seen, of, share) > 1.0 - CONFIDENCE {
            low = share;
        } else {
            high = share;
        }
    }
    high
}

/// The probability of at most so many in so many tries, each of this probability.
fn at_most(seen: u64, of: u64, share: f64) -> f64 {
    let odds = share.ln() - (-share).ln_1p();
    let mut term = real(of) * (-share).ln_1p();
    let mut sum = term.exp();
    for k in 0..seen {
        term += odds + (real(of - k) / real(k + 1)).ln();
        sum += term.exp();
    }
    sum
}

#[expect(clippy::cast_precision_loss, reason = "there are fewer runs than 2⁵³")]
pub(super) fn real(number: u64) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use statrs::distribution::{Beta, ContinuousCDF as _, Discrete as _, Hypergeometric};

    use super::{LEAST, fisher, holm, upper_bound};

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-9 + 1e-6 * b.abs()
    }

    /// By the definition, with a library's distribution.
    fn fisher_by_definition([[a, b], [c, d]]: [[u64; 2]; 2]) -> f64 {
        let tables =
            Hypergeometric::new(a + b + c + d, a + c, a + b).expect("the parts are not more than the whole");
        let observed = tables.pmf(a);
        (0..=a + b).map(|x| tables.pmf(x)).filter(|p| *p <= observed * (1.0 + 1e-7)).sum::<f64>().min(1.0)
    }

    /// By the definition: reject the least, as long as each is small enough for those that remain.
    fn rejected_by_definition(probabilities: &[f64], threshold: f64) -> Vec<bool> {
        let mut rejected = vec![false; probabilities.len()];
        while let Some(least) = (0..probabilities.len())
            .filter(|&place| !rejected[place])
            .min_by(|&a, &b| probabilities[a].total_cmp(&probabilities[b]))
        {
            let remaining = rejected.iter().filter(|done| !**done).count();
            #[expect(clippy::cast_precision_loss, reason = "there are a handful")]
            if probabilities[least] * remaining as f64 > threshold {
                break;
            }
            rejected[least] = true;
        }
        rejected
    }

    /// The tea of the lady who tasted it: four cups of each kind, three guessed right.
    #[test]
    fn fisher_knows_the_lady_tasting_tea() {
        assert!(close(fisher([[3, 1], [1, 3]]), 0.485_714_285_714_285_7));
        assert!(close(fisher([[4, 0], [0, 4]]), 2.0 / 70.0));
    }

    #[test]
    fn a_table_without_rows_or_columns_says_nothing() {
        for table in [[[0, 0], [0, 0]], [[5, 0], [7, 0]], [[0, 5], [0, 7]], [[3, 4], [0, 0]]] {
            assert!(close(fisher(table), 1.0), "{table:?}");
        }
    }

    #[test]
    fn nothing_seen_is_bounded_by_three_in_n() {
        assert!(close(upper_bound(0, 100), 1.0 - 0.05_f64.powf(0.01)));
        assert!(close(upper_bound(0, 0), 1.0) && close(upper_bound(7, 7), 1.0));
    }

    #[test]
    fn no_probability_is_said_to_be_less_than_is_measured() {
        assert_eq!(holm(&[0.0, 1e-300, 0.5]), [LEAST, LEAST, 0.5]);
    }

    proptest! {
        #[test]
        fn fisher_agrees_with_the_definition(table in [[0_u64..40, 0_u64..40], [0_u64..40, 0_u64..40]]) {
            let (ours, theirs) = (fisher(table), fisher_by_definition(table));
            prop_assert!(close(ours, theirs), "{ours} {theirs}");
        }

        #[test]
        fn fisher_bears_large_tables(table in [[0_u64..20_000, 0_u64..20_000], [0_u64..20_000, 0_u64..20_000]]) {
            let p = fisher(table);
            prop_assert!((0.0..=1.0).contains(&p), "{p}");
        }

        #[test]
        fn holm_rejects_what_the_definition_rejects(
            probabilities in prop::collection::vec(0.0..0.2_f64, 0..12),
            threshold in 0.001..0.5_f64,
        ) {
            let ours: Vec<bool> = holm(&probabilities).into_iter().map(|p| p <= threshold).collect();
            prop_assert_eq!(ours, rejected_by_definition(&probabilities, threshold));
        }

        #[test]
        fn the_bound_is_that_of_the_beta_distribution((seen, more) in (0_u64..60, 1_u64..200)) {
            #[expect(clippy::cast_precision_loss, reason = "they are small")]
            let beta = Beta::new(seen as f64 + 1.0, more as f64).expect("both are above zero");
            prop_assert!((beta.cdf(upper_bound(seen, seen + more)) - 0.95).abs() < 1e-6);
        }
    }
}
