//! `HttpServer::new(..)`, at any depth.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::quote_spanned;

use super::{arguments::is_single, groups::replace_groups, path::segments_before};
use crate::spans::generated;

/// Returns `true` if the tokens build a server.
pub(crate) fn contains_server(tokens: &TokenStream, server: &str) -> bool {
    let tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
    tokens.iter().enumerate().any(|(at, token)| match token {
        TokenTree::Group(group) => is_new(&tokens, at, group, server) || contains_server(&group.stream(), server),
        _ => false,
    })
}

/// Adds the telemetry layer to every app that a server builds.
///
/// ```text
/// // Input:
/// HttpServer::new(FACTORY)
/// // Output:
/// HttpServer::new({
///     let __otel_factory = ::otel_actix::__private::factory(FACTORY);
///     move || {
///         use ::otel_actix::__private::{MadeApp as _, MadeOther as _, MadeService as _};
///         let __otel_app = ::otel_actix::__private::Factory::make(&__otel_factory);
///         let __otel_kind = (&&&::otel_actix::__private::Made(&__otel_app)).__otel_kind();
///         __otel_kind.instrument(__otel_app)
///     }
/// })
/// ```
///
/// A function that takes and returns the factory is impossible: `-> impl Fn() -> App<impl ..>` is E0562 on stable.
pub(crate) fn instrument_servers(tokens: TokenStream, server: &str, private: &TokenStream) -> TokenStream {
    instrumented(&tokens, server, private).unwrap_or(tokens)
}

fn instrumented(tokens: &TokenStream, server: &str, private: &TokenStream) -> Option<TokenStream> {
    replace_groups(tokens, |tokens, at, group| {
        if !is_new(tokens, at, group, server) {
            return instrumented(&group.stream(), server, private);
        }
        let factory = group.stream();
        let span = generated(group.span());
        Some(quote_spanned! {span=> {
            let __otel_factory = #private::factory(#factory);
            move || {
                use #private::{MadeApp as _, MadeOther as _, MadeService as _};
                let __otel_app = #private::Factory::make(&__otel_factory);
                let __otel_kind = (&&&#private::Made(&__otel_app)).__otel_kind();
                __otel_kind.instrument(__otel_app)
            }
        }})
    })
}

/// Returns `true` if `group` is the argument list of `HttpServer::new(..)`. A `new` that takes another number of arguments
/// belongs to another `HttpServer`.
fn is_new(tokens: &[TokenTree], at: usize, group: &Group, server: &str) -> bool {
    match segments_before::<2>(tokens, at) {
        [Some(function), Some(ty)] if function == "new" && ty == server => {
            group.delimiter() == Delimiter::Parenthesis && is_single(&group.stream())
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use proc_macro2::TokenStream;
    use quote::quote;

    use super::*;

    fn finds(tokens: &TokenStream) -> bool {
        contains_server(tokens, "HttpServer")
    }

    #[test]
    fn finds_servers_by_any_path_at_any_depth() {
        assert!(finds(&quote!(HttpServer::new(f))));
        assert!(finds(&quote!(actix_web::HttpServer::new(|| App::new()).bind(a)?.run().await)));
        assert!(finds(&quote!(HttpServer::<_, _, _, fn() -> Vec<u8>>::new(f))));
        assert!(finds(&quote!(System::new().block_on(async move { HttpServer::new(f).run().await }))));
        assert!(finds(&quote!(build_server!(addr => HttpServer::new(f)))));
    }

    #[test]
    fn other_things_called_new_are_left_alone() {
        assert!(!finds(&quote!(HttpServer::new)));
        assert!(!finds(&quote!(App::new())));
        assert!(!finds(&quote!(HttpServer::new())));
        assert!(!finds(&quote!(HttpServer::new(port, backlog))));
        assert!(finds(&quote!(HttpServer::new(make::<A, B>,))));
        assert!(!finds(&quote!(MyHttpServer::new(f))));
        assert!(!finds(&quote!(HttpServer.new(f))));
        assert!(!finds(&quote!("HttpServer::new(f)")));
    }

    #[test]
    fn every_server_is_replaced_once() {
        let tokens = quote!(let a = HttpServer::new(f); join!(a, Other::HttpServer::new(move || g(1))));
        let output = instrument_servers(tokens, "HttpServer", &quote!(p)).to_string();
        assert_eq!(output.matches("p :: factory (").count(), 2, "{output}");
        assert!(output.contains("p :: factory (move || g (1))"), "{output}");
    }
}
