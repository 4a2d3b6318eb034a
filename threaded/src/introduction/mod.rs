//! Cells 1 and 2: what it means to do two things at once.

pub mod concurrent;
pub mod sequential;
