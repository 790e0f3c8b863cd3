//! Rust code as tokens with their positions in the text, so that code is found whatever its spacing, wrapping and
//! comments.

use std::ops::Range;

use anyhow::{Result, anyhow};
use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// A token: an identifier, a punctuation character, a literal, or one side of a pair of brackets.
#[derive(Debug)]
pub(super) struct Token {
    pub(super) text: String,
    pub(super) place: Range<usize>,
}

/// The tokens of a text. Comments are no tokens, but documentation is one, as the attribute that it stands for.
pub(super) fn of(text: &str) -> Result<Vec<Token>> {
    let stream: TokenStream = text.parse().map_err(|error| anyhow!("it is no Rust that is understood: {error}"))?;
    let mut tokens = Vec::new();
    flatten(stream, &mut tokens);
    Ok(tokens)
}

fn flatten(stream: TokenStream, tokens: &mut Vec<Token>) {
    for tree in stream {
        if let TokenTree::Group(group) = tree {
            let (open, close) = match group.delimiter() {
                Delimiter::Parenthesis => ("(", ")"),
                Delimiter::Brace => ("{", "}"),
                Delimiter::Bracket => ("[", "]"),
                Delimiter::None => ("", ""),
            };
            tokens.push(Token { text: open.to_owned(), place: group.span_open().byte_range() });
            flatten(group.stream(), tokens);
            tokens.push(Token { text: close.to_owned(), place: group.span_close().byte_range() });
        } else {
            tokens.push(Token { text: tree.to_string(), place: tree.span().byte_range() });
        }
    }
}

/// The position at which a pattern was found.
#[derive(Debug)]
pub(super) struct Match {
    pub(super) place: Range<usize>,
    /// The text of each `(..)`, with the parentheses.
    pub(super) groups: Vec<Range<usize>>,
}

/// Finds all occurrences of a pattern in code. An open bracket at its end needs no partner.
pub(super) fn find(code: &[Token], pattern: &[Token]) -> Vec<Match> {
    let mut found = Vec::new();
    let mut start = 0;
    while start < code.len() {
        match match_at(code, start, pattern) {
            Some((end, found_here)) => {
                found.push(found_here);
                start = end.max(start + 1);
            }
            None => start += 1,
        }
    }
    found
}

fn match_at(code: &[Token], start: usize, pattern: &[Token]) -> Option<(usize, Match)> {
    let (mut at, mut groups) = (start, Vec::new());
    let mut pattern = pattern.iter().peekable();
    while let Some(expected) = pattern.next() {
        let token = code.get(at)?;
        if token.text != expected.text {
            return None;
        }
        at += 1;
        let is_wild = expected.text == "(" && pattern.peek().is_some_and(|next| next.text == "..");
        if is_wild {
            pattern.next();
            let end = closing(code, at)?;
            groups.push(token.place.start..code.get(end)?.place.end);
            // In both, the closing parenthesis is next.
            at = end;
        }
    }
    let place = code.get(start)?.place.start..code.get(at.checked_sub(1)?)?.place.end;
    Some((at, Match { place, groups }))
}

/// The position of the parenthesis that closes the one before `at`.
fn closing(code: &[Token], at: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (index, token) in code.iter().enumerate().skip(at) {
        match token.text.as_str() {
            "(" => depth += 1,
            ")" if depth == 0 => return Some(index),
            ")" => depth -= 1,
            _ => {}
        }
    }
    None
}

/// The tokens of a pattern. It may end within brackets, and `(..)` stands for any content in parentheses.
pub(super) fn of_pattern(pattern: &str) -> Result<Vec<Token>> {
    let open = pattern.ends_with('{');
    let mut tokens = of(&if open { format!("{pattern}}}") } else { pattern.to_owned() })?;
    if open {
        tokens.pop();
    }
    // `..` comes as two characters.
    let mut merged: Vec<Token> = Vec::new();
    for token in tokens {
        match merged.last_mut() {
            Some(last) if last.text == "." && token.text == "." => last.text.push('.'),
            _ => merged.push(token),
        }
    }
    Ok(merged)
}
