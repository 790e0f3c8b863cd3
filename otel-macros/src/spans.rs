//! Spans of generated tokens.

use proc_macro2::Span;

/// A span for generated tokens: errors point at the user's code, and names resolve like those of a `macro_rules!`
/// macro.
///
/// So the user's body cannot see local variables of the expansion, nor the other way round. Items are visible: a
/// pattern `output` means the user's unit struct of that name, and every `#[get] async fn output()` makes one.
/// Variables are therefore called `__otel_..`.
pub(crate) fn generated(at: Span) -> Span {
    Span::mixed_site().located_at(at)
}
