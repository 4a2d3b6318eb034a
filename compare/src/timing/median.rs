//! Medians: of a few that are asked, the one in the middle.

use std::time::Duration;

/// The median of these figures; none of none.
pub fn median(mut figures: Vec<f64>) -> Option<f64> {
    figures.sort_by(f64::total_cmp);
    let middle = figures.len() / 2;
    let upper = *figures.get(middle)?;
    Some(if figures.len().is_multiple_of(2) { f64::midpoint(figures[middle - 1], upper) } else { upper })
}

/// The median of these times; none of none.
pub fn median_time(times: &[Duration]) -> Option<Duration> {
    let mut sorted = times.to_vec();
    sorted.sort_unstable();
    let middle = sorted.len() / 2;
    let upper = *sorted.get(middle)?;
    Some(if sorted.len().is_multiple_of(2) { (sorted[middle - 1] + upper) / 2 } else { upper })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{median, median_time};

    #[test]
    fn medians() {
        let micros = Duration::from_micros;
        assert_eq!(median_time(&[]), None);
        assert_eq!(median_time(&[micros(3), micros(1), micros(2)]), Some(micros(2)));
        assert_eq!(median_time(&[micros(4), micros(1)]), Some(Duration::from_nanos(2500)));
        assert_eq!(median(Vec::new()), None);
        assert_eq!((median(vec![3.0, 1.0, 2.0]), median(vec![4.0, 1.0])), (Some(2.0), Some(2.5)));
    }
}
