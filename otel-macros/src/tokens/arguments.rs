//! The arguments of a call.

use proc_macro2::TokenStream;
use syn::{
    Expr,
    parse::{ParseStream, Parser as _},
};

use super::path::is_punct;

/// The first argument, and the others with the comma in front of them; `None` if the tokens are no expressions.
///
/// Only a parser can find the comma that ends an argument: `-> Result<A, B> { .. }` and `f::<A, B>()` contain others.
pub(super) fn first_argument(arguments: TokenStream) -> Option<(TokenStream, TokenStream)> {
    if !arguments.clone().into_iter().any(|token| is_punct(&token, ',')) {
        return Some((arguments, TokenStream::new()));
    }
    let rest_of = |input: ParseStream<'_>| {
        input.parse::<Expr>()?;
        input.parse::<TokenStream>()
    };
    let rest = rest_of.parse2(arguments.clone()).ok()?;
    if rest.clone().into_iter().next().is_some_and(|token| !is_punct(&token, ',')) {
        return None;
    }
    let length = arguments.clone().into_iter().count() - rest.clone().into_iter().count();
    Some((arguments.into_iter().take(length).collect(), rest))
}

/// Returns `true` if there is exactly one argument. Tokens that are no expressions count as one: the compiler reports them.
pub(super) fn is_single(arguments: &TokenStream) -> bool {
    !arguments.is_empty() && first_argument(arguments.clone()).is_none_or(|(_, rest)| rest.into_iter().count() <= 1)
}
