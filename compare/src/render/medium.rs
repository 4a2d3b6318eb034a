//! The medium: for whom a text is made.

/// For whom a text is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Medium {
    /// Whether to use colour.
    pub colour: bool,
    /// How many columns there are; none where it doesn't matter.
    pub width: Option<usize>,
}
