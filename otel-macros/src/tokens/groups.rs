//! New contents for some of the groups in a stream.

use proc_macro2::{Group, TokenStream, TokenTree};

/// Asks `inside` for the new contents of each group, which comes with its place among the tokens around it. `None` when no
/// group has any: the tokens stay the compiler's own, with the places of their delimiters, which no group of ours can have.
pub(super) fn replace_groups(
    tokens: &TokenStream,
    inside: impl Fn(&[TokenTree], usize, &Group) -> Option<TokenStream>,
) -> Option<TokenStream> {
    let tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
    let mut changed = false;
    let output = tokens.iter().enumerate().map(|(at, token)| {
        let TokenTree::Group(group) = token else { return token.clone() };
        let Some(contents) = inside(&tokens, at, group) else { return token.clone() };
        changed = true;
        let mut replaced = Group::new(group.delimiter(), contents);
        replaced.set_span(group.span());
        TokenTree::Group(replaced)
    });
    let output = output.collect();
    changed.then_some(output)
}
