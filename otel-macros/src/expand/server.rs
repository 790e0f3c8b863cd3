//! A function that builds servers: the usual `fn run(listener) -> io::Result<Server>`.

use proc_macro2::TokenStream;
use quote::ToTokens;

use crate::{args::Args, classify::server_name, item::Function, tokens::instrument_servers};

/// Only the arguments of `HttpServer::new(..)` change. The function gets no span of its own: it usually returns before
/// the first request, or never.
pub(crate) fn expand(mut function: Function, args: &Args) -> TokenStream {
    let private = args.private(function.name_span());
    if let (true, Some(body)) = (args.app, &mut function.body) {
        body.statements = instrument_servers(std::mem::take(&mut body.statements), &server_name(args), &private);
    }
    function.into_token_stream()
}
