//! Several errors at once, and an item that survives them.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};

/// All errors in one use of the attribute.
///
/// A user sees all mistakes at once. The annotated item is emitted in any case, so that one mistake does not cause
/// fifty times "cannot find function".
#[derive(Default)]
pub(crate) struct Diagnostics(Option<syn::Error>);

impl Diagnostics {
    /// Adds an error at `span`: `expected` in the first line, then one line of `help` for each remedy.
    pub(crate) fn error(&mut self, span: Span, expected: &str, help: &str) {
        self.push(syn::Error::new(span, message(expected, help)));
    }

    /// Like [`error`](Self::error), underlining all of `tokens`.
    pub(crate) fn error_at(&mut self, tokens: &impl ToTokens, expected: &str, help: &str) {
        self.push(syn::Error::new_spanned(tokens, message(expected, help)));
    }

    pub(crate) fn push(&mut self, error: syn::Error) {
        match &mut self.0 {
            Some(first) => first.combine(error),
            None => self.0 = Some(error),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// `item`, followed by a `compile_error!` for each problem.
    pub(crate) fn attach_to(self, item: &TokenStream) -> TokenStream {
        let errors = self.0.map(syn::Error::into_compile_error);
        quote!(#item #errors)
    }
}

fn message(expected: &str, help: &str) -> String {
    format!("{expected}\n\nhelp: {}", help.replace('\n', "\nhelp: "))
}
