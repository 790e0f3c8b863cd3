//! New contents for some of the groups in a stream.

use proc_macro2::{Group, TokenStream, TokenTree};

/// Replaces the contents of each group by the tokens that `inside` returns. `inside` gets the tokens around the group and
/// its index among them. Returns `None` if no group changes: the caller then keeps the compiler's groups, whose delimiters
/// have source positions that a new group cannot have.
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
