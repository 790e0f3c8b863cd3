//! SQL without its literals.

use super::dialect::Dialect;
use super::token::{Token, TokenKind};

/// Stands for a literal, as a bind value would.
const PLACEHOLDER: &str = "?";

/// Keywords that only names follow.
const BEFORE_NAMES: [&str; 7] = ["JOIN", "INTO", "UPDATE", "TABLE", "INDEX", "VIEW", "AS"];

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
/// ([quirks](https://sqlite.org/quirks.html#double_quoted_string_literals_are_accepted)), SQL Server all such text by a
/// setting, so in doubt it is one.
fn is_name(tokens: &[Token<'_>], index: usize, dialect: Dialect) -> bool {
    let before = |distance: usize| index.checked_sub(distance).and_then(|index| tokens.get(index));
    let is_keyword = |keyword: &str| before(1).is_some_and(|before| before.is(keyword));
    let is_dot = |token: Option<&Token<'_>>| token.is_some_and(|token| token.is_symbol("."));
    // `IS DISTINCT FROM` compares with a literal, and `TRIM` of SQL Server takes one from it.
    let is_from =
        || dialect == Dialect::Sqlite && is_keyword("FROM") && !before(2).is_some_and(|before| before.is("DISTINCT"));
    matches!(dialect, Dialect::Sqlite | Dialect::SqlServer)
        && (is_dot(before(1)) || is_dot(tokens.get(index + 1)) || BEFORE_NAMES.into_iter().any(is_keyword) || is_from())
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
