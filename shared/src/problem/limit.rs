//! Limits: what the fields of a plan may be set to.

use std::ops::RangeInclusive;

/// How great a number in a plan may be: the field, and its range.
///
/// It is what the pattern can do with at least (nobody waits at a barrier of none), and at most what a machine can bear
/// (a thousand threads, not a thousand million). Durations and texts need none of their own: see
/// [`Workload::LIMITS`](crate::Workload::LIMITS).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limit {
    /// The name of the field.
    pub field: &'static str,
    /// What it may be.
    pub range: RangeInclusive<u64>,
}

impl Limit {
    /// The limit of this field.
    pub const fn new(field: &'static str, range: RangeInclusive<u64>) -> Self {
        Self { field, range }
    }
}
