//! Assignments to places behind a name.

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};

use super::path::is_punct;

/// Operators in front of the `=` of an assignment. For `<<=` and `>>=` the last character is enough, if it stands twice.
const OPERATORS: &str = "+-*/%^&|";

/// Returns `true` if a value is assigned to a field of `name`, to an element, or to the place that it refers to:
/// `name.field = 1`, `name[0] += 1`, `*name = 1`. Any other `*name` counts as well.
pub(crate) fn assigns_behind(tokens: TokenStream, name: &Ident) -> bool {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    tokens.iter().enumerate().any(|(at, token)| match token {
        TokenTree::Group(group) => assigns_behind(group.stream(), name),
        TokenTree::Ident(ident) if ident == name => {
            let is_dereferenced = at.checked_sub(1).is_some_and(|before| is_punct(&tokens[before], '*'));
            is_dereferenced || is_assignment(behind_place(&tokens[at + 1..]))
        }
        _ => false,
    })
}

/// The tokens behind `.field`, `.0` and `[index]`.
fn behind_place(mut tokens: &[TokenTree]) -> &[TokenTree] {
    loop {
        tokens = match tokens {
            [dot, TokenTree::Ident(_) | TokenTree::Literal(_), rest @ ..] if is_punct(dot, '.') => rest,
            [TokenTree::Group(index), rest @ ..] if index.delimiter() == Delimiter::Bracket => rest,
            _ => return tokens,
        }
    }
}

/// Returns `true` if `=`, `+=`, `<<=` … comes first.
fn is_assignment(tokens: &[TokenTree]) -> bool {
    match tokens {
        [first, second, ..] if is_punct(first, '=') => !is_punct(second, '=') && !is_punct(second, '>'),
        [first, second, ..] if OPERATORS.chars().any(|operator| is_punct(first, operator)) => is_punct(second, '='),
        [first, second, third, ..] => {
            ['<', '>'].iter().any(|&angle| is_punct(first, angle) && is_punct(second, angle)) && is_punct(third, '=')
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use proc_macro2::Span;
    use quote::quote;

    use super::*;

    fn assigns(tokens: TokenStream) -> bool {
        assigns_behind(tokens, &Ident::new("a", Span::call_site()))
    }

    #[test]
    fn places_behind_the_name_are_found() {
        for tokens in [
            quote!(*a = 1),
            quote!(**a += 1),
            quote!({ a.b = 1 }),
            quote!(a.0.b = -1),
            quote!(f(|| a.b[i] <<= 1)),
            quote!(a[0] |= b),
            quote!(*a.b = 1),
            quote!((*a).b = 1),
            quote!(a = &mut b[1..]),
        ] {
            assert!(assigns(tokens.clone()), "{tokens}");
        }
    }

    #[test]
    fn reading_is_no_assignment() {
        for tokens in [
            quote!(a.b == 1),
            quote!(a.b <= 1 && a.c >= b),
            quote!(match a.b {
                a => 1,
            }),
            quote!(b = a.c),
            quote!(a.push(1)),
            quote!(b.c = 1),
            quote!(a.b != c),
        ] {
            assert!(!assigns(tokens.clone()), "{tokens}");
        }
    }
}
