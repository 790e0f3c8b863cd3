//! The names in a function.

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use syn::Signature;

use super::{callee::Callee, path::before_separator};
use crate::bindings;

/// The function around a call.
pub(super) struct Scope<'a> {
    pub(super) sig: &'a Signature,
    pub(super) body: &'a TokenStream,
    /// The path of the names in expansions.
    pub(super) private: &'a TokenStream,
}

impl Scope<'_> {
    /// Returns `true` if the name may be that of a variable: it is a parameter, or stands in the body in another place
    /// than as the function of a call and as the argument of a call that spawns.
    pub(super) fn may_declare(&self, name: &Ident) -> bool {
        bindings::of(self.sig).iter().any(|binding| binding.ident == *name) || stands_alone(self.body, name)
    }
}

fn stands_alone(tokens: &TokenStream, name: &Ident) -> bool {
    let tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
    tokens.iter().enumerate().any(|(at, token)| match token {
        TokenTree::Ident(ident) if ident == name => {
            let is_segment = [at, at + 3].into_iter().any(|end| before_separator(&tokens, end).is_some());
            let is_parenthesis = |token: &TokenTree| {
                matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis)
            };
            !is_segment && !tokens.get(at + 1).is_some_and(is_parenthesis)
        }
        TokenTree::Group(group) => {
            let is_argument = Callee::before(&tokens, at).is_some() && *name == group.stream().to_string();
            !is_argument && stands_alone(&group.stream(), name)
        }
        _ => false,
    })
}
