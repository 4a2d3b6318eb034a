//! Text that nothing in it can turn against the terminal that shows it.

/// A text in which nothing acts on the terminal that shows it: characters that do are shown by their numbers.
///
/// What a panic says, and what is read from a file or the command line, is anybody's text.
pub fn visible(text: &str) -> String {
    let acts = |letter: char| {
        letter.is_control()
            // Those that turn the direction of what follows.
            || matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let shown = |letter: char| match letter {
        '\n' => " ".into(),
        letter if acts(letter) => letter.escape_unicode().to_string(),
        letter => letter.to_string(),
    };
    text.chars().map(shown).collect()
}

#[cfg(test)]
mod tests {
    use super::visible;

    #[test]
    fn nothing_acts_on_the_terminal() {
        assert_eq!(visible("a\u{1b}[31m\nb\u{202e}Ω"), "a\\u{1b}[31m b\\u{202e}Ω");
    }
}
