//! Spans of generated tokens.

use proc_macro2::Span;

/// For generated tokens: points at the user's code in errors, resolves like a `macro_rules!` macro of ours.
///
/// Local variables of the expansion can therefore not be seen by the user's body, nor the other way round. Items can: a
/// pattern `output` is the user's unit struct of that name, and every `#[get] async fn output()` makes one. Variables are
/// therefore called `__otel_..`.
pub(crate) fn generated(at: Span) -> Span {
    Span::mixed_site().located_at(at)
}
