//! Tokens: the pieces of a source, and how each kind of them looks.

use std::ops::Range;

use anstyle::{AnsiColor, Style};
use ra_ap_rustc_lexer::{FrontmatterAllowed, LiteralKind, TokenKind, tokenize};

/// The words that the language keeps for itself.
const KEYWORDS: &[&str] = &[
    "as", "async", "await", "break", "const", "continue", "crate", "dyn", "else", "enum", "fn", "for", "if",
    "impl", "in", "let", "loop", "match", "mod", "move", "mut", "pub", "ref", "return", "self", "static",
    "struct", "super", "trait", "true", "false", "type", "use", "where", "while", "Self",
];

/// A piece of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    /// Where it stands, in bytes.
    pub(super) range: Range<usize>,
    pub(super) style: Style,
    /// Whether it is nothing but blanks.
    pub(super) is_blank: bool,
}

/// The pieces of this source, which are all of it.
pub(super) fn tokens(source: &str) -> Vec<Token> {
    let mut start = 0;
    let pieces = tokenize(source, FrontmatterAllowed::No).map(|token| {
        let range = start..start + token.len as usize;
        start = range.end;
        let style = style(token.kind, &source[range.clone()]);
        Token { range, style, is_blank: token.kind == TokenKind::Whitespace }
    });
    pieces.collect()
}

fn style(kind: TokenKind, text: &str) -> Style {
    match kind {
        TokenKind::LineComment { .. } | TokenKind::BlockComment { .. } => Style::new().dimmed(),
        TokenKind::Literal { kind: LiteralKind::Int { .. } | LiteralKind::Float { .. }, .. } => {
            AnsiColor::Cyan.on_default()
        }
        TokenKind::Literal { .. } => AnsiColor::Green.on_default(),
        TokenKind::Lifetime { .. } => AnsiColor::Cyan.on_default(),
        TokenKind::Ident if KEYWORDS.contains(&text) => AnsiColor::Magenta.on_default(),
        TokenKind::Ident if text.starts_with(char::is_uppercase) => AnsiColor::Yellow.on_default(),
        _ => Style::new(),
    }
}

#[cfg(test)]
mod tests {
    use anstyle::Style;

    use super::tokens;

    #[test]
    fn the_tokens_are_all_of_the_source() {
        let source =
            "/// Says it.\nasync fn say<'a>(word: &'a str) -> Word { r#\"in \"quotes\"\"#.len() + 0x1f }\n";
        let tokens = tokens(source);
        let whole: String = tokens.iter().map(|token| &source[token.range.clone()]).collect();
        assert_eq!(whole, source);
        let style = |word: &str| {
            tokens.iter().find(|token| &source[token.range.clone()] == word).map(|token| token.style)
        };
        assert_eq!((style("async"), style("word")), (style("fn"), Some(Style::new())));
        assert!(style("Word") != style("word") && style("0x1f") == style("'a"));
    }
}
