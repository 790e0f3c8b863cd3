//! SQL without its literals.

use super::lexer::{Dialect, Token, TokenKind};

/// Stands for a literal, as a bind value would.
const PLACEHOLDER: &str = "?";

/// Keywords that only names follow.
const BEFORE_NAMES: [&str; 10] = ["FROM", "JOIN", "INTO", "UPDATE", "TABLE", "INDEX", "VIEW", "BY", "AS", "RETURNING"];

/// The text with literals replaced, white space and comments reduced to one blank, and lists after `IN` to one element.
pub(super) fn sanitized(tokens: &[Token<'_>], dialect: Dialect) -> String {
    let mut text = String::new();
    let mut index = 0;
    while let Some(token) = tokens.get(index) {
        if token.is_spaced && !text.is_empty() {
            text.push(' ');
        }
        text.push_str(if is_literal(tokens, index, dialect) { PLACEHOLDER } else { token.text });
        index += 1;
        if token.is_symbol("(")
            && index >= 2
            && tokens.get(index - 2).is_some_and(|before| before.is("IN"))
            && let Some(end) = end_of_values(tokens, index, dialect)
        {
            text.push_str(PLACEHOLDER);
            index = end;
        }
    }
    text
}

fn is_literal(tokens: &[Token<'_>], index: usize, dialect: Dialect) -> bool {
    match tokens.get(index).map(|token| token.kind) {
        Some(TokenKind::Literal) => true,
        Some(TokenKind::DoubleQuoted) => !is_name(tokens, index, dialect),
        _ => false,
    }
}

/// Returns `true` if text in double quotes stands where only a name can. `SQLite` reads an unknown name as a literal
/// ([quirks](https://sqlite.org/quirks.html#double_quoted_string_literals_are_accepted)), so in doubt it is one.
fn is_name(tokens: &[Token<'_>], index: usize, dialect: Dialect) -> bool {
    if dialect != Dialect::Sqlite {
        return false;
    }
    let before = index.checked_sub(1).and_then(|index| tokens.get(index));
    let after = tokens.get(index + 1);
    let is_dot = |token: Option<&Token<'_>>| token.is_some_and(|token| token.is_symbol("."));
    is_dot(before)
        || is_dot(after)
        || before.is_some_and(|before| BEFORE_NAMES.iter().any(|keyword| before.is(keyword)))
}

/// The position of the parenthesis that closes a list of at least two literals and bind values.
fn end_of_values(tokens: &[Token<'_>], start: usize, dialect: Dialect) -> Option<usize> {
    let mut index = start;
    loop {
        let is_placeholder = tokens.get(index)?.kind == TokenKind::Placeholder;
        if !is_placeholder && !is_literal(tokens, index, dialect) {
            return None;
        }
        let separator = tokens.get(index + 1)?;
        if separator.is_symbol(")") {
            return (index > start).then_some(index + 1);
        }
        if !separator.is_symbol(",") {
            return None;
        }
        index += 2;
    }
}
