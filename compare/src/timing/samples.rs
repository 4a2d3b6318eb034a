//! Samples: how long the runs of both arms took.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// The times of one regime: of each arm, in the order of the comparison, a place for each round.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "[Vec<u128>; 2]", from = "[Vec<u64>; 2]")]
pub struct Samples(pub [Vec<Duration>; 2]);

impl Samples {
    /// Whether there is no round of both arms.
    pub fn is_empty(&self) -> bool {
        self.0.iter().any(Vec::is_empty)
    }
}

impl From<Samples> for [Vec<u128>; 2] {
    /// In nanoseconds.
    fn from(Samples(times): Samples) -> Self {
        times.map(|times| times.iter().map(Duration::as_nanos).collect())
    }
}

impl From<[Vec<u64>; 2]> for Samples {
    fn from(times: [Vec<u64>; 2]) -> Self {
        Self(times.map(|times| times.into_iter().map(Duration::from_nanos).collect()))
    }
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

    use super::median_time;

    #[test]
    fn medians() {
        let micros = Duration::from_micros;
        assert_eq!(median_time(&[]), None);
        assert_eq!(median_time(&[micros(3), micros(1), micros(2)]), Some(micros(2)));
        assert_eq!(median_time(&[micros(4), micros(1)]), Some(Duration::from_nanos(2500)));
    }
}
