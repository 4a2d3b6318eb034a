//! Figures: what many samples of a time come to.

use serde::{Deserialize, Serialize};

use crate::timing::median;

/// What many samples of a time come to, in nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// The median.
    pub median_ns: f64,
    /// A tenth of the samples is less.
    pub low_ns: f64,
    /// A tenth of them is more.
    pub high_ns: f64,
}

impl Figure {
    /// What these samples come to; none without any.
    pub fn of(mut samples: Vec<f64>) -> Option<Self> {
        samples.sort_by(f64::total_cmp);
        let last = samples.len().checked_sub(1)?;
        let at = |tenths: usize| samples[last * tenths / 10];
        let (low_ns, high_ns) = (at(1), at(9));
        Some(Self { median_ns: median(samples)?, low_ns, high_ns })
    }
}

#[cfg(test)]
mod tests {
    use super::Figure;

    #[test]
    fn a_figure_is_the_middle_of_its_samples() {
        let samples = (0..=10).rev().map(f64::from).collect();
        assert_eq!(Figure::of(samples), Some(Figure { median_ns: 5.0, low_ns: 1.0, high_ns: 9.0 }));
        assert_eq!(Figure::of(vec![1.0, 4.0]).map(|figure| figure.median_ns), Some(2.5));
        assert_eq!(Figure::of(Vec::new()), None);
    }
}
