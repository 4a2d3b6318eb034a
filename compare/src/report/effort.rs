//! How much is done to decide who is faster.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// How much is done to decide who is faster.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Effort {
    /// A difference of less than this share is none.
    pub min_effect: f64,
    /// How many processes time each pair; none where it is as many as it takes.
    pub processes: Option<u32>,
    /// How long that may go on, from the begin of the report.
    #[serde(rename = "budget_s", with = "seconds")]
    pub budget: Duration,
}

impl Effort {
    /// So many processes time each pair, however long that takes; a difference of less than 5 % is none.
    pub fn fixed(processes: u32) -> Self {
        Self { min_effect: 0.05, processes: Some(processes), budget: Duration::ZERO }
    }
}

/// A time as seconds.
mod seconds {
    use std::time::Duration;

    use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

    pub(super) fn serialize<S: Serializer>(time: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
        time.as_secs_f64().serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
        Duration::try_from_secs_f64(f64::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}
