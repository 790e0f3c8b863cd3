//! Errors about arguments, each with a line of help.

use proc_macro2::Span;

use super::Name;

pub(super) fn error(span: Span, expected: &str, help: &str) -> syn::Error {
    syn::Error::new(span, format!("{expected}\n\nhelp: {help}"))
}

pub(super) fn wrong_value(name: Name, span: Span, expected: &str) -> syn::Error {
    error(span, &format!("expected {expected} for `{}`", name.as_str()), &format!("write `{}`", name.example()))
}
