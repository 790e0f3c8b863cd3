//! A function that returns an `App`: the finished app is wrapped, so that telemetry is the outermost layer.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote_spanned};
use syn::ReturnType;

use super::body;
use crate::{args::Args, diagnostics::Diagnostics, item::Function, signature, spans::generated};

/// ```text
/// // Input:
/// fn app() -> App<impl ServiceFactory<..>> { BODY }
/// // Output: a closure, for the sake of `return` in BODY
/// fn app() -> App<impl ServiceFactory<..>> {
///     let __otel_app = call(move || -> App<_> { BODY });
///     return WholeApp::instrument(WholeApp(__otel_app));
/// }
/// ```
pub(crate) fn expand(mut function: Function, args: &Args, diagnostics: &mut Diagnostics) -> TokenStream {
    let ReturnType::Type(_, ty) = &function.sig.output else { return function.into_token_stream() };
    if !signature::has_impl_trait(ty) {
        diagnostics.error_at(
            ty,
            "expected an `App<impl ServiceFactory<..>>`: instrumenting an app changes its type parameter",
            "return `App<impl ServiceFactory<ServiceRequest, Config = (), Response = ServiceResponse, Error = Error, \
             InitError = ()>>`, or put the attribute on the function that calls `HttpServer::new(..)`\n\
             write `#[auto_instrument(app = false)]` for a span of the function alone",
        );
        return function.into_token_stream();
    }
    let span = generated(function.name_span());
    let private = args.private(function.name_span());
    let statements = if function.sig.asyncness.is_some() {
        let block = body::async_block(&mut function, &TokenStream::new());
        quote_spanned! {span=>
            let __otel_app = #block;
            return #private::WholeApp::instrument(#private::WholeApp(__otel_app.await));
        }
    } else {
        let closure = body::moving_closure(&mut function);
        quote_spanned! {span=>
            let __otel_app = #private::call(#closure);
            return #private::WholeApp::instrument(#private::WholeApp(__otel_app));
        }
    };
    function.with_statements(statements)
}
