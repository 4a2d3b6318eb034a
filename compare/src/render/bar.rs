//! A ratio as a bar around 1.

/// The greatest ratio that a bar distinguishes from a greater one; its reciprocal is the least.
const WIDEST: f64 = 8.0;

/// A bar of `half` places on each side of a middle line; on a logarithmic scale, so that twice as fast is as long to
/// the right as twice as slow is to the left.
pub(crate) fn bar(ratio: f64, half: usize) -> String {
    #[expect(clippy::cast_precision_loss, reason = "a bar has a handful of places")]
    let places = (ratio.log2().abs() / WIDEST.log2() * half as f64).round();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "rounded, and not below zero"
    )]
    let filled = (places as usize).min(half);
    let (empty, full) = (" ".repeat(half - filled), "█".repeat(filled));
    let nothing = " ".repeat(half);
    if ratio < 1.0 { format!("{empty}{full}│{nothing}") } else { format!("{nothing}│{full}{empty}") }
}

#[cfg(test)]
mod tests {
    use super::bar;

    #[test]
    fn a_bar_grows_from_its_middle() {
        assert_eq!(bar(1.0, 3), "   │   ");
        assert_eq!(bar(2.0, 3), "   │█  ");
        assert_eq!(bar(0.25, 3), " ██│   ");
    }

    #[test]
    fn a_bar_never_leaves_its_place() {
        assert_eq!(bar(1000.0, 3), "   │███");
        assert_eq!(bar(0.0, 3), "███│   ");
    }
}
