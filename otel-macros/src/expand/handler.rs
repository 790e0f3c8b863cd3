//! A handler: it adds to the request's span, or starts one if the app has none.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{FnArg, LitStr, ReturnType, parse_quote_spanned, punctuated::Punctuated};

use super::{Surroundings, body, fields, location::code_location};
use crate::{args::Args, diagnostics::Diagnostics, item::Function, routes, spans::generated};

/// With this many extractors our parameter is merged with the first: `clippy::too_many_arguments` must not fire because
/// of it, and actix-web implements `Handler` for functions with up to 12 extractors.
const MANY_EXTRACTORS: usize = 7;

/// Attributes of apistos and paperclip that need traits of their own on every parameter and on the returned type.
const DESCRIBING: [&str; 2] = ["api_operation", "api_v2_operation"];

/// See [`route_below`], [`in_place`] and [`extractor`].
pub(crate) fn expand(
    function: Function,
    args: &Args,
    place: &Surroundings<'_>,
    diagnostics: &mut Diagnostics,
) -> TokenStream {
    if function.sig.asyncness.is_none() && !function.attrs.iter().any(routes::is_route) {
        diagnostics.error_at(
            &function.sig.fn_token,
            "expected an `async fn`, as handlers are",
            "make the function `async`, or remove `handler` to give it a span of its own",
        );
        return function.into_token_stream();
    }
    if let Some(receiver) = function.sig.receiver() {
        diagnostics.error_at(
            receiver,
            "expected a handler without `self`",
            "actix-web calls handlers with extractors only; remove `handler` to give the method a span of its own",
        );
        return function.into_token_stream();
    }
    let span = Ident::new("__otel_span", generated(function.name_span()));
    let private = args.private(function.name_span());
    let mut record = fields::record(&span, &quote!(RequestSpan), args, &function.sig, diagnostics);
    if !record.is_empty() {
        record = quote_spanned! {generated(function.name_span())=>
            let #span = #private::server_span();
            #record
        };
    }
    if function.attrs.iter().any(routes::is_route) {
        route_below(function, args, place, &record)
    } else if function.attrs.iter().any(is_describing) {
        in_place(function, args, place, &record)
    } else {
        extractor(function, args, place, &record)
    }
}

/// ```text
/// // Input:
/// #[get("/a")]
/// async fn a() -> R { BODY }
/// // Output: a middleware around the route sees extractor failures too
/// #[get("/a", wrap = "::otel_actix::__private::route(CODE_LOCATION)")]
/// async fn a() -> R { BODY }
/// ```
fn route_below(mut function: Function, args: &Args, place: &Surroundings<'_>, record: &TokenStream) -> TokenStream {
    let private = args.private(function.name_span());
    let location = code_location(&function, args, place);
    let middleware = quote!(#private::route(#location)).to_string();
    // actix-web parses the string and gives all of it the span of the literal: `line!()` in there is this line.
    let middleware = LitStr::new(&middleware, function.name_span());
    routes::wrap(&mut function.attrs, &middleware);
    if record.is_empty() {
        return function.into_token_stream();
    }
    let block = function.body.as_ref().map(crate::item::Body::block);
    function.with_statements(quote!(#record #block))
}

fn is_describing(attr: &syn::Attribute) -> bool {
    attr.path().segments.last().is_some_and(|last| DESCRIBING.iter().any(|name| last.ident == name))
}

/// The signature stays as it is. The request's span is found if the app is instrumented; otherwise there is no access
/// to the request.
///
/// ```text
/// // Input:
/// #[api_operation]
/// async fn a(id: web::Path<u32>) -> R { BODY }
/// // Output:
/// #[api_operation]
/// async fn a(id: web::Path<u32>) -> R {
///     RequestSpan::set_code(&server_span(), CODE_LOCATION);
///     BODY
/// }
/// ```
fn in_place(function: Function, args: &Args, place: &Surroundings<'_>, record: &TokenStream) -> TokenStream {
    let span = generated(function.name_span());
    let private = args.private(function.name_span());
    let location = code_location(&function, args, place);
    let block = function.body.as_ref().map(crate::item::Body::block);
    function.with_statements(quote_spanned! {span=>
        #private::RequestSpan::set_code(&#private::server_span(), #location);
        #record
        #block
    })
}

/// ```text
/// // Input: below a route attribute, or with `#[auto_instrument(handler)]`
/// async fn a(id: web::Path<u32>) -> R { BODY }
/// // Output:
/// async fn a(__otel_handler: ::otel_actix::__private::Handler, id: web::Path<u32>) -> ::otel_actix::__private::Responded<R> {
///     return Handler::run(__otel_handler, CODE_LOCATION, async move { BODY }).await;
/// }
/// ```
fn extractor(mut function: Function, args: &Args, place: &Surroundings<'_>, record: &TokenStream) -> TokenStream {
    let span = generated(function.name_span());
    let private = args.private(function.name_span());
    let location = code_location(&function, args, place);
    let block = body::async_block(&mut function, record);

    let handler = Ident::new("__otel_handler", span);
    add_parameter(&mut function, &handler, &private);
    function.sig.output = match &function.sig.output {
        ReturnType::Default => parse_quote_spanned!(span=> -> #private::Responded<()>),
        ReturnType::Type(arrow, ty) => {
            let responded = parse_quote_spanned!(span=> #private::Responded<#ty>);
            ReturnType::Type(*arrow, Box::new(responded))
        }
    };
    function.with_statements(quote_spanned! {span=>
        return #private::Handler::run(#handler, #location, #block).await;
    })
}

/// Puts our parameter first: extractors run in order, and the span has to be there before the first one can fail. If
/// there is no room, the first two share a parameter: a tuple of extractors is one.
fn add_parameter(function: &mut Function, handler: &Ident, private: &TokenStream) {
    let span = generated(function.name_span());
    let mut inputs: Vec<FnArg> = std::mem::take(&mut function.sig.inputs).into_iter().collect();
    // Not with a parameter that a `#[cfg]` may remove, and ours with it.
    let shared = inputs.iter().position(
        |input| matches!(input, FnArg::Typed(typed) if !typed.attrs.iter().any(|attr| attr.path().is_ident("cfg"))),
    );
    let many = inputs.len() >= MANY_EXTRACTORS;
    match shared.and_then(|at| inputs.get_mut(at)).filter(|_| many) {
        Some(FnArg::Typed(typed)) => {
            let (pat, ty) = (&typed.pat, &typed.ty);
            typed.pat = parse_quote_spanned!(span=> (#handler, #pat));
            typed.ty = parse_quote_spanned!(span=> (#private::Handler, #ty));
        }
        _ => inputs.insert(0, parse_quote_spanned!(span=> #handler: #private::Handler)),
    }
    function.sig.inputs = inputs.into_iter().collect::<Punctuated<_, _>>();
}
