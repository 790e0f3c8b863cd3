//! `fn main`: telemetry starts before anything else and is flushed after everything else.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use syn::Attribute;

use crate::{
    args::{Args, Name},
    classify::{builds_server, server_name},
    diagnostics::Diagnostics,
    item::Function,
    spans::generated,
    tokens::instrument_servers,
};

/// ```text
/// // Input:
/// #[actix_web::main]
/// async fn main() -> R { BODY }
/// // Output: the guard outlives the runtime, whose requests may end as late as it does
/// fn main() -> R {
///     #[actix_web::main]
///     async fn main() -> R { BODY }
///     let _telemetry = ::otel_actix::__private::start(..);
///     main()
/// }
/// ```
///
/// ```text
/// // Input: as written, or as a runtime attribute above ours left it
/// fn main() -> R { BODY }
/// // Output:
/// fn main() -> R {
///     let _telemetry = ::otel_actix::__private::start(..);
///     { BODY }
/// }
/// ```
pub(crate) fn expand(mut function: Function, args: &Args, diagnostics: &mut Diagnostics) -> TokenStream {
    check_server(&function, args, diagnostics);
    let private = args.private(function.name_span());
    if let (true, Some(body)) = (args.app, &mut function.body) {
        body.statements = instrument_servers(std::mem::take(&mut body.statements), &server_name(args), &private);
    }
    let start = start(&function, args);
    if function.sig.asyncness.is_some() && function.attrs.iter().any(|attr| !belongs_to_item(attr)) {
        return around_runtime(function, &start);
    }
    let Some(body) = &function.body else { return function.into_token_stream() };
    let block = body.block();
    function.with_statements(quote!(#start #block))
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
    quote_spanned! {span=>
        let _telemetry = #private::start(#private::Start { service_name: #service_name });
    }
}

fn check_server(function: &Function, args: &Args, diagnostics: &mut Diagnostics) {
    let server = server_name(args);
    if !args.app || builds_server(function, args) {
        if !args.app && !args.init {
            let place = args.place_of(Name::App).unwrap_or_else(|| function.name_span());
            diagnostics.error(
                place,
                "`app = false` and `init = false` leave nothing to do on `fn main`",
                "remove one of the two, or the attribute",
            );
        }
        return;
    }
    let place = args.server.as_ref().map_or_else(|| function.name_span(), syn::Ident::span);
    diagnostics.error(
        place,
        &format!("expected `{server}::new(..)` in the body of `main`, to instrument the server that it starts"),
        "if another function builds the server, put `#[auto_instrument]` on that function, and \
         `#[auto_instrument(app = false)]` on `main`, which then only starts and flushes telemetry; if the server has \
         another name here, write `#[auto_instrument(server = Name)]`",
    );
}

/// A `cfg` that stayed on the inner `main` could take it away from the outer one, which would then call itself.
fn belongs_to_item(attr: &Attribute) -> bool {
    attr.path().is_ident("doc") || attr.path().is_ident("cfg")
}
