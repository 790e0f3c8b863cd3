//! A token stream as a sequence in which paths can be recognised from behind.

use proc_macro2::{Ident, TokenTree};

/// The path segments that end directly before `tokens[end]`, last one first, at most `N`. Generic arguments between
/// segments are skipped.
pub(crate) fn segments_before<const N: usize>(tokens: &[TokenTree], end: usize) -> [Option<&Ident>; N] {
    let mut found = [None; N];
    let mut at = end;
    for (index, slot) in found.iter_mut().enumerate() {
        if index > 0 {
            match before_separator(tokens, at) {
                Some(before) => at = before,
                None => break,
            }
        }
        at = before_generics(tokens, at);
        match at.checked_sub(1).map(|last| &tokens[last]) {
            Some(TokenTree::Ident(ident)) => {
                *slot = Some(ident);
                at -= 1;
            }
            _ => break,
        }
    }
    found
}

/// The start of a `::` that ends at `end`.
pub(crate) fn before_separator(tokens: &[TokenTree], end: usize) -> Option<usize> {
    let start = end.checked_sub(2)?;
    tokens.get(start..end)?.iter().all(|token| is_punct(token, ':')).then_some(start)
}

/// The start of a `::<..>` that ends at `end`; `end` itself if there is none.
fn before_generics(tokens: &[TokenTree], end: usize) -> usize {
    if !end.checked_sub(1).is_some_and(|last| is_punct(&tokens[last], '>')) {
        return end;
    }
    let mut depth = 0_usize;
    for start in (0..end).rev() {
        if is_punct(&tokens[start], '>') && !start.checked_sub(1).is_some_and(|minus| is_punct(&tokens[minus], '-')) {
            depth += 1;
        } else if is_punct(&tokens[start], '<') {
            depth -= 1;
            if depth == 0 {
                return before_separator(tokens, start).unwrap_or(end);
            }
        }
    }
    end
}

pub(crate) fn is_punct(token: &TokenTree, character: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == character)
}
