//! Several errors at once, and an item that survives them.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};

/// Everything that is wrong with one use of the attribute.
///
/// The compiler stops at the first `Err`; a user would rather see all mistakes in one go. And since the annotated item
/// is emitted whatever happens, one mistake does not turn into fifty "cannot find function".
#[derive(Default)]
pub(crate) struct Diagnostics(Option<syn::Error>);

impl Diagnostics {
    /// One error at `span`. `what` says what was expected, `help` what to write instead: one
    /// line for each possibility.
    pub(crate) fn error(&mut self, span: Span, what: &str, help: &str) {
        self.push(syn::Error::new(span, message(what, help)));
    }

    /// Like [`error`](Self::error), underlining all of `tokens`.
    pub(crate) fn error_at(&mut self, tokens: &impl ToTokens, what: &str, help: &str) {
        self.push(syn::Error::new_spanned(tokens, message(what, help)));
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

fn message(what: &str, help: &str) -> String {
    format!("{what}\n\nhelp: {}", help.replace('\n', "\nhelp: "))
}
