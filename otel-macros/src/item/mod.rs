//! The annotated item. Only signatures are parsed; bodies stay tokens, which is several times faster in an unoptimised
//! macro, and lets a half-typed body still expand, so that editors keep their types.

mod container;
mod function;

pub(crate) use container::{Container, Context, Member};
pub(crate) use function::{Body, Function};

use proc_macro2::TokenStream;
use syn::{
    Result, Token,
    parse::{Parse, ParseStream},
};

/// The item below the attribute.
pub(crate) enum Item {
    Function(Box<Function>),
    Container(Container),
}

impl Parse for Item {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        if Function::is_next(input) {
            return input.parse().map(|function| Self::Function(Box::new(function)));
        }
        if Container::is_next(input) {
            return input.parse().map(Self::Container);
        }
        let head = input.fork();
        let _ = head.call(syn::Attribute::parse_outer)?;
        let _: syn::Visibility = head.parse()?;
        let keyword = if head.peek(Token![mod]) { "a file module" } else { "this item" };
        let rest: TokenStream = head.parse()?;
        // Consumes everything; otherwise syn also reports "unexpected token".
        let _: TokenStream = input.parse()?;
        Err(syn::Error::new_spanned(
            rest,
            format!(
                "expected a function, an `impl` block, a `trait` or an inline module: {keyword} cannot be \
                 instrumented\n\nhelp: {}",
                if keyword == "a file module" {
                    "put the attribute on the functions and `impl` blocks inside the file"
                } else {
                    "put the attribute on the functions or `impl` blocks that do the work"
                }
            ),
        ))
    }
}
