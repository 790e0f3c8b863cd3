//! The tokens of SQL.

/// The kinds of token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// A keyword or a name without quotes.
    Word,
    /// A name in quotes, which may hold any character.
    QuotedName,
    /// Text in double quotes: a literal or a name, depending on where it stands.
    DoubleQuoted,
    /// A literal: text or a number.
    Literal,
    /// A place for a bind value: `?`, `$1`, `:name`, `@p1`.
    Placeholder,
    /// An operator, a comma, a parenthesis: one character.
    Symbol,
}

/// A token and its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token<'a> {
    pub(super) kind: TokenKind,
    pub(super) text: &'a str,
    /// `true` if white space or a comment stands before it.
    pub(super) is_spaced: bool,
}

impl Token<'_> {
    /// Returns `true` if it is this keyword, in any case.
    pub(super) fn is(&self, keyword: &str) -> bool {
        self.kind == TokenKind::Word && self.text.eq_ignore_ascii_case(keyword)
    }

    /// Returns `true` if it is this character.
    pub(super) fn is_symbol(&self, symbol: &str) -> bool {
        self.kind == TokenKind::Symbol && self.text == symbol
    }
}
