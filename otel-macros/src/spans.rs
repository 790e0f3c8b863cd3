//! Spans of generated tokens.

use proc_macro2::{Group, Span, TokenStream, TokenTree};

/// For generated tokens: points at the user's code in errors, resolves like a `macro_rules!` macro of ours.
///
/// Local variables of the expansion can therefore not be seen by the user's body, nor the other way round. Items can: a
/// pattern `output` is the user's unit struct of that name, and every `#[get] async fn output()` makes one. Variables are
/// therefore called `__otel_..`.
pub(crate) fn generated(at: Span) -> Span {
    Span::mixed_site().located_at(at)
}

/// The user's tokens as [generated] ones, for a second copy of them: lints would report both copies.
pub(crate) fn regenerated(tokens: TokenStream) -> TokenStream {
    let regenerated = |mut token: TokenTree| {
        let span = generated(token.span());
        if let TokenTree::Group(group) = &token {
            token = Group::new(group.delimiter(), self::regenerated(group.stream())).into();
        }
        token.set_span(span);
        token
    };
    tokens.into_iter().map(regenerated).collect()
}
