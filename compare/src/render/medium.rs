//! The medium: for whom a text is made.

/// For whom a text is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Medium {
    /// Whether to use colour.
    pub colour: bool,
    /// How many columns there are; none where it doesn't matter.
    pub width: Option<usize>,
}

/// The least number of columns that texts are made for: what is narrower breaks the lines.
pub const NARROWEST: usize = 60;

impl Medium {
    /// The same with so many columns, if that is said.
    #[must_use]
    pub fn or_width(self, width: Option<usize>) -> Self {
        Self { width: width.or(self.width), ..self }
    }
}

/// The same text without the letters that ASCII has not.
pub fn ascii(text: &str) -> String {
    text.replace('µ', "u").replace('×', "x").replace('…', "~")
}
