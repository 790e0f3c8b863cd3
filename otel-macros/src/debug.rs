//! `OTEL_MACROS_DEBUG=1` shows expansions.

use proc_macro2::TokenStream;

/// Prints `expansion` to stderr when the variable asks for it. Cargo does not know about the variable: touch the file
/// to see the expansion of a crate that is already built.
#[expect(clippy::print_stderr, reason = "the whole purpose of this switch")]
pub(crate) fn show(expansion: &TokenStream) {
    if std::env::var_os("OTEL_MACROS_DEBUG").is_some_and(|value| value == "1") {
        eprintln!("// #[auto_instrument] expands to:\n{expansion}");
    }
}
