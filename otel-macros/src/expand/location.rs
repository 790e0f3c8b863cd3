//! The place of a function in the source, as an expression.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::Ident;

use crate::{args::Args, expand::Surroundings, item::Function, spans::generated};

/// ```text
/// CodeLocation::new(concat!(module_path!(), "::index"), file!(), line!())
/// ```
pub(crate) fn code_location(function: &Function, args: &Args, place: &Surroundings<'_>) -> TokenStream {
    let ident: &Ident = &function.sig.ident;
    let private = args.private(ident.span());
    let qualified = format!("::{}", place.qualified(ident));
    // `line!()` is the line of the outermost macro call. Written with the very span of the user's identifier it has
    // none, and gives the line of the identifier; with one of ours it would give the line of the attribute.
    let here = quote_spanned!(ident.span()=> ::core::file!(), ::core::line!());
    let span = generated(ident.span());
    let name = quote_spanned!(span=> ::core::concat!(::core::module_path!(), #qualified));
    let new = quote_spanned!(span=> #private::CodeLocation::new);
    quote!(#new(#name, #here))
}
