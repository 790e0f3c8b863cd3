//! The route attributes of actix-web.

use proc_macro2::{TokenStream, TokenTree};
use quote::{quote, quote_spanned};
use syn::{Attribute, LitStr, Meta};

use crate::spans::generated;

/// Attributes that make a handler out of an `async fn`, and its name a struct.
const ROUTES: [&str; 12] =
    ["get", "post", "put", "delete", "head", "connect", "options", "trace", "patch", "query", "route", "routes"];

/// Returns `true` if an attribute whose path ends in `name` is a route attribute.
pub(crate) fn is_route_name(name: &str) -> bool {
    ROUTES.contains(&name)
}

/// Returns `true` for a route attribute: `#[get("/")]`, `#[actix_web::route("/", ..)]`, `#[routes]`.
pub(crate) fn is_route(attr: &Attribute) -> bool {
    let Some(last) = attr.path().segments.last() else { return false };
    match &attr.meta {
        Meta::Path(_) => last.ident == "routes",
        // Other crates have a `#[trace(..)]` too, but none with a path pattern as the first argument.
        Meta::List(meta) => is_route_name(&last.ident.to_string()) && starts_with_string(&meta.tokens),
        Meta::NameValue(_) => false,
    }
}

/// Adds `wrap = "middleware"` to each route attribute, after the user's own: the last one is the outermost.
pub(crate) fn wrap(attrs: &mut [Attribute], middleware: &LitStr) {
    for attr in attrs.iter_mut().filter(|attr| is_route(attr)) {
        if let Meta::List(list) = &mut attr.meta {
            let comma = (!ends_with_comma(&list.tokens)).then(|| quote!(,));
            let given = &list.tokens;
            let wrap = quote_spanned!(generated(middleware.span())=> wrap = #middleware);
            list.tokens = quote!(#given #comma #wrap);
        }
    }
}

fn starts_with_string(tokens: &TokenStream) -> bool {
    fn is_string(token: Option<TokenTree>) -> bool {
        match token {
            Some(TokenTree::Literal(literal)) => syn::parse_str::<LitStr>(&literal.to_string()).is_ok(),
            // `#[get($path)]` in a macro
            Some(TokenTree::Group(group)) => is_string(group.stream().into_iter().next()),
            _ => false,
        }
    }
    is_string(tokens.clone().into_iter().next())
}

fn ends_with_comma(tokens: &TokenStream) -> bool {
    matches!(tokens.clone().into_iter().last(), Some(TokenTree::Punct(punct)) if punct.as_char() == ',')
}

#[cfg(test)]
mod tests {
    use proc_macro2::Span;
    use quote::ToTokens;
    use syn::parse_quote;

    use super::*;

    fn wrapped(attr: Attribute) -> String {
        let mut attrs = [attr];
        wrap(&mut attrs, &LitStr::new("M", Span::call_site()));
        attrs[0].to_token_stream().to_string()
    }

    #[test]
    fn wraps_every_route_attribute_after_what_is_there() {
        assert_eq!(wrapped(parse_quote!(#[get("/a")])), r#"# [get ("/a" , wrap = "M")]"#);
        assert_eq!(wrapped(parse_quote!(#[actix_web::get("/a",)])), r#"# [actix_web :: get ("/a" , wrap = "M")]"#);
        assert_eq!(
            wrapped(parse_quote!(#[route("/a", method = "GET", wrap = "Own")])),
            r#"# [route ("/a" , method = "GET" , wrap = "Own" , wrap = "M")]"#
        );
    }

    #[test]
    fn leaves_other_attributes_alone() {
        assert_eq!(wrapped(parse_quote!(#[routes])), "# [routes]");
        assert_eq!(wrapped(parse_quote!(#[trace(level = "info")])), r#"# [trace (level = "info")]"#);
        assert_eq!(wrapped(parse_quote!(#[doc = "get"])), r#"# [doc = "get"]"#);
    }
}
