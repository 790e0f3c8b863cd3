//! The `#[auto_instrument]` attribute of `otel-actix`. Import it from there: the generated code names items of that
//! crate, and its documentation shows every kind of target with its expansion.
//!
//! Tokens in, tokens out: of telemetry, this crate knows only the names in `otel_actix::__private`.
//!
//! | step | module |
//! |---|---|
//! | the arguments in the parentheses | `args` |
//! | the annotated item, signatures only: bodies stay tokens | `item` |
//! | the kind of a function | `classify`, `signature`, `returns`, `bindings` |
//! | the new item | `expand` |
//! | calls inside bodies | `tokens` |
//! | all errors at once | `diagnostics` |

mod args;
mod bindings;
mod classify;
#[cfg(test)]
mod contract;
mod debug;
mod diagnostics;
mod expand;
#[cfg(test)]
mod golden;
mod item;
#[cfg(test)]
mod private_names;
mod returns;
mod routes;
mod signature;
mod source;
mod spans;
mod tokens;
mod versions;

use proc_macro::TokenStream;

/// Instruments the annotated item. Documented on its re-export, `otel_actix::auto_instrument`.
#[proc_macro_attribute]
pub fn auto_instrument(args: TokenStream, item: TokenStream) -> TokenStream {
    let surrounding = source::surrounding(proc_macro::Span::call_site());
    let item = proc_macro2::TokenStream::from(item);
    let expansion = expand::auto_instrument(args.into(), &item, &surrounding);
    debug::show(&expansion);
    expansion.into()
}
