//! `fn main`: telemetry starts before anything else and is flushed after everything else.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::Attribute;

use crate::{
    args::Args,
    classify::server_name,
    diagnostics::Diagnostics,
    item::Function,
    spans::generated,
    tokens::instrument_servers,
    versions::{self, Version},
};

/// ```text
/// // Input:
/// #[actix_web::main]
/// async fn main() -> R { BODY }
/// // Output: the guard outlives the runtime, whose requests may end as late as it does
/// fn main() -> R {
///     #[actix_web::main]
///     async fn main() -> R { BODY }
///     let __otel_telemetry = ::otel_actix::__private::start(..);
///     main()
/// }
/// ```
///
/// ```text
/// // Input: as written, or as a runtime attribute above ours left it
/// fn main() -> R { BODY }
/// // Output:
/// fn main() -> R {
///     let __otel_telemetry = ::otel_actix::__private::start(..);
///     { { BODY } }
/// }
/// ```
pub(crate) fn expand(mut function: Function, args: &Args, diagnostics: &mut Diagnostics) -> TokenStream {
    check(&function, args, diagnostics);
    let private = args.private(function.name_span());
    if let (true, Some(body)) = (args.app, &mut function.body) {
        body.statements = instrument_servers(std::mem::take(&mut body.statements), &server_name(args), &private);
    }
    let start = start(&function, args);
    if function.sig.asyncness.is_some() && function.attrs.iter().any(is_runtime) {
        return around_runtime(function, &start);
    }
    let Some(body) = &function.body else { return function.into_token_stream() };
    let block = body.block();
    // Temporaries of the last expression, the runtime perhaps, are dropped at the end of a block of our edition, 2024.
    // Those of the user's own would outlive the guard up to edition 2021.
    let span = generated(function.name_span());
    function.with_statements(quote_spanned!(span=> #start { #block }))
}

/// Everything but the documentation and conditions moves to the inner `main`: the runtime attribute, lint levels,
/// attributes of other crates.
fn around_runtime(mut inner: Function, start: &TokenStream) -> TokenStream {
    let span = generated(inner.name_span());
    let (outside, attrs) = std::mem::take(&mut inner.attrs).into_iter().partition(belongs_to_item);
    let mut outer = inner.clone();
    outer.attrs = outside;
    outer.sig.asyncness = None;
    if let Some(body) = &mut outer.body {
        body.inner_attrs.clear();
    }
    inner.attrs = attrs;
    inner.vis = syn::Visibility::Inherited;
    let name = &inner.sig.ident;
    let call = quote_spanned!(span=> #name());
    outer.with_statements(quote!(#inner #start #call))
}

fn start(function: &Function, args: &Args) -> TokenStream {
    if !args.init {
        return TokenStream::new();
    }
    let private = args.private(function.name_span());
    let span = generated(function.name_span());
    let some = |name| quote_spanned!(span=> ::core::option::Option::Some(#name));
    let none = || quote_spanned!(span=> ::core::option::Option::None);
    let service_name = args.service_name.as_ref().map_or_else(none, some);
    let start = quote_spanned!(span=> #private::Start { service_name: #service_name });
    let start = with_versions(start, &versions::several(), &private, span);
    quote_spanned! {span=>
        let __otel_telemetry = #private::start(#start);
    }
}

/// Adds the versions to start-up for [diagnoses](crate::versions), if there are several.
fn with_versions(start: TokenStream, versions: &[Version], private: &TokenStream, span: Span) -> TokenStream {
    if versions.is_empty() {
        return start;
    }
    let versions = versions.iter().map(|Version { version, used_by }| quote_spanned!(span=> (#version, #used_by)));
    quote_spanned!(span=> #private::Start::with_versions(#start, &[#(#versions),*]))
}

fn check(function: &Function, args: &Args, diagnostics: &mut Diagnostics) {
    if let (Some(asyncness), false) = (&function.sig.asyncness, function.attrs.iter().any(is_runtime)) {
        diagnostics.error_at(
            asyncness,
            "expected an attribute that makes a runtime for the `async fn main`",
            "put `#[actix_web::main]` below `#[auto_instrument]`",
        );
    }
    if args.app {
        super::server::check(function, args, diagnostics);
    }
}

/// Any attribute that is not the compiler's own: runtimes have names of all kinds.
fn is_runtime(attr: &Attribute) -> bool {
    const BUILT_IN: [&str; 9] =
        ["allow", "cfg_attr", "cold", "deny", "deprecated", "expect", "inline", "must_use", "warn"];
    !belongs_to_item(attr) && !BUILT_IN.iter().any(|name| attr.path().is_ident(name))
}

/// A `cfg` that stayed on the inner `main` could take it away from the outer one, which would then call itself.
fn belongs_to_item(attr: &Attribute) -> bool {
    attr.path().is_ident("doc") || attr.path().is_ident("cfg")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_versions_go_along_to_the_start() {
        let version =
            |version: &str, used_by: &str| Version { version: version.to_owned(), used_by: used_by.to_owned() };
        let found = [version("0.32.1", "old 1.0.0"), version("0.33.1", "otel-core 0.1.0")];
        let start = |found: &[Version]| with_versions(quote!(S), found, &quote!(p), Span::call_site()).to_string();
        let versions = r#"& [("0.32.1" , "old 1.0.0") , ("0.33.1" , "otel-core 0.1.0")]"#;
        assert_eq!(start(&found), format!("p :: Start :: with_versions (S , {versions})"));
        assert_eq!(start(&[]), "S");
    }
}
