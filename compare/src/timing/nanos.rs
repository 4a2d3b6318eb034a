//! Nanoseconds: how times stand in documents.

use std::time::Duration;

/// This time in nanoseconds, up to 584 years.
pub fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}
