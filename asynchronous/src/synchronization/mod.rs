//! Cells 9 and 10: what goes wrong when two share a value, and the lock that sets it right.

pub mod race_condition;
pub mod safe_counter;
