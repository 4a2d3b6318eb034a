//! The pace: how fast a run goes through the notebook's time.

use std::fmt::{self, Display};
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// How many seconds one second of the notebook lasts: 1 is the notebook's own pace, 0.1 is ten times faster.
///
/// At 0, the default, nothing waits at all, so that what remains of a run is the cost of its coordination.
#[derive(Debug, Clone, Copy, Default, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "f64")]
pub struct Pace(f64);

/// A number that is no pace.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a pace is 0, or a number from {} to {}", Pace::FASTEST, Pace::SLOWEST)]
pub struct InvalidPace;

impl Pace {
    /// Nothing waits.
    pub const ZERO: Self = Self(0.0);

    /// The notebook's own pace.
    pub const NOTEBOOK: Self = Self(1.0);

    /// Less than this, but not 0, is no pace but a mistake: the notebook's tenth of a second would be ten microseconds.
    pub const FASTEST: f64 = 0.0001;

    /// More than this is no pace but a mistake.
    pub const SLOWEST: f64 = 1000.0;

    /// The pace at which a second of the notebook lasts so many seconds.
    ///
    /// # Errors
    /// What is neither 0 nor between [`FASTEST`](Self::FASTEST) and [`SLOWEST`](Self::SLOWEST) is no pace.
    pub fn new(seconds: f64) -> Result<Self, InvalidPace> {
        let valid = seconds == 0.0 || (Self::FASTEST..=Self::SLOWEST).contains(&seconds);
        // `+ 0.0` makes a zero of the negative zero.
        if valid { Ok(Self(seconds + 0.0)) } else { Err(InvalidPace) }
    }

    /// Whether nothing waits.
    pub fn is_zero(self) -> bool {
        self == Self::ZERO
    }

    /// How long this much notebook time lasts; `None` where nothing waits.
    ///
    /// What rounds to zero lasts a nanosecond: a zero is never handed to a timer.
    pub fn of(self, duration: Duration) -> Option<Duration> {
        if self.is_zero() || duration.is_zero() {
            return None;
        }
        let scaled = Duration::try_from_secs_f64(duration.as_secs_f64() * self.0).unwrap_or(Duration::MAX);
        Some(scaled.max(Duration::from_nanos(1)))
    }
}

impl TryFrom<f64> for Pace {
    type Error = InvalidPace;

    fn try_from(seconds: f64) -> Result<Self, InvalidPace> {
        Self::new(seconds)
    }
}

impl FromStr for Pace {
    type Err = InvalidPace;

    fn from_str(text: &str) -> Result<Self, InvalidPace> {
        text.parse().map_err(|_| InvalidPace).and_then(Self::new)
    }
}

impl Display for Pace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{InvalidPace, Pace};

    #[test]
    fn what_is_no_pace_is_refused() {
        for text in ["-1", "nan", "inf", "-inf", "1e400", "1001", "0.00001", "fast", ""] {
            assert_eq!(text.parse::<Pace>(), Err(InvalidPace), "{text}");
        }
    }

    #[test]
    fn a_pace_scales_time() {
        let second = Duration::from_secs(1);
        assert_eq!(Pace::NOTEBOOK.of(second), Some(second));
        assert_eq!("0.05".parse::<Pace>().unwrap().of(second), Some(Duration::from_millis(50)));
        assert_eq!(Pace::ZERO.of(second), None);
        assert_eq!("-0".parse::<Pace>().unwrap().to_string(), "0");
    }

    #[test]
    fn extremes_neither_vanish_nor_overflow() {
        assert_eq!(Pace::new(0.0001).unwrap().of(Duration::from_nanos(1)), Some(Duration::from_nanos(1)));
        assert_eq!(Pace::new(1000.0).unwrap().of(Duration::MAX), Some(Duration::MAX));
        assert_eq!(Pace::NOTEBOOK.of(Duration::ZERO), None);
    }
}
